import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import type { Series } from '../../src/theory/claim.ts';
import { valueAxis } from './axes.ts';
import {
  type Canvas,
  type Figure,
  type FigureSize,
  LabelSetter,
  type LegendItem,
  defaultSize,
  drawFrame,
  finishFigure,
} from './frame.ts';
import { svgElement } from './svg.ts';
import { type Axis, linearTicks, logTicks } from './ticks.ts';
import { finite } from './measures.ts';
import { hueOf, palette } from './palette.ts';
import { boundStyle } from './sweep-figure.ts';
import { visibleIndices } from './visible-curve.ts';

const axisLabels = {
  step: '*t*\u2002(steps of gradient descent)',
  clock: '*τ* = *ηk*_{1}*t*/*d*\u2002(e-foldings of the linear model)',
  radius: '*s*\u2002in ‖*x*‖ = *s*√*d*',
  index: 'index',
} as const;

/** Curves that share their axis and their right-hand side (or have none), which is dashed. */
export function seriesFigure(
  series: readonly Series[],
  {
    slug,
    title,
    of,
    before = '',
    measured,
    size = defaultSize,
  }: {
    slug: string;
    title: string;
    /** The run, in the markup of notation.ts; '' where it needs no saying. */
    of: string;
    /** What the caption begins with. */
    before?: string;
    /** What several curves are of, where they measure the same. */
    measured?: string;
    size?: FigureSize;
  },
): Figure {
  const [{ axis, bound }] = series;
  // Steps are read on a log axis, which has no place for t = 0.
  const logarithmic = (axis === 'step' || axis === 'clock') && series.some(({ x }) => x.some((at) => at > 0));
  const single = series.length === 1;
  const curves = [
    ...(bound ? [{ ...boundStyle, x: series[0].x, y: bound.y, label: bound.symbol }] : []),
    ...series.map(({ x, y, symbol }, k) => ({
      x,
      y,
      label: single ? 'measured' : symbol,
      stroke: single ? palette.discrepancy.light : hueOf(k),
      strokeWidth: 2,
      dash: undefined,
    })),
  ].map((curve) => ({
    ...curve,
    points: curve.x
      .map((x, k) => ({ x, y: finite(curve.y[k]) }))
      .filter(({ x }) => (logarithmic ? x > 0 : Number.isFinite(x))),
  }));
  const along = abscissa(
    axis,
    logarithmic,
    curves.flatMap(({ points }) => points.map(({ x }) => x)),
  );
  for (const curve of curves) {
    const { points } = curve;
    const columnOf = (k: number): number => Math.floor(size.width * shareAlong(along, points[k].x));
    const visible = visibleIndices(points.length, columnOf, (k) => points[k].y);
    curve.points = visible.map((k) => points[k]);
  }
  const all = curves.flatMap(({ points }) => points);
  const y = valueAxis(
    single ? series[0].symbol : (measured ?? 'measured'),
    'auto',
    all.map((point) => point.y).filter(Number.isFinite),
  );
  const shown = curves.map((curve) => ({
    ...curve,
    points: curve.points.map((point) =>
      y.type === 'log' && !(point.y > 0) ? { ...point, y: Number.NaN } : point,
    ),
  }));
  const canvas = drawFrame({
    size,
    legend:
      single && !bound
        ? []
        : [...shown].reverse().map(({ label, stroke, strokeWidth, dash }): LegendItem => ({
            label,
            stroke,
            strokeWidth,
            dash,
          })),
    x: along,
    y,
    marks: shown.flatMap(({ points, stroke, strokeWidth, dash }) => [
      Plot.line(points, {
        x: 'x',
        y: 'y',
        stroke,
        strokeWidth,
        strokeDasharray: dash,
        strokeLinejoin: 'round',
      }),
      ...(points.length === 1 ? [Plot.dot(points, { x: 'x', y: 'y', r: 2.5, fill: stroke })] : []),
    ]),
  });
  const { svg, left, right, bottom } = canvas;
  svg.append(svgElement('line', { x1: left, x2: right, y1: bottom, y2: bottom, stroke: palette.ink.light }));
  if (axis === 'radius') {
    const setter = new LabelSetter(canvas);
    for (const { points } of shown) {
      const seen = points.filter((point) => Number.isFinite(point.y));
      setter.avoid(seen.map((point) => ({ x: canvas.x(point.x), y: canvas.y(point.y) })));
    }
    markShell(canvas, setter);
  }
  const zeros = curves.some(({ points }) => points.some((point) => point.y === 0));
  const over = {
    step: 'over the recorded steps',
    clock: 'over the recorded steps',
    radius: 'along the radius',
    index: 'over the index',
  }[axis];
  const symbols = series.map(({ symbol }) => symbol).join(', ');
  const what = measured === undefined ? symbols : `${measured} for ${symbols}`;
  return finishFigure(
    canvas,
    slug,
    title,
    `${before}${what} ${over}${of ? ` of the run ${of}` : ''}.${
      bound ? ` Dashed: ${bound.symbol}, the right-hand side with its constant taken as 1.` : ''
    }${y.type === 'log' && zeros ? ' Values of exactly 0 have no place on the logarithmic axis.' : ''}`,
  );
}

/** Where a value stands along an axis, from 0 at its beginning to 1 at its end. */
const shareAlong = ({ type, domain: [from, to] }: Axis, value: number): number =>
  type === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);

function abscissa(axis: Series['axis'], logarithmic: boolean, values: readonly number[]): Axis {
  const least = leastOf(values);
  const greatest = greatestOf(values);
  const label = axisLabels[axis];
  if (!Number.isFinite(least)) return { label, type: 'linear', domain: [0, 1], ticks: linearTicks(0, 1) };
  if (logarithmic) {
    const room = Math.max(1.08, (greatest / least) ** 0.03);
    const domain: [number, number] = [least / room, greatest * room];
    return { label, type: 'log', domain, ticks: logTicks(...domain), minorFrom: least };
  }
  const domain: [number, number] = least < greatest ? [least, greatest] : [least - 0.5, least + 0.5];
  return { label, type: 'linear', domain, ticks: linearTicks(...domain) };
}

/** Where the data lie: s = 1. */
function markShell(canvas: Canvas, setter: LabelSetter): void {
  const at = canvas.x(1);
  const { left, right, top, bottom, svg } = canvas;
  if (!(at >= left && at <= right)) return;
  const stroke = palette.muted.light;
  svg.append(
    svgElement('line', { x1: at, x2: at, y1: top, y2: bottom, stroke, 'stroke-dasharray': '2 2.5' }),
  );
  setter.place(
    '‖*x*‖ = √*d*',
    [top + 9, bottom - 7].flatMap((y) => [
      { x: at + 5, y, anchor: 'start' as const },
      { x: at - 5, y, anchor: 'end' as const },
    ]),
    stroke,
  );
}
