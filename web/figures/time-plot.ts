import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import type { RunResult } from '../../src/experiment/result.ts';
import { valueAxis } from './axes.ts';
import { formatCount, formatNumber } from './format.ts';
import { type Canvas, type FigureSize, LabelSetter, type LegendItem, drawFrame } from './frame.ts';
import { svgElement } from './svg.ts';
import { type Axis, logTicks } from './ticks.ts';
import { horizonMarkup, type Measure, finite } from './measures.ts';
import { palette } from './palette.ts';
import { visibleIndices } from './visible-curve.ts';

/** What the figures over time are drawn from: a result, or what there is of one while it runs. */
export type Curves = Pick<RunResult, 'preparation' | 'records' | 'status'>;

/** One curve over the recorded steps. */
export interface Series {
  measure: Measure;
  stroke: string;
  strokeWidth: number;
  strokeOpacity?: number;
  dash?: string;
  marker?: 'filled' | 'hollow';
}

/** A horizontal line with its label, such as the linear optimum. On a logarithmic axis one at 0 is a label at its foot. */
export interface Rule {
  at: number;
  /** Markup of notation.ts. */
  label: string;
  stroke: string;
}

export interface TimePlot {
  result: Curves;
  size: FigureSize;
  series: Series[];
  legend: LegendItem[];
  rules?: Rule[];
  /** "auto" takes a log axis where the values span more than a factor 30. */
  y: { label: string; scale: 'log' | 'linear' | 'auto'; include?: number[] };
  marginRight?: number;
}

interface Point {
  t: number;
  y: number;
  /** The pixel column that t falls into. */
  column: number;
}

/**
 * Curves over time. Time is logarithmic; t = 0, which has no place on that axis, stands apart at its left beyond a break,
 * and what is exactly 0 on a logarithmic y axis is marked at its foot by an open triangle. Of any number of records it draws
 * what its pixels can show.
 */
export function drawTimePlot(plot: TimePlot): Canvas {
  const { result, size, series, legend, rules = [], marginRight } = plot;
  const { records } = result;
  const time = timeAxis(result);
  const columns = records.map(({ step }) => columnOf(time, step, size.width));
  const curves = series.map(({ measure, ...line }) => {
    const valueOf = (index: number): number => finite(measure(records[index]));
    const indices = visibleIndices(records.length, (index) => columns[index], valueOf);
    return {
      ...line,
      points: indices.map((index): Point => ({
        t: records[index].step,
        y: valueOf(index),
        column: columns[index],
      })),
    };
  });
  const values = [
    ...curves.flatMap(({ points }) => points.map(({ y }) => y)),
    ...rules.map(({ at }) => at),
    ...(plot.y.include ?? []),
  ].filter(Number.isFinite);
  const y = valueAxis(plot.y.label, plot.y.scale, values);
  const shown = curves.map((curve) => ({
    ...curve,
    points: curve.points.map(({ t, y: value, column }) => ({
      t: time.place(t),
      column,
      y: y.type === 'log' && !(value > 0) ? Number.NaN : value,
      first: t === 0,
    })),
  }));
  const lines = rules.filter(({ at }) => Number.isFinite(at) && (y.type === 'linear' || at > 0));
  const canvas = drawFrame({
    size,
    marginRight,
    legend,
    x: time.axis,
    y,
    marks: [
      ...lines.map(({ at, stroke }) =>
        Plot.ruleY([at], { stroke, strokeWidth: 1, x1: time.axis.domain[0], x2: time.axis.domain[1] }),
      ),
      ...shown.flatMap((curve) => curveMarks(curve)),
    ],
  });
  drawBaseline(canvas, time);
  markZeros(canvas, y, time, curves);
  const setter = new LabelSetter(canvas);
  for (const { points } of shown) {
    const seen = points.filter(({ y: value }) => Number.isFinite(value));
    setter.avoid(seen.map((point) => ({ x: canvas.x(point.t), y: canvas.y(point.y) })));
  }
  for (const { at } of lines) {
    setter.avoid([canvas.left, canvas.right].map((x) => ({ x, y: canvas.y(at) })));
  }
  markSteps(canvas, setter, result, time);
  for (const rule of rules) {
    const beneath = !lines.includes(rule);
    const height = beneath ? canvas.bottom - 10 : canvas.y(rule.at);
    const label = beneath ? `${rule.label} ↓` : rule.label;
    const places = [canvas.left + 6, canvas.right - 2, (canvas.left + canvas.right) / 2].flatMap((x, k) =>
      [height - 5, height + 14].map((place) => ({
        x,
        y: place,
        anchor: (['start', 'end', 'middle'] as const)[k],
      })),
    );
    setter.place(label, places, rule.stroke);
  }
  return canvas;
}

function curveMarks({
  points,
  stroke,
  strokeWidth,
  strokeOpacity = 1,
  dash,
  marker,
}: Omit<Series, 'measure'> & { points: (Point & { first: boolean })[] }): Plot.Markish[] {
  const after = points.filter(({ first }) => !first);
  // A point without neighbours makes no line: it gets a dot, as does t = 0.
  const alone = after.filter(
    ({ y }, k) =>
      Number.isFinite(y) && !Number.isFinite(after[k - 1]?.y) && !Number.isFinite(after[k + 1]?.y),
  );
  const dots = [...points.filter(({ first, y }) => first && Number.isFinite(y)), ...alone];
  const line = Plot.line(after, {
    x: 't',
    y: 'y',
    stroke,
    strokeWidth,
    strokeOpacity,
    strokeDasharray: dash,
    strokeLinejoin: 'round',
  });
  const marked = marker ? spaced(after.filter((_, k) => k % 4 === 2)) : [];
  return [
    line,
    Plot.dot(dots, { x: 't', y: 'y', r: 1.2 + strokeWidth / 2, fill: stroke, fillOpacity: strokeOpacity }),
    Plot.dot(marked, {
      x: 't',
      y: 'y',
      r: 3,
      stroke,
      strokeWidth: 1.4,
      fill: marker === 'filled' ? stroke : palette.paper.light,
    }),
  ];
}

