import { notationToHtml, notationToText } from '../figures/notation.ts';
import type { NumberField } from './fields.ts';
import type { Draft } from './edit.ts';

const notches = 400;
/** Beside another one there is room for so many digits. */
const mostBeside = 5;

/** As people write numbers: .5, 5., 1e-3, and the minus sign of a typeset text. */
const numberAsTyped = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a field holds; NaN where it holds none. */
function numberOf(typed: string): number {
  const text = typed.trim().replace('−', '-');
  return numberAsTyped.test(text) ? Number(text) : Number.NaN;
}

/**
 * A number to type, beside a slider over the usual range; both say what they are to a screen reader. The field is one of text:
 * those for numbers hide what is half typed, and read a comma as the visitor's system has it.
 */
export class NumberControl {
  readonly element = document.createElement('div');
  readonly field: NumberField;
  /** What is wrong with what is typed, which is then no value to try; null for nothing. */
  problem: string | null = null;
  readonly #number: HTMLInputElement;
  readonly #slider: HTMLInputElement;
  readonly #problem: HTMLElement;

  /** `write` puts a value into the experiment, and returns whether that took it; `changed` is called after every change. */
  constructor(
    field: NumberField,
    { write, changed }: { write: (value: number) => boolean; changed: () => void },
  ) {
    this.field = field;
    const id = `field-${field.path.replaceAll('.', '-')}`;
    const symbol = field.symbol ? ` ${notationToHtml(`*${field.symbol}*`)}` : '';
    this.element.className = `field number${field.half ? ' half' : ''}`;
    this.element.title = notationToText(field.hint);
    // Keyboards of phones that are for decimals have no minus.
    const keyboard = field.range[0] < 0 ? 'text' : 'decimal';
    this.element.innerHTML = `
      <label for="${id}">${field.label}${symbol}</label>
      <span class="hint" id="${id}-hint">${notationToHtml(field.hint)}</span>
      <input type="range" min="0" max="${notches}" step="1" aria-label="${field.label}" />
      <input type="text" size="1" id="${id}" inputmode="${keyboard}" autocomplete="off" spellcheck="false" maxlength="40" aria-describedby="${id}-hint ${id}-problem" />
      <p class="problem" id="${id}-problem" hidden></p>`;
    this.#slider = this.element.querySelector('[type=range]')!;
    this.#number = this.element.querySelector('[type=text]')!;
    this.#problem = this.element.querySelector('.problem')!;
    this.#slider.addEventListener('input', () => {
      const value = this.#valueAt(Number(this.#slider.value));
      this.#write(String(value));
      this.#slider.setAttribute('aria-valuetext', String(value));
      this.problem = null;
      write(value);
      changed();
    });
    this.#number.addEventListener('input', () => {
      const value = numberOf(this.#number.value);
      this.#write(this.#number.value);
      this.#slide(value);
      this.problem = this.#wrongWith(value);
      if (this.problem === null && !write(value)) {
        this.problem = `${field.label} is ${value}, which no network here can have.`;
      }
      changed();
    });
  }

  /** Shows the experiment's value; what is typed stays as it is typed while it is that value, or none. */
  show(draft: Draft): void {
    if (this.problem !== null) return;
    const value = this.field.read(draft);
    if (value !== undefined && numberOf(this.#number.value) !== value) this.#write(String(value));
    if (value !== undefined && document.activeElement !== this.#slider) this.#slide(value);
  }

  /** Forgets what was typed: another experiment is on the screen. */
  clear(): void {
    this.problem = null;
  }

  complain(problem: string | null): void {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem;
    if (problem === null) this.#number.removeAttribute('aria-invalid');
    else this.#number.setAttribute('aria-invalid', 'true');
  }

  #wrongWith(value: number): string | null {
    if (Number.isFinite(value)) return null;
    const { label } = this.field;
    const typed = this.#number.value.trim();
    if (!Number.isNaN(value)) return `${label} is “${typed}”, which is larger than any number here.`;
    return typed === ''
      ? `${label} is missing; it must be a number.`
      : `${label} is “${typed}”, which is not a number; decimals have a point, thousands no sign.`;
  }

  /** The field is as wide as what it holds, so that no digit is hidden. */
  #write(text: string): void {
    if (this.#number.value !== text) this.#number.value = text;
    this.#number.style.setProperty('--characters', String(text.length));
    this.element.classList.toggle('long', text.length > mostBeside);
  }

  #slide(value: number): void {
    if (!Number.isFinite(value)) return;
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
