import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import { axisPath } from './axis-marks.ts';
import type { Key } from './charts/chart.ts';
import { notationToHtml, notationToText, setNotation } from './notation.ts';
import { fontFamily, inPrint } from './palette.ts';
import { sheet } from './sheet.ts';
import { drawText, labelSize, svgElement, textWidth } from './svg.ts';
import { type Axis, decades, placeOf } from './ticks.ts';

/** Pixels from the top of the plot up to the baseline of the labels over it, clear of the topmost tick's. */
export const axisLabelRise = 15;

/** A figure that stands alone: one SVG that needs no style sheet, font file or script. */
export interface Figure {
  /** For file names: lower case, hyphens. */
  slug: string;
  /** Plain text. */
  title: string;
  /** Plain text; `captionHtml` is the same with italics and subscripts. */
  caption: string;
  captionHtml: string;
  svg: SVGSVGElement;
}

/** In CSS pixels. The lettering does not scale with it: a smaller figure has relatively larger letters. */
export interface FigureSize {
  width: number;
  height: number;
}
export const defaultSize: FigureSize = { width: 480, height: 330 };

const tickSize = 11.5;
/** From one row of the legend to the next: room for sub- and superscripts in any of the fonts. */
const legendRow = 20;

/** Where drawing happens: pixel positions of the frame and of data. */
export interface Canvas {
  svg: SVGSVGElement;
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: (value: number) => number;
  y: (value: number) => number;
}

/** A plot of the given marks in the house's frame: legend, y label, horizontal grid, axes. */
export function drawFrame(options: {
  size: FigureSize;
  marginRight?: number;
  legend: readonly Key[];
  x: Axis;
  y: Axis;
  /** What the marks' values mean in colour. */
  color?: Plot.ScaleOptions;
  marks: Plot.Markish[];
}): Canvas {
  const { size, legend, x, y, color, marks, marginRight = 14 } = options;
  const rows = layOutLegend(legend, size.width - 8);
  const left = leftMargin(y.ticks);
  const top = topMargin(rows.length);
  const bottom = size.height - bottomMargin;
  const plot = Plot.plot({
    document: sheet(),
    ...size,
    marginTop: top,
    marginLeft: left,
    marginRight,
    marginBottom: size.height - bottom,
    x: { type: x.type, domain: x.domain },
    y: { type: y.type, domain: y.domain },
    ...(color ? { color } : {}),
    marks: [
      Plot.gridY({ ticks: y.ticks.map(({ at }) => at), stroke: inPrint('grid'), strokeOpacity: 1 }),
      Plot.axisY({
        ticks: y.ticks.map(({ at }) => at),
        text: y.ticks.map(({ label }) => label),
        tickSize: 0,
        label: null,
      }),
      Plot.axisX({
        ticks: x.ticks.map(({ at }) => placeOf(x, at)),
        text: x.ticks.map(({ label }) => label),
        tickSize: 5,
        label: null,
      }),
      ...(x.type === 'log' ? [minorTicks(x.minorFrom ?? x.domain[0], x.domain[1])] : []),
      ...marks,
    ],
  });
  const svg = plot as unknown as SVGSVGElement;
  const position = (name: 'x' | 'y') => {
    const scale = plot.scale(name)!;
    return (value: number): number => scale.apply(value) as number;
  };
  makeStandalone(svg, size);
  rows.flat().forEach(({ item, at, row }) => drawKey(svg, item, 4 + at, 14 + legendRow * row));
  const canvas: Canvas = {
    svg,
    left,
    right: size.width - marginRight,
    top,
    bottom,
    x: position('x'),
    y: position('y'),
  };
  drawText(svg, y.label, { x: 4, y: top - axisLabelRise });
  drawText(svg, x.label, { x: (left + canvas.right) / 2, y: size.height - 7, anchor: 'middle' });
  return canvas;
}

/** The x axis, broken where 0 stands apart. */
export function drawBaseline({ svg, left, right, bottom, x }: Canvas, { apart }: Axis): void {
  const d = axisPath(left, right, bottom, apart ? x(apart.gap) : null);
  svg.append(svgElement('path', { d, fill: 'none', stroke: inPrint('ink'), 'stroke-width': 1 }));
}

/** Room above the plot for so many rows of the legend and the y axis's label. */
export const topMargin = (legendRows: number): number => 12 + legendRow * legendRows + 26;

/** Room below the plot for the x axis. */
export const bottomMargin = 42;

/** Room at the left of the plot for the y axis's labels. */
export const leftMargin = (ticks: Axis['ticks']): number =>
  Math.ceil(greatestOf([14, ...ticks.map(({ label }) => textWidth(label, tickSize))])) + 14;

function minorTicks(least: number, greatest: number): Plot.Markish {
  const ticks = decades(least, greatest).flatMap((exponent) =>
    [2, 3, 4, 5, 6, 7, 8, 9].map((digit) => digit * 10 ** exponent),
  );
  const within = ticks.filter((tick) => tick >= least && tick <= greatest);
  return Plot.axisX({ ticks: within, text: null, tickSize: 3, label: null });
}

