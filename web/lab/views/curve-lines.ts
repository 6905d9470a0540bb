import { svgElement } from '../../figures/svg.ts';
import type { DrawnCurve } from './growing-curve.ts';

/** How a curve is drawn. */
export interface CurveLook {
  colour: string;
  width: number;
  opacity?: number | undefined;
  dash?: string | undefined;
}

/** The lines of curves in a chart. They stay from drawing to drawing, so that only what has changed is laid out anew. */
export class CurveLines {
  readonly element: SVGGElement;
  readonly #lines: Line[] = [];

  constructor(className: string) {
    this.element = svgElement('g', { class: className });
  }

  draw(curves: readonly { look: CurveLook; drawn: DrawnCurve }[]): void {
    while (this.#lines.length > curves.length) this.#lines.pop()!.element.remove();
    for (const [k, { look, drawn }] of curves.entries()) {
      const line = (this.#lines[k] ??= new Line(this.element));
      line.draw(look, drawn);
    }
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

  draw({ colour, width, opacity = 1, dash }: CurveLook, { settled, end, transform }: DrawnCurve): void {
    const strokes = dash ? `butt;stroke-dasharray:${dash}` : 'round';
    const style = `stroke:${colour};stroke-width:${width};opacity:${opacity};stroke-linecap:${strokes}`;
    this.#change(this.element, 'style', style);
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
