import { valueAxis } from '../../figures/axes.ts';
import { axisPath, zeroPath } from '../../figures/axis-marks.ts';
import {
  type Chart,
  type Curve,
  type CurvesOver,
  type Key,
  type Look,
  legendOf,
  namesOf,
  setsOf,
} from '../../figures/charts/chart.ts';
import { formatNumber } from '../../figures/format.ts';
import { inPage } from '../../figures/palette.ts';
import { svgElement } from '../../figures/svg.ts';
import { targetRows } from '../../figures/target-rows.ts';
import { notationToHtml, notationToText, setNotation } from '../../figures/notation.ts';
import { CurveLines } from './curve-lines.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { ObservedWidth } from './observed-width.ts';
import { type Scale, scaleOf } from './scale.ts';
import { SeenCurves } from './seen-curves.ts';
import { Tooltip } from './tooltip.ts';

/** A chart as the page shows it at one moment. */
export interface ChartContent extends Chart {
  /** Curves of another experiment on the same axes, paler than all others. */
  ghost?: Ghost | null;
  /** The index that the page shows; null for none. */
  cursor: number | null;
  /** What a place on the x axis is called in the hover text, in markup. */
  nameOf: (index: number) => string;
}

/** Curves over x values of their own. */
export interface Ghost extends CurvesOver {
  /** What it is, in the legend. */
  name: string;
}

/** The chart and the part of it that curves lie in, in pixels. */
type Area = Record<'width' | 'height' | 'left' | 'right' | 'top' | 'bottom', number>;

const margin = { left: 50, right: 14, top: 18, bottom: 38 };

const wedgeHeight = 10;
/** How far wedges of one height stand from each other, so that each is seen; of many, closer. */
const wedgeStepOf = (count: number): number => Math.min(6, 36 / Math.max(1, count - 1));

/**
 * Curves in SVG, light enough to be drawn anew at every record: what costs time is what is new and what the pixels show,
 * however long the curves are. The pointer shows the values beneath it; click, drag and
 * the arrow keys choose an index.
 */
export class LineChart {
  readonly element = htmlElement('div', 'chart');
  readonly #legend = htmlElement('ul', 'legend');
  readonly #plot = htmlElement('div', 'plot');
  readonly #svg = svgElement('svg', { class: 'curves' });
  readonly #frame = svgElement('g', {});
  readonly #ghost = new CurveLines('ghost');
  readonly #lines = new CurveLines('lines');
  readonly #marks = svgElement('g', {});
  #frameLook = '';
  readonly #labels = htmlElement('div', 'plot-labels');
  readonly #probe = svgElement('g', { class: 'probe' });
  readonly #tooltip = new Tooltip();
  readonly #yLabel = htmlElement('div', 'axis-label');
  readonly #xLabel = htmlElement('div', 'axis-label axis-label-x');
  readonly #choose: ((index: number) => void) | null;
  readonly #width: ObservedWidth;
  #content: ChartContent | null = null;
  #pixels: Record<'x' | 'y', (value: number) => number> = { x: () => Number.NaN, y: () => Number.NaN };
  readonly #seen = new SeenCurves();
  readonly #seenGhost = new SeenCurves();
  #hovered: number | null = null;

  /** `choose` is told of the index that a click, a drag or a key asks for; without it the chart only shows. */
  constructor(name: string, choose: ((index: number) => void) | null, controls: HTMLElement[] = []) {
    this.#choose = choose;
    this.#plot.tabIndex = 0;
    this.#plot.setAttribute('role', choose ? 'slider' : 'group');
    this.#plot.setAttribute('aria-label', name);
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#svg.append(this.#frame, this.#ghost.element, this.#lines.element, this.#marks, this.#probe);
    this.#plot.append(this.#svg, this.#labels, this.#tooltip.element);
    this.element.append(
      htmlElement('div', 'chart-head', this.#yLabel, htmlElement('div', 'axis-toggles', ...controls)),
      this.#plot,
      this.#xLabel,
      this.#legend,
    );
    this.#width = new ObservedWidth(this.#plot, () => {
      if (this.#content) this.draw(this.#content);
    });
    this.#listen();
  }

