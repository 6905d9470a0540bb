import { widthOf } from './letter-widths.ts';
import { setNotation } from './notation.ts';
import { palette } from './palette.ts';
import { sheet } from './sheet.ts';

/** Font size of a figure's labels. */
export const labelSize = 12.5;

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[Name] {
  const element = sheet().createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === 'number' ? String(Number(value.toFixed(2))) : value);
  }
  return element;
}

/** A label in markup, with a halo of paper where it stands on the plot. */
export function drawText(
  svg: SVGSVGElement,
  markup: string,
  options: {
    x: number;
    y: number;
    anchor?: 'start' | 'middle' | 'end';
    size?: number;
    fill?: string;
    halo?: boolean;
    bold?: boolean;
    /** Pixels that it takes in any font, where it is letters alone: of a wider one than was reckoned with it would run into what is next. */
    width?: number;
  },
): void {
  const { x, y, anchor = 'start', size = labelSize, fill = palette.ink.light, halo, bold, width } = options;
  const text = svgElement('text', { x, y, 'text-anchor': anchor, 'font-size': size, fill });
  if (bold) text.setAttribute('font-weight', 'bold');
  setNotation(text, markup, size);
  if (width !== undefined && !/[*_^]/.test(markup)) text.setAttribute('textLength', width.toFixed(2));
  if (halo) {
    // A second text beneath: a stroke on the text itself would cover the letters of the <tspan> before.
    const beneath = text.cloneNode(true) as SVGTextElement;
    const stroke = { stroke: palette.paper.light, 'stroke-width': 4, 'stroke-linejoin': 'round' };
    for (const [key, value] of Object.entries(stroke)) beneath.setAttribute(key, String(value));
    beneath.setAttribute('fill', palette.paper.light);
    beneath.setAttribute('aria-hidden', 'true');
    svg.append(beneath);
  }
  svg.append(text);
}

/** Width of a markup in pixels at a font size; shifted pieces count at full size, which leaves a little room. */
export const textWidth = (markup: string, size: number): number =>
  widthOf(markup.replaceAll(/\*|_\{|\^\{|\}/g, ''), size);
