import { notationToHtml, notationToText } from '../figures/notation.ts';
import type { NumberField } from './fields.ts';
import type { Draft } from './edit.ts';

const notches = 400;

/** A number to type, beside a slider over the usual range; both say what they are to a screen reader. */
export class NumberControl {
  readonly element = document.createElement('div');
  readonly field: NumberField;
  readonly #number: HTMLInputElement;
  readonly #slider: HTMLInputElement;
  readonly #problem: HTMLElement;

  constructor(field: NumberField, changed: (value: number) => void) {
    this.field = field;
    const id = `field-${field.path.replaceAll('.', '-')}`;
    const symbol = field.symbol ? ` ${notationToHtml(`*${field.symbol}*`)}` : '';
    this.element.className = `field number${field.half ? ' half' : ''}`;
    if (field.half) this.element.title = notationToText(field.hint);
    this.element.innerHTML = `
      <label for="${id}">${field.label}${symbol}</label>
      <span class="hint" id="${id}-hint">${notationToHtml(field.hint)}</span>
      <input type="range" min="0" max="${notches}" step="1" aria-label="${field.label}" />
      <input type="number" id="${id}" step="any" autocomplete="off" aria-describedby="${id}-hint ${id}-problem" />
      <p class="problem" id="${id}-problem" hidden></p>`;
    this.#slider = this.element.querySelector('[type=range]')!;
    this.#number = this.element.querySelector('[type=number]')!;
    this.#problem = this.element.querySelector('.problem')!;
    this.#number.inputMode = 'decimal';
    this.#slider.addEventListener('input', () => {
      const value = this.#valueAt(Number(this.#slider.value));
      this.#number.value = String(value);
      this.#slider.setAttribute('aria-valuetext', String(value));
      changed(value);
    });
    this.#number.addEventListener('input', () => {
      // An empty field is a number that is missing, which parseSpec says better than we could.
      const value = this.#number.value === '' ? Number.NaN : Number(this.#number.value);
      this.#slide(value);
      changed(value);
    });
  }

  show(draft: Draft): void {
    const value = this.field.read(draft);
    // What is being typed stays as it is typed.
    if (document.activeElement !== this.#number || Number(this.#number.value) !== value) {
      this.#number.value = value === undefined || Number.isNaN(value) ? '' : String(value);
    }
    if (value !== undefined && document.activeElement !== this.#slider) this.#slide(value);
  }

  complain(problem: string | null): void {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem;
    if (problem === null) this.#number.removeAttribute('aria-invalid');
    else this.#number.setAttribute('aria-invalid', 'true');
  }

  #slide(value: number): void {
    const { range, scale } = this.field;
    const at = (x: number): number => (scale === 'log' ? Math.log(x) : x);
    const share = (at(value) - at(range[0])) / (at(range[1]) - at(range[0]));
    if (Number.isFinite(share)) this.#slider.value = String(Math.round(notches * share));
    this.#slider.setAttribute('aria-valuetext', String(value));
    this.#slider.style.setProperty('--share', String(Math.min(1, Math.max(0, share || 0))));
  }

  /** Two significant digits, and what the field takes. */
  #valueAt(notch: number): number {
    const { range, scale, multiple } = this.field;
    const share = notch / notches;
    this.#slider.style.setProperty('--share', String(share));
    const exact =
      scale === 'log' ? range[0] * (range[1] / range[0]) ** share : range[0] + share * (range[1] - range[0]);
    const round = Number(exact.toPrecision(2));
    if (multiple) return Math.max(range[0], multiple * Math.round(round / multiple));
    return scale === 'linear' ? Number(exact.toFixed(2)) : round;
  }
}