  get #count(): number {
    return this.#content?.x.count ?? 0;
  }

  /** @returns what its vertical axis is */
  draw(content: ChartContent): Scale['type'] {
    this.#content = content;
    const width = Math.max(this.#width.value, 220);
    const height = Math.round(Math.max(190, Math.min(300, 0.56 * width, 0.29 * innerHeight)));
    const { x, y, ghost = null, rules = [], targets = [], cursor } = content;
    const wedgeStep = wedgeStepOf(targets.length);
    const area = {
      left: margin.left,
      right: width - margin.right - wedgeStep * Math.max(0, targets.length - 1),
      top: margin.top,
      bottom: height - margin.bottom,
    };
    const xScale = scaleOf(x.axis, area.left, area.right);
    this.#seen.look(content, xScale);
    if (ghost) this.#seenGhost.look(ghost, xScale);
    const values = [
      ...this.#seen.extremes,
      ...(ghost ? this.#seenGhost.extremes : []),
      ...[...rules, ...targets].map(({ at }) => at),
      ...(y.include ?? []),
    ].filter(Number.isFinite);
    const yAxis = valueAxis(y.label, y.scale, values.length > 0 ? values : [0, 1]);
    const yScale = scaleOf(yAxis, area.bottom, area.top);
    this.#pixels = { x: (index) => xScale.place(x.at(index)), y: yScale.place };
    this.#drawFrame(content, xScale, yScale, { width, height, ...area });
    const ghosts = ghost ? this.#seenGhost.lines(yScale) : [];
    this.#ghost.draw(ghosts.map(({ look: { dash }, drawn }) => ({ look: { ...ghostLook, dash }, drawn })));
    this.#lines.draw(this.#seen.lines(yScale));
    const after = cursor !== null && cursor < x.count - 1 ? this.#pixels.x(cursor) : null;
    this.#lines.fadeAfter(after, { width, height });
    this.#marks.replaceChildren(
      ...this.#dotted(),
      ...this.#zeros(yScale, area.bottom),
      // The first of a row is drawn on top.
      ...targetRows(targets, yScale.place, wedgeHeight)
        .toReversed()
        .map(({ y: height, place, colour }) => {
          const edge = area.right + 12 + wedgeStep * place;
          const wedge = svgElement('path', {
            class: 'wedge',
            d: `M${edge},${height - wedgeHeight / 2}v${wedgeHeight}l-8,${-wedgeHeight / 2}z`,
          });
          wedge.style.fill = inPage(colour);
          return wedge;
        }),
      ...this.#cursor(cursor, area.top, area.bottom),
    );
    this.#drawProbe();
    if (this.#choose && cursor !== null) this.#describe(cursor);
    return yScale.type;
  }

  /** What stands still while curves grow: grid, axes, rules, their labels and the legend. */
  #drawFrame(content: ChartContent, xScale: Scale, yScale: Scale, area: Area): void {
    const { x, y, curves, ghost, rules = [], marks = [] } = content;
    const { width, height, left, right, top, bottom } = area;
    const look = JSON.stringify([width, height, xScale.key, yScale.key, x.axis.label, y.label, rules, marks]);
    if (look !== this.#frameLook) {
      this.#frameLook = look;
      this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      this.#svg.style.height = `${height}px`;
      this.#frame.replaceChildren(
        ...grid(yScale, left, right),
        ...baseline(xScale, left, right, bottom),
        ...marks
          .map(({ at, strong }) => ({ x: xScale.place(at), strong }))
          .filter(({ x: at }) => at >= left && at <= right)
          .map(({ x: at, strong }) =>
            svgElement('line', {
              class: strong ? 'mark strong' : 'mark',
              ...{ x1: at, x2: at, y1: top - 4, y2: bottom },
            }),
          ),
        ...placedOn(yScale, rules).map(({ at, colour }) => {
          const height = yScale.place(at);
          const line = svgElement('line', { class: 'rule', x1: left, x2: right, y1: height, y2: height });
          line.style.stroke = inPage(colour);
          return line;
        }),
      );
      this.#letter(content, xScale, yScale, area);
    }
    this.#drawLegend(curves, ghost ?? null);
  }

  /** Curves that are dots and no line. */
  #dotted(): SVGElement[] {
    return this.#seen.dots().flatMap(({ curve: { y, colour, dots = 0, hollow }, indices }) =>
      indices.flatMap((index) => {
        const [cx, cy] = [this.#pixels.x(index), this.#pixels.y(y(index))];
        if (!Number.isFinite(cy)) return [];
        return [dotAt({ cx, cy, r: dots }, { colour, hollow }, dots < 2 ? 'dot small' : 'dot')];
      }),
    );
  }

  #zeros({ type }: Scale, bottom: number): SVGElement[] {
    if (type !== 'log') return [];
    return this.#seen.zeros.map((place) => svgElement('path', { class: 'zero', d: zeroPath(place, bottom) }));
  }

  #cursor(cursor: number | null, top: number, bottom: number): SVGElement[] {
    if (cursor === null || cursor >= this.#count) return [];
    const at = this.#pixels.x(cursor);
    return [
      svgElement('line', { class: 'cursor', x1: at, x2: at, y1: top - 4, y2: bottom }),
      ...this.#dots(cursor, 3.4),
      svgElement('path', { class: 'cursor-handle', d: `M${at - 6},${bottom + 1}h12v5l-6,6l-6,-6z` }),
    ];
  }

  #dots(index: number, radius: number): SVGElement[] {
    return this.#content!.curves.flatMap(({ y, colour }) => {
      const [cx, cy] = [this.#pixels.x(index), this.#pixels.y(y(index))];
      if (!Number.isFinite(cy)) return [];
      return [dotAt({ cx, cy, r: radius }, { colour })];
    });
  }

  /** Labels of axes and lines. */
  #letter(
    { x, y, rules = [], marks = [] }: ChartContent,
    xScale: Scale,
    yScale: Scale,
    { left, right, top, bottom }: Area,
  ): void {
    this.#yLabel.innerHTML = notationToHtml(y.label);
    this.#xLabel.innerHTML = notationToHtml(x.axis.label);
    let free = left;
    this.#labels.replaceChildren(
      ...marks.flatMap(({ at, short }) => {
        const place = xScale.place(at);
        // One that would run into the label before it is left to the line alone.
        if (!(place >= left && place <= right) || place - free < 12) return [];
        free = place + 16;
        return [placed(short, 'mark-label', place, top - 6)];
      }),
      ...rules.map(({ at, label, colour }) => {
        const height = yScale.place(at);
        const beneath = !Number.isFinite(height);
        // At the right, above it: there curves have come down to it, or have not come yet.
        const name = placed(
          beneath ? `${label} ↓` : label,
          'rule-label',
          right - 4,
          beneath ? bottom - 20 : height + (height - 18 > top ? -18 : 1),
        );
        name.style.color = inPage(colour);
        return name;
      }),
    );
  }

  #drawLegend(curves: readonly Curve[], ghost: Ghost | null): void {
    // A ghost needs the names of what it stands beside.
    const keys = [
      ...legendOf(curves),
      ...(ghost && ghost.curves.length > 0 ? [{ ...ghost.curves[0], ...ghostLook, label: ghost.name }] : []),
    ];
    this.#legend.hidden = keys.length === 0;
    const text = keys.map(({ label, colour, dash }) => `${label} ${colour} ${dash ?? ''}`).join('|');
    if (this.#legend.dataset['keys'] === text) return;
    this.#legend.dataset['keys'] = text;
    this.#legend.replaceChildren(
      ...keys.map((key) =>
        htmlElement('li', '', swatchOf(key), htmlMarked('span', '', notationToHtml(key.label))),
      ),
    );
  }

  #listen(): void {
    const plot = this.#plot;
    let dragging = false;
    const under = ({ clientX }: PointerEvent): number | null =>
      nearest(this.#count, this.#pixels.x, clientX - plot.getBoundingClientRect().left);
    plot.addEventListener('pointermove', (event) => {
      this.#hovered = under(event);
      this.#drawProbe();
      if (dragging && this.#hovered !== null) this.#choose?.(this.#hovered);
    });
    plot.addEventListener('pointerdown', (event) => {
      if (!this.#choose || event.button !== 0) return;
      const index = under(event);
      if (index === null) return;
      dragging = true;
      // A pointer made by a script cannot be captured.
      if (event.isTrusted) plot.setPointerCapture(event.pointerId);
      this.#choose(index);
    });
    plot.addEventListener('pointerup', () => (dragging = false));
    plot.addEventListener('pointercancel', () => (dragging = false));
    plot.addEventListener('pointerleave', () => this.#leave());
    plot.addEventListener('blur', () => this.#leave());
    plot.addEventListener('keydown', (event) => this.#key(event));
  }

  #leave(): void {
    this.#hovered = null;
    this.#drawProbe();
  }

  /** Arrow keys move the page's cursor, or the place shown where the chart has none. */
  #key(event: KeyboardEvent): void {
    const last = this.#count - 1;
    const from = (this.#choose ? this.#content?.cursor : this.#hovered) ?? 0;
    const to = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageDown: from - 10,
      PageUp: from + 10,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || last < 0) {
      if (event.key === 'Escape') this.#leave();
      return;
    }
    event.preventDefault();
    this.#hovered = Math.max(0, Math.min(last, to));
    this.#choose?.(this.#hovered);
    this.#drawProbe();
  }

  #drawProbe(): void {
    const content = this.#content;
    const index = this.#hovered;
    if (!content || index === null || index >= this.#count) {
      this.#probe.replaceChildren();
      this.#tooltip.hide();
      return;
    }
    const at = this.#pixels.x(index);
    const sets = setsOf(content.curves);
    const bottom = Number(this.#svg.getAttribute('viewBox')!.split(' ')[3]) - margin.bottom;
    this.#probe.replaceChildren(
      svgElement('line', { x1: at, x2: at, y1: margin.top, y2: bottom }),
      ...this.#dots(index, 3),
    );
    this.#tooltip.show(
      { x: at, y: margin.top },
      notationToHtml(content.nameOf(index)),
      namesOf(content.curves).map((name) => {
        const own = content.curves.filter((curve) => curve.name === name);
        const valueOf = (set: string): string => {
          const curve = own.findLast((one) => one.set === set);
          return curve ? formatNumber(curve.y(index)) : '';
        };
        return { label: notationToHtml(name), text: sets.map(valueOf), colour: inPage(own[0].colour) };
      }),
      sets.length > 1 ? sets : [],
    );
  }

  #describe(cursor: number): void {
    const { curves, nameOf } = this.#content!;
    const values = curves.map(
      ({ name, set, y }) => `${notationToText(name)}${set ? ` ${set}` : ''} ${formatNumber(y(cursor))}`,
    );
    const plot = this.#plot;
    plot.setAttribute('aria-valuemin', '0');
    plot.setAttribute('aria-valuemax', String(Math.max(0, this.#count - 1)));
    plot.setAttribute('aria-valuenow', String(cursor));
    plot.setAttribute('aria-valuetext', [notationToText(nameOf(cursor)), ...values].join(', '));
  }
}

const ghostLook = { colour: 'muted', width: 1.4, opacity: 0.6 } as const;

/** What has no place on a logarithmic axis has no height; its label stands at the foot. */
const placedOn = <Height extends { at: number }>({ place }: Scale, heights: readonly Height[]): Height[] =>
  heights.filter(({ at }) => Number.isFinite(place(at)));

function dotAt(
  place: Record<'cx' | 'cy' | 'r', number>,
  { colour, hollow = false }: Pick<Look, 'colour' | 'hollow'>,
  className = 'dot',
): SVGCircleElement {
  const dot = svgElement('circle', { class: className, ...place });
  dot.style.fill = hollow ? 'none' : inPage(colour);
  if (hollow) [dot.style.stroke, dot.style.strokeWidth] = [inPage(colour), '1.6'];
  return dot;
}

/** A line, or dots, or both, as in the chart. */
function swatchOf({ colour, width, opacity = 1, dash, dots, hollow }: Key): SVGSVGElement {
  const across = width > 0 ? 24 : 14;
  const swatch = svgElement('svg', { width: across, height: 12, 'aria-hidden': 'true' });
  const line = svgElement('line', { x1: 0, x2: across, y1: 6, y2: 6 });
  line.style.cssText = `stroke:${inPage(colour)};stroke-width:${width};opacity:${opacity}`;
  if (dash) line.style.strokeDasharray = dash;
  swatch.append(line);
  if (dots) swatch.append(dotAt({ cx: across / 2, cy: 6, r: dots }, { colour, hollow }, ''));
  return swatch;
}

function placed(label: string, className: string, x: number, y: number): HTMLSpanElement {
  const element = htmlMarked('span', className, notationToHtml(label));
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  return element;
}

function grid({ ticks, place }: Scale, left: number, right: number): SVGElement[] {
  return ticks.flatMap(({ at, label }) => {
    const y = place(at);
    const text = svgElement('text', { x: left - 8, y: y + 4, 'text-anchor': 'end' });
    setNotation(text, label, 11.5);
    return [svgElement('line', { class: 'grid', x1: left, x2: right, y1: y, y2: y }), text];
  });
}

/** The x axis with its ticks, broken between t = 0 and the rest where 0 stands apart. */
function baseline({ ticks, place, gap }: Scale, left: number, right: number, y: number): SVGElement[] {
  const shown = ticks.filter(({ at }, k) => k === 0 || place(at) - place(ticks[k - 1].at) > 14);
  return [
    svgElement('path', { class: 'axis', d: axisPath(left, right, y, gap) }),
    ...shown.flatMap(({ at, label }) => {
      const x = place(at);
      const text = svgElement('text', { x, y: y + 26, 'text-anchor': 'middle' });
      setNotation(text, label, 11.5);
      return [svgElement('line', { class: 'axis', x1: x, x2: x, y1: y, y2: y + 5 }), text];
    }),
  ];
}

/** The index whose pixel is nearest; pixels ascend, after those that have no place. null where there is none. */
function nearest(count: number, pixel: (index: number) => number, x: number): number | null {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pixel(middle) >= x) high = middle;
    else low = middle + 1;
  }
  const distance = (index: number): number => {
    const far = index < 0 || index >= count ? NaN : Math.abs(pixel(index) - x);
    return Number.isFinite(far) ? far : Infinity;
  };
  const best = distance(low - 1) <= distance(low) ? low - 1 : low;
  return distance(best) < Infinity ? best : null;
}
