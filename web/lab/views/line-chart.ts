import { formatNumber } from '../../figures/format.ts';
import { svgElement } from '../../figures/svg.ts';
import { notationToHtml, notationToText, setNotation } from '../../figures/notation.ts';
import { type CurveLook, CurveLines } from './curve-lines.ts';
import { type DrawnCurve, GrowingCurve } from './growing-curve.ts';
import { htmlElement, htmlMarked } from './html-element.ts';
import { ObservedWidth } from './observed-width.ts';
import type { Scale } from './scale.ts';
import { Tooltip } from './tooltip.ts';

/** One curve over the chart's x values. */
export interface Curve {
  /** Markup of notation.ts; a name that several curves share stands once in the legend. */
  name: string;
  /** What tells it from others of its name, such as "test"; '' for none. */
  set: string;
  /** A CSS colour. */
  colour: string;
  width: number;
  opacity?: number;
  dash?: string;
  /** The value at each x; NaN for none. What it is once, it stays. */
  y: (index: number) => number;
  /** Radius in pixels where the values are dots and no line. */
  dots?: number;
}

export interface ChartContent {
  x: {
    /** What the curves are of: the same object as long as values are only added. */
    of: object;
    count: number;
    /** Ascending. */
    at: (index: number) => number;
    label: string;
    scale: (left: number, right: number) => Scale & { gap?: number | null };
  };
  y: { label: string; scale: (values: readonly number[], bottom: number, top: number) => Scale };
  curves: readonly Curve[];
  /** Curves of another experiment on the same axes, paler than all others. */
  ghost?: Ghost | null;
  /** Horizontal lines, such as the linear optimum. */
  rules?: readonly { at: number; label: string; colour: string }[];
  /** Vertical lines, such as the horizon. */
  marks?: readonly { at: number; label: string }[];
  /** Values that the y axis has to reach, drawn at its right edge. */
  targets?: readonly { at: number; colour: string }[];
  /** The index that the page shows; null for none. */
  cursor: number | null;
  /** What a place on the x axis is called in the hover text, in markup. */
  nameOf: (index: number) => string;
}

/** Curves over x values of their own. */
export interface Ghost {
  x: Pick<ChartContent['x'], 'of' | 'count' | 'at'>;
  curves: readonly Curve[];
  /** What it is, in the legend. */
  name: string;
}

/** The chart and the part of it that curves lie in, in pixels. */
type Area = Record<'width' | 'height' | 'left' | 'right' | 'top' | 'bottom', number>;

const margin = { left: 50, right: 14, top: 18, bottom: 38 };

