import * as Plot from '@observablehq/plot';
import { valueAxis } from './axes.ts';
import { zeroPath } from './axis-marks.ts';
import { type Chart, type CurvesOver, type Look, legendOf } from './charts/chart.ts';
import {
  type Canvas,
  type FigureSize,
  LabelSetter,
  axisLabelRise,
  drawBaseline,
  drawFrame,
} from './frame.ts';
import { hues, inPrint } from './palette.ts';
import { drawText, svgElement } from './svg.ts';
import { targetRows } from './target-rows.ts';
import { type Axis, placeOf, shareAlong } from './ticks.ts';
import { visibleIndices } from './visible-curve.ts';

/** A chart in a file's frame. */
export interface DrawnChart extends Canvas {
  /** Whether values of exactly 0 are marked at the foot of a logarithmic axis. */
  zeros: boolean;
}

interface Point {
  /** In units of the axis. */
  x: number;
  y: number;
  /** The pixel column that x falls into. */
  column: number;
  /** Whether it stands left of the break in the axis. */
  apart: boolean;
}

/**
 * Paints a chart as an SVG that stands alone. Of any number of values it draws what its pixels can show. `beside` are curves
 * over x values of their own on the same axes.
 */
export function drawChart(chart: Chart, size: FigureSize, beside: readonly CurvesOver[] = []): DrawnChart {
  const { rules = [], marks = [], targets = [] } = chart;
  const { axis } = chart.x;
  const drawn = [chart, ...beside].flatMap((over) => curvesOf(over, axis, size.width));
  const values = [
    ...drawn.flatMap(({ points }) => points.map(({ y }) => y)),
    ...[...rules, ...targets].map(({ at }) => at),
    ...(chart.y.include ?? []),
  ].filter(Number.isFinite);
  const y = valueAxis(chart.y.label, chart.y.scale, values);
  const onAxis = (value: number): boolean => Number.isFinite(value) && (y.type === 'linear' || value > 0);
  const shown = drawn.map(({ points, ...curve }) => ({
    ...curve,
    points: points.map((point) => (onAxis(point.y) ? point : { ...point, y: Number.NaN })),
  }));
  const lines = rules.filter(({ at }) => onAxis(at));
  const lettered = targets.length <= hues.length;
  const canvas = drawFrame({
    size,
    marginRight: targets.length === 0 ? 14 : lettered ? 86 : 30,
    // Targets name the curves at the edge.
    legend: legendOf(
      [chart, ...beside].flatMap(({ curves }) => curves),
      targets.length === 0,
    ),
    x: axis,
    y,
    marks: [
      ...lines.map(({ at, colour }) =>
        Plot.ruleY([at], {
          stroke: inPrint(colour),
          strokeWidth: 1,
          x1: axis.domain[0],
          x2: axis.domain[1],
        }),
      ),
      ...shown.flatMap(({ look, points }) => curveMarks(look, points)),
    ],
  });
  const { svg, left, right, top, bottom } = canvas;
  drawBaseline(canvas, axis);
  const zeros =
    y.type === 'log' ? drawn.flatMap(({ points }) => points.filter((point) => point.y === 0)) : [];
  for (const x of new Map(zeros.map((point) => [point.column, point.x])).values()) {
    const d = zeroPath(canvas.x(x), bottom);
    const ring = { fill: inPrint('paper'), stroke: inPrint('ink'), 'stroke-width': 1.1 };
    svg.append(svgElement('path', { ...ring, d }));
  }
  const setter = new LabelSetter(canvas);
  for (const { points } of shown) {
    const seen = points.filter((point) => Number.isFinite(point.y));
    setter.avoid(seen.map((point) => ({ x: canvas.x(point.x), y: canvas.y(point.y) })));
  }
  for (const { at } of lines) setter.avoid([left, right].map((x) => ({ x, y: canvas.y(at) })));
  drawMarks(canvas, setter, marks, axis);
  for (const rule of rules) {
    const beneath = !lines.includes(rule);
    const height = beneath ? bottom - 10 : canvas.y(rule.at);
    const label = beneath ? `${rule.label} ↓` : rule.label;
    const places = [left + 6, right - 2, (left + right) / 2].flatMap((x, k) =>
      [height - 5, height + 14].map((place) => ({
        x,
        y: place,
        anchor: (['start', 'end', 'middle'] as const)[k],
      })),
    );
    setter.place(label, places, inPrint(rule.colour));
  }
  if (targets.length > 0) drawTargets(canvas, targets, lettered);
  if (targets.length > 0 && lettered) {
    drawText(svg, 'targets', { x: right + 9, y: top - axisLabelRise, size: 11.5, fill: inPrint('muted') });
  }
  return { ...canvas, zeros: zeros.length > 0 };
}

