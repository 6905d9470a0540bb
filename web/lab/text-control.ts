import type { Draft } from './edit.ts';
import type { TextField } from './fields.ts';

/** A line of text. */
export class TextControl {
  readonly element = document.createElement('div');
  readonly field: TextField;
  readonly #input: HTMLInputElement;
  readonly #problem: HTMLElement;

  constructor(field: TextField, changed: (value: string) => void) {
    this.field = field;
    const id = `text-${field.path.replaceAll('.', '-')}`;
    this.element.className = 'field choice';
    this.element.innerHTML = `
      <label for="${id}">${field.label}</label>
      <span class="hint" id="${id}-hint">${field.hint}</span>
      <input id="${id}" type="text" spellcheck="false" autocomplete="off" maxlength="1000" aria-describedby="${id}-hint" />
      <p class="problem" hidden></p>`;
    this.#input = this.element.querySelector('input')!;
    this.#problem = this.element.querySelector('.problem')!;
    this.#input.addEventListener('input', () => changed(this.#input.value));
  }

  show(draft: Draft): void {
    const value = this.field.read(draft);
    // Where it is being written, the caret stays.
    if (this.#input.value !== value) this.#input.value = value;
  }

  complain(problem: string | null): void {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem;
  }
}