/** What is seen of the curves, as far as they have come. */
interface Seen {
  of: object;
  key: string;
  count: number;
  curves: GrowingCurve[];
}

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
  /** The lines, until the cursor where more is recorded; and a paler copy of what comes after it. */
  readonly #strong = svgElement('g', {});
  readonly #faded = svgElement('use', { class: 'faded' });
  readonly #clips = [createClip(), createClip()] as const;
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
  #seen: Seen | null = null;
  #seenGhost: Seen | null = null;
  #hovered: number | null = null;

  /** `choose` is told of the index that a click, a drag or a key asks for; without it the chart only shows. */
  constructor(name: string, choose: ((index: number) => void) | null, controls: HTMLElement[] = []) {
    this.#choose = choose;
    this.#plot.tabIndex = 0;
    this.#plot.setAttribute('role', choose ? 'slider' : 'group');
    this.#plot.setAttribute('aria-label', name);
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#lines.element.id = newId('lines');
    this.#faded.setAttribute('href', `#${this.#lines.element.id}`);
    this.#faded.setAttribute('clip-path', `url(#${this.#clips[1].id})`);
    this.#strong.append(this.#lines.element);
    this.#svg.append(
      svgElement('defs', {}),
      this.#frame,
      this.#ghost.element,
      this.#strong,
      this.#marks,
      this.#probe,
    );
    this.#svg.firstElementChild!.append(...this.#clips.map(({ element }) => element));
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

  draw(content: ChartContent): void {
    this.#content = content;
    const width = Math.max(this.#width.value, 220);
    const height = Math.round(Math.max(190, Math.min(300, 0.56 * width, 0.29 * innerHeight)));
    const area = {
      left: margin.left,
      right: width - margin.right,
      top: margin.top,
      bottom: height - margin.bottom,
    };
    const { x, y, ghost = null, rules = [], targets = [], cursor } = content;
    const xScale = x.scale(area.left, area.right);
    this.#seen = lookAt(this.#seen, content, xScale);
    this.#seenGhost = ghost && lookAt(this.#seenGhost, ghost, xScale);
    const yScale = y.scale(
      [
        ...[...this.#seen.curves, ...(this.#seenGhost?.curves ?? [])].flatMap(({ extremes }) => extremes),
        ...[...rules, ...targets].map(({ at }) => at),
      ],
      area.bottom,
      area.top,
    );
    this.#pixels = { x: (index) => xScale.place(x.at(index)), y: yScale.place };
    this.#drawFrame(content, xScale, yScale, { width, height, ...area });
    const ghosts = ghost ? linesOf(ghost, this.#seenGhost!, xScale, yScale) : [];
    this.#ghost.draw(
      ghosts.map(({ look: { dash }, drawn }) => ({
        look: { ...ghostLook, colour: 'var(--muted)', dash },
        drawn,
      })),
    );
    this.#lines.draw(linesOf(content, this.#seen, xScale, yScale));
    this.#fadeAfter(cursor !== null && cursor < x.count - 1 ? this.#pixels.x(cursor) : null, width, height);
    this.#marks.replaceChildren(
      ...this.#dotted(content, this.#seen),
      ...this.#zeros(yScale, this.#seen, area.bottom),
      ...placedOn(yScale, targets).map(({ at, colour }) => {
        const height = yScale.place(at);
        const wedge = svgElement('path', { d: `M${area.right + 12},${height - 5}v10l-8,-5z` });
        wedge.style.fill = colour;
        return wedge;
      }),
      ...this.#cursor(cursor, area.top, area.bottom),
    );
    this.#drawProbe();
    if (this.#choose && cursor !== null) this.#describe(cursor);
  }

  /** What stands still while curves grow: grid, axes, rules, their labels and the legend. */
  #drawFrame(content: ChartContent, xScale: Scale, yScale: Scale, area: Area): void {
    const { x, y, curves, ghost, rules = [], marks = [] } = content;
    const { width, height, left, right, top, bottom } = area;
    const look = JSON.stringify([width, height, xScale.key, yScale.key, x.label, y.label, rules, marks]);
    if (look !== this.#frameLook) {
      this.#frameLook = look;
      this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      this.#svg.style.height = `${height}px`;
      this.#frame.replaceChildren(
        ...grid(yScale, left, right),
        ...baseline(xScale, left, right, bottom),
        ...marks
          .map(({ at }) => xScale.place(at))
          .filter((at) => at >= left && at <= right)
          .map((at) => svgElement('line', { class: 'mark', x1: at, x2: at, y1: top - 4, y2: bottom })),
        ...placedOn(yScale, rules).map(({ at, colour }) => {
          const height = yScale.place(at);
          const line = svgElement('line', { class: 'rule', x1: left, x2: right, y1: height, y2: height });
          line.style.stroke = colour;
          return line;
        }),
      );
      this.#letter(content, xScale, yScale, area);
    }
    this.#drawLegend(curves, ghost ?? null);
  }

  /** What has been recorded after the cursor is paler; `at` is its place, null where nothing comes after it. */
  #fadeAfter(at: number | null, width: number, height: number): void {
    if (at === null) {
      this.#faded.remove();
      this.#strong.removeAttribute('clip-path');
      return;
    }
    const [until, after] = this.#clips;
    for (const [{ rect }, from, to] of [
      [until, 0, at],
      [after, at, width],
    ] as const) {
      const sides = { x: from, width: Math.max(0, to - from), height };
      for (const [side, value] of Object.entries(sides)) rect.setAttribute(side, String(value));
    }
    this.#strong.setAttribute('clip-path', `url(#${until.id})`);
    if (!this.#faded.parentNode) this.#strong.before(this.#faded);
  }

  /** Curves that are dots and no line. */
  #dotted({ curves }: ChartContent, seen: Seen): SVGElement[] {
    return curves.flatMap(({ y, colour, dots: r }, k) => {
      if (r === undefined) return [];
      return seen.curves[k].indices.flatMap((index) => {
        const [cx, cy] = [this.#pixels.x(index), this.#pixels.y(y(index))];
        if (!Number.isFinite(cy)) return [];
        const dot = svgElement('circle', { class: r < 2 ? 'dot small' : 'dot', cx, cy, r });
        dot.style.fill = colour;
        return [dot];
      });
    });
  }

  /** What is exactly 0 has no place on a logarithmic axis: an open triangle at its foot. */
  #zeros({ type }: Scale, { curves }: Seen, bottom: number): SVGElement[] {
    if (type !== 'log') return [];
    const places = curves.flatMap(({ zeros }) => zeros);
    // One a pixel.
    return [...new Map(places.map((place) => [Math.floor(place), place])).values()].map((place) =>
      svgElement('path', { class: 'zero', d: `M${place - 4},${bottom - 10}h8l-4,7z` }),
    );
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
      const dot = svgElement('circle', { class: 'dot', cx, cy, r: radius });
      dot.style.fill = colour;
      return [dot];
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
    this.#xLabel.innerHTML = notationToHtml(x.label);
    let free = left;
    this.#labels.replaceChildren(
      ...marks.flatMap(({ at, label }) => {
        const place = xScale.place(at);
        // One that would run into the label before it is left to the line alone.
        if (!(place >= left && place <= right) || place - free < 12) return [];
        free = place + 16;
        return [placed(label, 'mark-label', place, top - 6)];
      }),
      ...rules.map(({ at, label, colour }) => {
        const height = yScale.place(at);
        const beneath = !Number.isFinite(height);
        const name = placed(
          beneath ? `${label} ↓` : label,
          'rule-label',
          left + 6,
          beneath ? bottom - 20 : height + (height + 20 < bottom ? 1 : -18),
        );
        name.style.color = colour;
        return name;
      }),
    );
  }

  #drawLegend(curves: readonly Curve[], ghost: Ghost | null): void {
    const names = namesOf(curves);
    const sets = setsOf(curves);
    this.#legend.hidden = names.length < 2 && sets.length < 2 && !ghost;
    const looks = sets.map((set) => curves.find((curve) => curve.set === set)!);
    // Told apart by their dashes, or else by their weight.
    const dashed = new Set(looks.map(({ dash }) => dash)).size === sets.length;
    const keys = [
      ...names.map((name) => keyCurve(curves, name)),
      ...(sets.length > 1 ? looks : []).map((look) => ({
        ...look,
        name: look.set,
        colour: 'var(--ink)',
        ...(dashed && { width: 1.8, opacity: 1 }),
      })),
      ...(ghost ? [{ ...ghost.curves[0], name: ghost.name, colour: 'var(--muted)', ...ghostLook }] : []),
    ];
    const text = keys.map(({ name, colour, dash }) => `${name} ${colour} ${dash ?? ''}`).join('|');
    if (this.#legend.dataset['keys'] === text) return;
    this.#legend.dataset['keys'] = text;
    this.#legend.replaceChildren(
      ...keys.map(({ name, colour, width, opacity = 1, dash, dots }) => {
        const swatch = svgElement('svg', { width: dots ? 12 : 24, height: 10, 'aria-hidden': 'true' });
        if (dots) {
          const dot = svgElement('circle', { cx: 6, cy: 5, r: dots });
          dot.style.fill = colour;
          swatch.append(dot);
          return htmlElement('li', '', swatch, htmlMarked('span', '', notationToHtml(name)));
        }
        const line = svgElement('line', { x1: 0, x2: 24, y1: 5, y2: 5 });
        line.style.cssText = `stroke:${colour};stroke-width:${width};opacity:${opacity}`;
        if (dash) line.style.strokeDasharray = dash;
        swatch.append(line);
        return htmlElement('li', '', swatch, htmlMarked('span', '', notationToHtml(name)));
      }),
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
          const curve = own.find((one) => one.set === set);
          return curve ? formatNumber(curve.y(index)) : '';
        };
        return { label: notationToHtml(name), text: sets.map(valueOf), colour: own[0].colour };
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

