import type { Look } from '../../figures/charts/chart.ts';
import { inPage } from '../../figures/palette.ts';
import { svgElement } from '../../figures/svg.ts';
import type { DrawnCurve } from './growing-curve.ts';

/**
 * The lines of curves in a chart. They stay from drawing to drawing, so that only what has changed is laid out anew; what
 * comes after a cursor is shown by a paler copy of all.
 */
export class CurveLines {
  readonly element: SVGGElement;
  readonly #group = svgElement('g', {});
  readonly #lines: Line[] = [];
  #fading: Fading | null = null;

  constructor(className: string) {
    this.element = svgElement('g', { class: className });
    this.element.append(this.#group);
  }

  draw(curves: readonly { look: Look; drawn: DrawnCurve }[]): void {
    while (this.#lines.length > curves.length) this.#lines.pop()!.element.remove();
    for (const [k, { look, drawn }] of curves.entries()) {
      const line = (this.#lines[k] ??= new Line(this.#group));
      line.draw(look, drawn);
    }
  }

  /** What lies right of `at`, in pixels of a chart of this size, is paler; null: nothing is. */
  fadeAfter(at: number | null, size: { width: number; height: number }): void {
    if (at === null) this.#fading?.end();
    else (this.#fading ??= new Fading(this.element, this.#group)).begin(at, size);
  }
}

/** As attributes: what a copy of the line looks like is no affair of rules for what surrounds the line. */
const lineAttributes = {
  fill: 'none',
  'stroke-linejoin': 'round',
  // The vertical axis is a transform of the curve.
  'vector-effect': 'non-scaling-stroke',
};

class Line {
  readonly element = svgElement('g', { class: 'curve' });
  readonly #settled = svgElement('path', lineAttributes);
  readonly #end = svgElement('path', lineAttributes);
  readonly #set = new Map<string, string>();

  constructor(parent: SVGGElement) {
    this.element.append(this.#settled, this.#end);
    parent.append(this.element);
  }

  draw({ colour, width, opacity = 1, dash }: Look, { settled, end, transform }: DrawnCurve): void {
    const style = [
      `stroke:${inPage(colour)}`,
      `stroke-width:${width}`,
      `opacity:${opacity}`,
      ...(dash ? [`stroke-dasharray:${dash}`] : ['stroke-linecap:round']),
    ];
    this.#change(this.element, 'style', style.join(';'));
    this.#change(this.element, 'transform', transform);
    this.#change(this.#settled, 'd', settled);
    this.#change(this.#end, 'd', end, 'end');
  }

  #change(element: SVGElement, attribute: string, value: string, key = attribute): void {
    if (this.#set.get(key) === value) return;
    this.#set.set(key, value);
    element.setAttribute(attribute, value);
  }
}

/** Cuts lines at a place, and shows a paler copy of them behind it. */
class Fading {
  readonly #until = new Clip();
  readonly #after = new Clip();
  readonly #strong = svgElement('g', {});
  readonly #faded: SVGUseElement;

  constructor(element: SVGGElement, lines: SVGGElement) {
    lines.id = newId('lines');
    this.#faded = svgElement('use', { class: 'faded', href: `#${lines.id}`, 'clip-path': this.#after.url });
    // What is cut must not be what is copied, or the copy would be cut, too.
    this.#strong.append(lines);
    element.append(this.#until.element, this.#after.element, this.#strong);
  }

  begin(at: number, { width, height }: { width: number; height: number }): void {
    this.#until.set(0, at, height);
    this.#after.set(at, width, height);
    this.#strong.setAttribute('clip-path', this.#until.url);
    if (!this.#faded.parentNode) this.#strong.before(this.#faded);
  }

  end(): void {
    this.#faded.remove();
    this.#strong.removeAttribute('clip-path');
  }
}

/** What can be seen from one place along x to another. */
class Clip {
  readonly element = svgElement('clipPath', { id: newId('clip') });
  readonly #rect = svgElement('rect', { y: 0 });

  constructor() {
    this.element.append(this.#rect);
  }

  get url(): string {
    return `url(#${this.element.id})`;
  }

  set(from: number, to: number, height: number): void {
    const sides = { x: from, width: Math.max(0, to - from), height };
    for (const [side, value] of Object.entries(sides)) this.#rect.setAttribute(side, String(value));
  }
}

let ids = 0;

/** An id that nothing else in the document has. */
function newId(what: string): string {
  return `${what}-${++ids}`;
}