/** Everything a viewer without our style sheet needs, written on the element itself. */
function makeStandalone(svg: SVGSVGElement, { width, height }: FigureSize): void {
  svg.querySelectorAll('style').forEach((style) => style.remove());
  svg.removeAttribute('class');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('font-family', fontFamily);
  svg.setAttribute('font-size', String(tickSize));
  svg.setAttribute('color', inPrint('ink'));
  svg.setAttribute('fill', inPrint('ink'));
  for (const text of svg.querySelectorAll('text')) {
    setNotation(text, text.textContent, tickSize);
  }
  const paper = svgElement('rect', { width: '100%', height: '100%', fill: inPrint('paper') });
  svg.prepend(paper);
}

function layOutLegend(items: readonly Key[], width: number): { item: Key; at: number; row: number }[][] {
  if (items.length === 0) return [];
  const rows: { item: Key; at: number; row: number }[][] = [[]];
  let at = 0;
  for (const item of items) {
    const needs = 28 + textWidth(item.label, labelSize);
    if (at > 0 && at + needs > width) {
      rows.push([]);
      at = 0;
    }
    rows.at(-1)!.push({ item, at, row: rows.length - 1 });
    at += needs + 13;
  }
  return rows;
}

/** A line, with dots on it where both are one curve, or dots alone. */
function drawKey(svg: SVGSVGElement, key: Key, x: number, y: number): void {
  const { label, width, opacity = 1, dash, dots, hollow } = key;
  const stroke = inPrint(key.colour);
  if (width > 0) {
    svg.append(
      svgElement('line', {
        ...{ x1: x, x2: x + 22, y1: y - 4, y2: y - 4 },
        ...{ stroke, 'stroke-width': width, 'stroke-opacity': opacity },
        ...(dash && { 'stroke-dasharray': dash }),
      }),
    );
  }
  if (dots !== undefined) {
    const fill = hollow ? inPrint('paper') : stroke;
    svg.append(svgElement('circle', { cx: x + 11, cy: y - 4, r: 3.2, fill, stroke, 'stroke-width': 1.4 }));
  }
  drawText(svg, label, { x: x + 27, y, width: textWidth(label, labelSize) });
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface LabelPlace {
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
}

/**
 * Puts labels where they cover least: of each label's candidate places inside the frame, the first of those that
 * hide the fewest of the curves' pixels and no label set before.
 */
export class LabelSetter {
  readonly #canvas: Canvas;
  /** Pixels that curves pass. */
  readonly #passed = new Set<number>();
  readonly #taken: Box[] = [];

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  /** A polyline in pixels that labels should not hide. */
  avoid(curve: { x: number; y: number }[]): void {
    for (const { x, y } of densified(curve)) this.#passed.add(pixelKey(Math.round(x), Math.round(y)));
  }

  place(markup: string, places: LabelPlace[], fill: string): void {
    const size = 11.5;
    const width = textWidth(markup, size);
    const cost = (place: LabelPlace): number => {
      const start = { start: 0, middle: -width / 2, end: -width }[place.anchor] + place.x;
      const box = { left: start - 2, right: start + width + 2, top: place.y - size, bottom: place.y + 4 };
      const { left, right, top, bottom } = this.#canvas;
      const outside =
        box.left < left - 1 || box.right > right + 8 || box.top < top - 14 || box.bottom > bottom + 1;
      const clash = this.#taken.some(
        (other) =>
          box.left < other.right &&
          other.left < box.right &&
          box.top < other.bottom &&
          other.top < box.bottom,
      );
      return (outside ? 1e4 : 0) + (clash ? 1e5 : 0) + this.#passedIn(box);
    };
    const costs = places.map(cost);
    const place = places[costs.indexOf(leastOf(costs))];
    const start = { start: 0, middle: -width / 2, end: -width }[place.anchor] + place.x;
    this.#taken.push({ left: start, right: start + width, top: place.y - size, bottom: place.y + 4 });
    drawText(this.#canvas.svg, markup, { ...place, size, fill, halo: true });
  }

  /** How many of the curves' pixels a box hides. */
  #passedIn({ left, right, top, bottom }: Box): number {
    let hidden = 0;
    for (let y = Math.ceil(top); y < bottom; y++) {
      for (let x = Math.ceil(left); x < right; x++) if (this.#passed.has(pixelKey(x, y))) hidden++;
    }
    return hidden;
  }
}

/** One number for a pixel; figures are narrower than 2¹⁶ pixels. */
const pixelKey = (x: number, y: number): number => y * 2 ** 16 + x;

/** A polyline's vertices and points every 3 px between them. */
function* densified(curve: { x: number; y: number }[]): Generator<{ x: number; y: number }> {
  for (const [k, from] of curve.entries()) {
    const to = curve.at(k + 1) ?? from;
    const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 3));
    for (let j = 0; j < count; j++) {
      yield { x: from.x + ((to.x - from.x) * j) / count, y: from.y + ((to.y - from.y) * j) / count };
    }
  }
}

/** Gives the drawing its title, description and caption. */
export function finishFigure(canvas: Canvas, slug: string, title: string, captionMarkup: string): Figure {
  const caption = notationToText(captionMarkup);
  const description = svgElement('desc', {});
  description.textContent = caption;
  const name = svgElement('title', {});
  name.textContent = title;
  canvas.svg.prepend(name, description);
  canvas.svg.setAttribute('aria-label', title);
  return { slug, title, caption, captionHtml: notationToHtml(captionMarkup), svg: canvas.svg };
}