/** What can be seen of curves. */
function curvesOf({ x, curves }: CurvesOver, axis: Axis, width: number): { look: Look; points: Point[] }[] {
  const places = Array.from({ length: x.count }, (_, index) => shareAlong(axis, x.at(index)));
  const columns = places.map((place) => Math.floor(width * place));
  return curves.map(({ y, ...look }) => ({
    look,
    points: visibleIndices(x.count, (index) => columns[index], y)
      // What has no place on the axis is no part of a curve.
      .filter((index) => Number.isFinite(places[index]))
      .map((index) => {
        const at = x.at(index);
        const apart = at === 0 && axis.apart !== undefined;
        return { x: placeOf(axis, at), y: y(index), column: columns[index], apart };
      }),
  }));
}

function curveMarks(look: Look, points: readonly Point[]): Plot.Markish[] {
  const { width: strokeWidth, opacity = 1, dash: strokeDasharray, dots } = look;
  const stroke = inPrint(look.colour);
  const at = { x: 'x', y: 'y' } as const;
  if (dots !== undefined) {
    const ring = { stroke, strokeWidth: 1.6, fill: look.hollow ? inPrint('paper') : stroke };
    return [Plot.dot(points, { ...at, r: dots, ...(look.hollow ? ring : { fill: stroke }) })];
  }
  const after = points.filter(({ apart }) => !apart);
  // A point without neighbours makes no line: it gets a dot, as does what stands apart.
  const alone = after.filter(
    ({ y }, k) =>
      Number.isFinite(y) && !Number.isFinite(after[k - 1]?.y) && !Number.isFinite(after[k + 1]?.y),
  );
  const dotted = [...points.filter(({ apart, y }) => apart && Number.isFinite(y)), ...alone];
  return [
    Plot.line(after, {
      ...at,
      stroke,
      strokeWidth,
      strokeOpacity: opacity,
      strokeDasharray,
      strokeLinejoin: 'round',
    }),
    Plot.dot(dotted, { ...at, r: 1.2 + strokeWidth / 2, fill: stroke, fillOpacity: opacity }),
  ];
}

/** Vertical lines, each with its label where that covers least. */
function drawMarks(canvas: Canvas, setter: LabelSetter, marks: Chart['marks'] & object, axis: Axis): void {
  const { top: y1, bottom: y2 } = canvas;
  const shown = marks.flatMap((mark) => {
    const share = shareAlong(axis, mark.at);
    if (!(share >= 0 && share <= 1)) return [];
    const x = canvas.left + share * (canvas.right - canvas.left);
    return [{ ...mark, x, stroke: inPrint(mark.strong ? 'ink' : 'muted') }];
  });
  for (const { x, stroke, strong } of shown) {
    const dash = { 'stroke-width': 1, 'stroke-dasharray': strong ? '6 2' : '2 2.5' };
    canvas.svg.append(svgElement('line', { x1: x, x2: x, y1, y2, stroke, ...dash }));
    setter.avoid([
      { x, y: y1 },
      { x, y: y2 },
    ]);
  }
  for (const { x, label, stroke } of shown) {
    const places = [y1 + 9, y2 - 7, y1 + 26, y2 - 24].flatMap((y) => [
      { x: x + 5, y, anchor: 'start' as const },
      { x: x - 5, y, anchor: 'end' as const },
    ]);
    setter.place(label, places, stroke);
  }
}

/** Values at the right edge, those too close to tell apart side by side. */
function drawTargets(canvas: Canvas, targets: NonNullable<Chart['targets']>, lettered: boolean): void {
  const { svg, right } = canvas;
  const { apart, step, columns } = lettered
    ? { apart: 13, step: 15, columns: 5 }
    : { apart: 5, step: 4, columns: 4 };
  for (const { y, label, colour, place } of targetRows(targets, canvas.y, apart)) {
    const fill = inPrint(colour);
    const x = right + 9 + step * (place % columns);
    const stroke = lettered ? fill : inPrint('ink');
    svg.append(svgElement('line', { x1: right, x2: right + 6, y1: y, y2: y, stroke }));
    if (lettered) {
      const below = 13 * Math.floor(place / columns);
      drawText(svg, label, { x, y: y + 4 + below, fill, bold: true });
    } else {
      svg.append(svgElement('circle', { cx: x + 2, cy: y, r: 2.4, fill }));
    }
  }
}
