import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import type { Field } from '../../src/theory/claim.ts';
import { barRoom, drawColourBar } from './colour-bar.ts';
import { type ColourScale, colourAt } from './diverging.ts';
import {
  type Canvas,
  type Figure,
  bottomMargin,
  drawFrame,
  finishFigure,
  leftMargin,
  topMargin,
} from './frame.ts';
import { drawText, svgElement } from './svg.ts';
import { type Axis, linearTicks, logTicks, shareAlong } from './ticks.ts';
import { finite } from './measures.ts';
import { palette } from './palette.ts';

/** Shades between the least and the greatest value. */
const shades = 24;

/**
 * A heat map of a field over its plane, with the shell ‖x‖ = √d that the data lie on as a circle. Where the field has both
 * signs, from pink over white at 0 to green as in diverging.ts, else in Viridis: both are told apart by every common kind of colour vision.
 */
export function fieldFigure(
  { values, side, extent, symbol }: Field,
  {
    slug,
    title,
    of,
    before = '',
    width = 480,
    colours,
  }: {
    slug: string;
    title: string;
    of: string;
    before?: string;
    width?: number;
    /** The colours around 0, where they are not those of the field's own values. */
    colours?: ColourScale;
  },
): Figure {
  const shown = values.map(finite);
  const scale = colours
    ? linearAxis(symbol, [-colours.greatest, colours.greatest])
    : colourAxis(symbol, shown.filter(Number.isFinite));
  // A contour reaches half a cell beyond the outermost points; `trim` cuts there.
  const reach = extent * (1 + 1 / Math.max(side - 1, 1));
  const domain: [number, number] = [-extent, extent];
  const ticks = linearTicks(...domain);
  const square = width - leftMargin(ticks) - barRoom;
  const color = {
    type: scale.type,
    domain: scale.domain,
    ...(hasBothSigns(scale)
      ? { interpolate: (share: number) => colourAt((2 * share - 1) * (colours?.depth ?? 1)) }
      : { scheme: 'viridis' as const }),
  } as const;
  const canvas = drawFrame({
    size: { width, height: topMargin(1) + square + bottomMargin },
    marginRight: barRoom,
    legend: [{ label: '‖*x*‖ = √*d*', colour: 'ink', width: 0, dots: 3, hollow: true }],
    x: { label: 'first direction of the plane, in units of √*d*', type: 'linear', domain, ticks },
    y: { label: 'second direction', type: 'linear', domain, ticks },
    color,
    marks: [
      Plot.contour(
        shown.map((value) => Math.max(value, scale.domain[0])),
        {
          width: side,
          height: side,
          x1: -reach,
          x2: reach,
          y1: -reach,
          y2: reach,
          fill: Plot.identity,
          thresholds: shadesOf(scale),
          stroke: 'none',
        },
      ),
    ],
  });
  trim(canvas, ticks, canvas.x(reach) - canvas.x(extent));
  const words = `colour${scale.type === 'log' ? ' (log scale)' : ''}:\u2002${symbol}`;
  drawText(canvas.svg, words, { x: width - 4, y: 14, anchor: 'end' });
  drawShell(canvas);
  const applied = Plot.scale({ color });
  drawColourBar(
    canvas,
    scale.ticks.map(({ at, label }) => ({ share: shareAlong(scale, at), label })),
    shadesOf(scale).map((value) => applied.apply(value) as string),
  );
  return finishFigure(
    canvas,
    slug,
    title,
    `${before}${symbol} over a plane through the origin of input space${of ? `, run ${of}` : ''}. The circle is the shell ‖*x*‖ = √*d*.`,
  );
}

/** Logarithmic where positive values span more than a factor 30. */
function colourAxis(label: string, values: readonly number[]): Axis {
  const least = leastOf(values);
  const greatest = greatestOf(values);
  if (!(least < greatest)) {
    const only = Number.isFinite(least) ? least : 0;
    return linearAxis(label, [only, only + 1]);
  }
  // A value of exactly 0, or nearly, must not stretch the scale over empty decades: its foot is the second percentile.
  const positive = values.filter((value) => value > 0).sort((a, b) => a - b);
  const foot = positive[Math.floor(0.02 * positive.length)];
  if (least >= 0 && greatest / foot > 30) {
    const domain: [number, number] = [foot, greatest];
    return { label, type: 'log', domain, ticks: logTicks(...domain) };
  }
  // Around 0 where there are both signs, so that its colour is the middle one.
  const size = Math.max(-least, greatest);
  return linearAxis(label, least < 0 && greatest > 0 ? [-size, size] : [least, greatest]);
}

const linearAxis = (label: string, domain: [number, number]): Axis => ({
  label,
  type: 'linear',
  domain,
  ticks: linearTicks(...domain),
});

const hasBothSigns = ({ domain: [from, to] }: Axis): boolean => from < 0 && to > 0;

/** The lower ends of the shades, evenly spaced on the scale. */
function shadesOf({ type, domain: [from, to] }: Axis): number[] {
  return Array.from({ length: shades }, (_, k) =>
    type === 'log' ? from * (to / from) ** (k / shades) : from + ((to - from) * k) / shades,
  );
}

function drawShell({ svg, x, y }: Canvas): void {
  const ellipse = { cx: x(0), cy: y(0), rx: x(1) - x(0), ry: y(0) - y(1), fill: 'none' };
  // On every shade one of both is seen. By name: the page's style sheet turns only the palette's colours dark.
  svg.append(
    svgElement('ellipse', { ...ellipse, stroke: 'black', 'stroke-width': 3.2, 'stroke-opacity': 0.55 }),
    svgElement('ellipse', { ...ellipse, stroke: 'white', 'stroke-width': 1.6 }),
  );
}

/** Covers what is drawn beyond the square and gives it its frame and the ticks that were covered. */
function trim({ svg, left, right, top, bottom, x }: Canvas, ticks: Axis['ticks'], overflow: number): void {
  const [width, height, edge] = [right - left, bottom - top, overflow + 1];
  const fill = palette.paper.light;
  const stroke = palette.ink.light;
  svg.append(
    svgElement('rect', { x: left - edge, y: top - edge, width: width + 2 * edge, height: edge, fill }),
    svgElement('rect', { x: left - edge, y: bottom, width: width + 2 * edge, height: edge, fill }),
    svgElement('rect', { x: left - edge, y: top, width: edge, height, fill }),
    svgElement('rect', { x: right, y: top, width: edge, height, fill }),
    svgElement('rect', { x: left, y: top, width, height, fill: 'none', stroke }),
    ...ticks.map(({ at }) =>
      svgElement('line', { x1: x(at), x2: x(at), y1: bottom, y2: bottom + 5, stroke }),
    ),
  );
}
