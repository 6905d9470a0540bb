import type { Series } from '../../src/theory/claim.ts';
import { seriesChart } from './charts/claim-series.ts';
import { drawChart } from './draw-chart.ts';
import { type Figure, type FigureSize, defaultSize, finishFigure } from './frame.ts';

const over = {
  step: 'over the recorded steps',
  clock: 'over the recorded steps',
  radius: 'along the radius',
  index: 'over the index',
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
  const chart = seriesChart(series, measured);
  const canvas = drawChart(chart, size, chart.beside);
  const symbols = series.map(({ symbol }) => symbol).join(', ');
  const what = measured === undefined ? symbols : `${measured} for ${symbols}`;
  return finishFigure(
    canvas,
    slug,
    title,
    `${before}${what} ${over[axis]}${of ? ` of the run ${of}` : ''}.${
      bound ? ` Dashed: ${bound.symbol}, the right-hand side with its constant taken as 1.` : ''
    }${canvas.zeros ? ' Values of exactly 0 have no place on the logarithmic axis: open triangles at its foot.' : ''}`,
  );
}
