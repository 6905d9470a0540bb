import { notationToHtml } from '../figures/notation.ts';
import type { Draft } from './edit.ts';
import type { CheckField, ChoiceField } from './fields.ts';

/** One of several: a list, or buttons side by side; the hint follows the choice. */
export class ChoiceControl {
  readonly element: HTMLElement;
  readonly field: ChoiceField;
  readonly #hint: HTMLElement;
  readonly #problem: HTMLElement;

  constructor(field: ChoiceField, changed: (value: string) => void) {
    this.field = field;
    const id = `field-${field.path.replaceAll('.', '-')}`;
    this.element = document.createElement(field.row ? 'fieldset' : 'div');
    this.element.className = `field choice${field.row ? ' row' : ''}`;
    const name = field.row ? `<legend>${field.label}</legend>` : `<label for="${id}">${field.label}</label>`;
    this.element.innerHTML = `
      ${name}
      <span class="hint" id="${id}-hint"></span>
      ${field.row ? buttons(field, id) : `<select id="${id}" aria-describedby="${id}-hint">${list(field)}</select>`}
      <p class="problem" hidden></p>`;
    this.#hint = this.element.querySelector('.hint')!;
    this.#problem = this.element.querySelector('.problem')!;
    this.element.addEventListener('change', (event) => {
      const { value } = event.target as HTMLInputElement | HTMLSelectElement;
      this.#describe(value);
      changed(value);
    });
  }

  show(draft: Draft): void {
    const value = this.field.read(draft);
    const select = this.element.querySelector('select');
    if (select) {
      select.value = value;
      // What only files can bring is offered where they did.
      for (const option of select.options)
        option.hidden = option.disabled = fromFiles(option.value) && value !== option.value;
    } else {
      for (const input of this.element.querySelectorAll('input')) input.checked = input.value === value;
    }
    this.#describe(value);
  }

  complain(problem: string | null): void {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem;
  }

  #describe(value: string): void {
    const chosen = this.field.options.find((option) => option.value === value);
    this.#hint.innerHTML = notationToHtml(chosen?.hint ?? '');
  }
}

/** Yes or no. */
export class CheckControl {
  readonly element = document.createElement('div');
  readonly field: CheckField;
  readonly #input: HTMLInputElement;
  readonly #problem: HTMLElement;

  constructor(field: CheckField, changed: (value: boolean) => void) {
    this.field = field;
    this.element.className = 'field check';
    this.element.innerHTML = `
      <label><input type="checkbox" /> ${field.label}</label>
      <span class="hint">${field.hint}</span>
      <p class="problem" hidden></p>`;
    this.#input = this.element.querySelector('input')!;
    this.#problem = this.element.querySelector('.problem')!;
    this.#input.addEventListener('change', () => changed(this.#input.checked));
  }

  show(draft: Draft): void {
    this.#input.checked = this.field.read(draft);
  }

  complain(problem: string | null): void {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem;
  }
}

const fromFiles = (value: string): boolean => ['npy', 'files', 'labels'].includes(value);

const buttons = ({ options }: ChoiceField, id: string): string =>
  `<div class="segments">${options
    .map(
      ({ value, label }) =>
        `<label><input type="radio" name="${id}" value="${value}" aria-describedby="${id}-hint" /><span>${label}</span></label>`,
    )
    .join('')}</div>`;

function list({ options }: ChoiceField): string {
  const markup = (of: readonly ChoiceField['options'][number][]): string =>
    of.map(({ value, label }) => `<option value="${value}">${label}</option>`).join('');
  const groups = [...new Set(options.flatMap(({ group }) => (group ? [group] : [])))];
  return (
    markup(options.filter(({ group }) => !group)) +
    groups
      .map(
        (group) =>
          `<optgroup label="${group}">${markup(options.filter((option) => option.group === group))}</optgroup>`,
      )
      .join('')
  );
}