/** What can be seen of curves; of those that grew, only what is new is looked at. */
function lookAt(
  before: Seen | null,
  { x, curves }: Pick<ChartContent, 'curves'> & { x: Ghost['x'] },
  { key: places, place }: Scale,
): Seen {
  const key = [places, ...curves.map(({ name, set, dots }) => `${name}|${set}|${dots ?? ''}`)].join('\n');
  const grown = before?.of === x.of && before.key === key && before.count <= x.count;
  const seen = grown ? before : { of: x.of, key, count: 0, curves: curves.map(() => new GrowingCurve()) };
  for (; seen.count < x.count; seen.count++) {
    const index = seen.count;
    const at = place(x.at(index));
    // What has no place on the axis is no part of a curve.
    if (!Number.isFinite(at)) continue;
    for (const [k, curve] of curves.entries()) seen.curves[k].add(index, at, curve.y(index));
  }
  return seen;
}

const ghostLook = { width: 1.4, opacity: 0.6 } as const;

/** Curves that are lines, and how each is drawn. */
const linesOf = (
  { x, curves }: Ghost | ChartContent,
  seen: Seen,
  { place }: Scale,
  yScale: Scale,
): { look: CurveLook; drawn: DrawnCurve }[] =>
  curves.flatMap((curve, k) =>
    curve.dots === undefined
      ? [
          {
            look: curve,
            drawn: seen.curves[k].drawn(yScale, (index) => ({
              at: place(x.at(index)),
              value: curve.y(index),
            })),
          },
        ]
      : [],
  );

