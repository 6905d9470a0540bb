import * as Plot from '@observablehq/plot';
import { formatCount } from '../../figures/format.ts';
import { type Figure, drawFrame, finishFigure } from '../../figures/frame.ts';
import { linearTicks } from '../../figures/ticks.ts';
import { palette } from '../../figures/palette.ts';
import type { Snapshot, Stage } from '../recording.ts';
import { colourOf, colourScale } from './diverging.ts';
import { targetScale } from './target-scale.ts';

/** The network's outputs against the linear model's at one step, as a figure that stands alone. */
export function scatterFigure({ step, network, linear }: Snapshot, { targets }: Stage): Figure {
  const scale = targetScale(targets);
  const reach = 1.08 * Math.max(scale.greatest, colourScale('linear', network, linear).greatest);
  const domain: [number, number] = [-reach, reach];
  const ticks = linearTicks(...domain);
  const points = Array.from(network, (y, k) => ({
    x: linear[k],
    y,
    fill: colourOf(targets[k] ?? 0, scale, 'light'),
  }));
  const ends = domain.map((at) => ({ x: at, y: at }));
  const canvas = drawFrame({
    size: { width: 460, height: 460 },
    legend: [],
    x: { label: 'output of the linear model\u2002*f*_{lin,*t*}(*x*)', type: 'linear', domain, ticks },
    y: { label: 'output of the network\u2002*f*_{*t*}(*x*)', type: 'linear', domain, ticks },
    marks: [
      Plot.line(ends, { x: 'x', y: 'y', stroke: palette.muted.light, strokeDasharray: '5 4' }),
      Plot.dot(points, {
        x: 'x',
        y: 'y',
        r: 2.6,
        fill: (point: { fill: string }) => point.fill,
        stroke: palette.ink.light,
        strokeOpacity: 0.45,
        strokeWidth: 0.5,
      }),
    ],
  });
  return finishFigure(
    canvas,
    'scatter',
    'Outputs of the network against those of the linear model',
    `Outputs of the network against those of the linear model on ${formatCount(network.length)} points at *t* = ${formatCount(step)}, coloured by target, from pink for negative ones to green for positive ones. On the dashed line both agree.`,
  );
}
