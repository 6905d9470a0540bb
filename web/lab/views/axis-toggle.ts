import type { AxisChoice, AxisType } from './axis-choice.ts';
import { htmlElement } from './html-element.ts';

/** A small switch between the logarithmic and the linear axis. */
export class AxisToggle {
  readonly element: HTMLButtonElement;

  constructor(choice: AxisChoice, letter: string, name: string) {
    this.element = htmlElement('button', 'axis-toggle', 'log ', htmlElement('i', '', letter));
    this.element.type = 'button';
    this.element.title = `Logarithmic ${name}`;
    this.element.addEventListener('click', () =>
      choice.choose(this.element.getAttribute('aria-pressed') === 'true' ? 'linear' : 'log'),
    );
  }

  /** What the axis is at present, chosen or not. */
  show(type: AxisType): void {
    this.element.setAttribute('aria-pressed', String(type === 'log'));
  }
}
