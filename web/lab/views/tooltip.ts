import { htmlElement, htmlMarked } from './html-element.ts';

export interface TooltipLine {
  /** HTML. */
  label: string;
  text: string;
  /** A CSS colour; none for a line without a swatch. */
  colour?: string;
}

/** Values at the pointer or at the keyboard's place, read out politely where they change. */
export class Tooltip {
  readonly element = htmlElement('div', 'tooltip');

  constructor() {
    this.element.setAttribute('role', 'status');
    this.element.setAttribute('aria-live', 'polite');
    this.element.hidden = true;
  }

  /** At a place in pixels of the box it stands in, on the side where there is room. */
  show(at: { x: number; y: number }, title: string, lines: readonly TooltipLine[]): void {
    this.element.replaceChildren(
      htmlMarked('div', 'tooltip-title', title),
      ...lines.map(({ label, text, colour }) => {
        const name = htmlMarked('span', 'tooltip-label', label);
        if (colour) {
          const swatch = htmlElement('span', 'tooltip-swatch');
          swatch.style.background = colour;
          name.prepend(swatch);
        }
        return htmlElement('div', 'tooltip-line', name, ' ', htmlElement('span', 'tooltip-value', text));
      }),
    );
    this.element.hidden = false;
    const box = this.element.parentElement;
    if (!box) return;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = at.x + 14 + width <= box.clientWidth ? at.x + 14 : at.x - 14 - width;
    const top = Math.min(at.y, box.clientHeight - height);
    this.element.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(Math.max(0, top))}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
