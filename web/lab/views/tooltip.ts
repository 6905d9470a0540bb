import { htmlElement, htmlMarked } from './html-element.ts';

export interface TooltipLine {
  /** HTML. */
  label: string;
  /** A value, or one for each column. */
  text: string | readonly string[];
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

  /** At a place in pixels of the box it stands in, on the side where there is room; `heads` name the columns. */
  show(
    at: { x: number; y: number },
    title: string,
    lines: readonly TooltipLine[],
    heads: readonly string[] = [],
  ): void {
    const columns = heads.length || 1;
    this.element.style.gridTemplateColumns = `1fr repeat(${columns}, auto)`;
    const name = htmlMarked('span', 'tooltip-title', title);
    if (heads.length === 0) name.style.gridColumn = '1 / -1';
    this.element.replaceChildren(
      name,
      ...heads.map((head) => htmlElement('span', 'tooltip-head', head)),
      ...lines.flatMap(({ label, text, colour }) => {
        const name = htmlMarked('span', 'tooltip-label', label);
        if (colour) {
          const swatch = htmlElement('span', 'tooltip-swatch');
          swatch.style.background = colour;
          name.prepend(swatch);
        }
        const values = typeof text === 'string' ? [text] : text;
        return [name, ...values.map((value) => htmlElement('span', 'tooltip-value', value))];
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