/** Those that are some pixels apart. */
function spaced(points: Point[]): Point[] {
  let before = -Infinity;
  return points.filter(({ column }) => {
    if (column - before < 8) return false;
    before = column;
    return true;
  });
}

/** The pixel column of a step in a figure of this width; t = 0 has one of its own. */
const columnOf = ({ axis: { domain } }: TimeAxis, step: number, width: number): number =>
  step === 0 ? -1 : Math.floor((width * Math.log(step / domain[0])) / Math.log(domain[1] / domain[0]));

interface TimeAxis {
  axis: Axis;
  /** Where a step is drawn: t = 0 in its slot. */
  place: (step: number) => number;
  /** Middle of the break between the slot of t = 0 and the rest, in units of the axis; null where 0 is not recorded. */
  gap: number | null;
}

function timeAxis({ records, preparation }: Curves): TimeAxis {
  const steps = records.map(({ step }) => step);
  const positive = steps.filter((step) => step > 0);
  const first = positive.length > 0 ? leastOf(positive) : 1;
  const last = Math.max(greatestOf(positive), first);
  const { horizon } = preparation;
  // The horizon is shown unless the run ended long before it.
  const greatest = Math.max(last, horizon <= 3 * last ? horizon : 0, first * 3);
  const span = greatest / first;
  const room = span ** 0.03;
  const hasStart = steps.includes(0);
  const slot = first / span ** 0.075;
  const domain: [number, number] = [hasStart ? slot / room : first / room, greatest * room];
  const ticks = logTicks(first, greatest);
  return {
    axis: {
      label: '*t*\u2002(steps of gradient descent)',
      type: 'log',
      domain,
      ticks: hasStart ? [{ at: slot, label: '0' }, ...ticks] : ticks,
      minorFrom: first,
    },
    place: (step) => (step === 0 ? slot : step),
    gap: hasStart ? first / span ** 0.0375 : null,
  };
}

/** The x axis, broken between t = 0 and the first step. */
function drawBaseline({ svg, left, right, bottom, x }: Canvas, { gap }: TimeAxis): void {
  const line = (x1: number, x2: number, y1 = bottom, y2 = bottom): void =>
    svg.append(svgElement('line', { x1, x2, y1, y2, stroke: palette.ink.light, 'stroke-width': 1 }));
  if (gap === null) {
    line(left, right);
    return;
  }
  const at = x(gap);
  line(left, at - 2.5);
  line(at + 2.5, right);
  line(at - 4.5, at - 0.5, bottom + 4, bottom - 4);
  line(at + 0.5, at + 4.5, bottom + 4, bottom - 4);
}

function markZeros(canvas: Canvas, y: Axis, time: TimeAxis, curves: { points: Point[] }[]): void {
  if (y.type !== 'log') return;
  const zeros = curves.flatMap(({ points }) => points.filter(({ y: value }) => value === 0));
  for (const step of new Map(zeros.map(({ t, column }) => [column, t])).values()) {
    const at = canvas.x(time.place(step));
    const foot = canvas.bottom - 3;
    canvas.svg.append(
      svgElement('path', {
        d: `M${at - 4},${foot - 7}h8l-4,7z`,
        fill: palette.paper.light,
        stroke: palette.ink.light,
        'stroke-width': 1.1,
      }),
    );
  }
}

/** The horizon, and where a model diverged or the run was stopped. */
function markSteps(canvas: Canvas, setter: LabelSetter, result: Curves, { axis, place }: TimeAxis): void {
  const { horizon } = result.preparation;
  const { status } = result;
  const marks = [
    {
      at: horizon,
      label: `*T*/*c* = ${horizonMarkup(result.preparation)} = ${formatNumber(horizon)}`,
      stroke: palette.muted.light,
      dash: '2 2.5',
    },
    ...(status.kind === 'completed'
      ? []
      : [
          {
            at: place(status.step),
            label:
              status.kind === 'diverged'
                ? `${status.model} diverged at *t* = ${formatCount(status.step)}`
                : `stopped at *t* = ${formatCount(status.step)}`,
            stroke: palette.ink.light,
            dash: '6 2',
          },
        ]),
  ];
  const shown = marks.filter(({ at }) => at >= axis.domain[0] && at <= axis.domain[1]);
  for (const { at, stroke, dash } of shown) {
    const x = canvas.x(at);
    const { top: y1, bottom: y2 } = canvas;
    canvas.svg.append(
      svgElement('line', { x1: x, x2: x, y1, y2, stroke, 'stroke-width': 1, 'stroke-dasharray': dash }),
    );
    setter.avoid([
      { x, y: y1 },
      { x, y: y2 },
    ]);
  }
  for (const { at, label, stroke } of shown) {
    const x = canvas.x(at);
    const heights = [canvas.top + 9, canvas.bottom - 7, canvas.top + 26, canvas.bottom - 24];
    const places = heights.flatMap((y) => [
      { x: x + 5, y, anchor: 'start' as const },
      { x: x - 5, y, anchor: 'end' as const },
    ]);
    setter.place(label, places, stroke);
  }
}