/** What has no place on a logarithmic axis has no height; its label stands at the foot. */
const placedOn = <Height extends { at: number }>({ place }: Scale, heights: readonly Height[]): Height[] =>
  heights.filter(({ at }) => Number.isFinite(place(at)));

let ids = 0;
/** An id that nothing else in the document has. */
const newId = (what: string): string => `${what}-${++ids}`;

function createClip(): { id: string; element: SVGClipPathElement; rect: SVGRectElement } {
  const id = newId('clip');
  const rect = svgElement('rect', { y: 0 });
  const element = svgElement('clipPath', { id });
  element.append(rect);
  return { id, element, rect };
}

/** The names of the curves, what is drawn on top first. */
const namesOf = (curves: readonly Curve[]): string[] => [
  ...new Set(curves.map(({ name }) => name).toReversed()),
];

const setsOf = (curves: readonly Curve[]): string[] => [...new Set(curves.map(({ set }) => set))];

/** Of the curves of one name the one that stands for them in the legend: a solid one where there is any. */
function keyCurve(curves: readonly Curve[], name: string): Curve {
  const own = curves.filter((curve) => curve.name === name);
  return own.find(({ dash }) => dash === undefined) ?? own[0];
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
function baseline(
  scale: Scale & { gap?: number | null },
  left: number,
  right: number,
  y: number,
): SVGElement[] {
  const { ticks, place, gap = null } = scale;
  const line = (x1: number, x2: number, y1 = y, y2 = y): SVGElement =>
    svgElement('line', { class: 'axis', x1, x2, y1, y2 });
  const shown = ticks.filter(({ at }, k) => k === 0 || place(at) - place(ticks[k - 1].at) > 14);
  return [
    ...(gap === null
      ? [line(left, right)]
      : [
          line(left, gap - 3),
          line(gap + 3, right),
          line(gap - 5, gap - 1, y + 4, y - 4),
          line(gap + 1, gap + 5, y + 4, y - 4),
        ]),
    ...shown.flatMap(({ at, label }) => {
      const x = place(at);
      const text = svgElement('text', { x, y: y + 26, 'text-anchor': 'middle' });
      setNotation(text, label, 11.5);
      return [line(x, x, y, y + 5), text];
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
