import * as Plot from '@observablehq/plot';
import { colourOf } from '../../figures/diverging.ts';
import { formatCount } from '../../figures/format.ts';
import { type Figure, drawFrame, finishFigure } from '../../figures/frame.ts';
import { inPrint } from '../../figures/palette.ts';
import type { Snapshot, Stage } from '../recording.ts';
import { labels, scatterOf } from './scatter.ts';

/** The network's outputs against the linear model's at one step, as a figure that stands alone. */
export function scatterFigure(snapshot: Snapshot, stage: Stage, tested: boolean): Figure {
  const { outputs, axis, scale } = scatterOf(snapshot, stage, tested);
  const dots = outputs.map(({ network, linear, targets }, k) =>
    Plot.dot(
      Array.from(network, (y, point) => ({
        x: linear[point],
        y,
        fill: colourOf(targets[point] ?? 0, scale, 'light'),
      })),
      {
        x: 'x',
        y: 'y',
        r: k === 0 ? 2.6 : 1.6,
        fill: (point: { fill: string }) => point.fill,
        stroke: inPrint('ink'),
        strokeOpacity: 0.45,
        strokeWidth: 0.5,
      },
    ),
  );
  const canvas = drawFrame({
    size: { width: 460, height: 460 },
    legend: [],
    x: { ...axis, label: labels.x },
    y: { ...axis, label: labels.y },
    marks: [
      Plot.line(
        axis.domain.map((at) => ({ x: at, y: at })),
        { x: 'x', y: 'y', stroke: inPrint('muted'), strokeDasharray: '5 4' },
      ),
      ...dots.toReversed(),
    ],
  });
  const counts = outputs.map(
    ({ set, network }, k) => `${formatCount(network.length)} ${set} points${k > 0 ? ' (smaller)' : ''}`,
  );
  return finishFigure(
    canvas,
    'scatter',
    'Outputs of the network against those of the linear model',
    `Outputs of the network against those of the linear model on ${counts.join(' and ')} at *t* = ${formatCount(snapshot.step)}, coloured by target, from pink for negative ones to green for positive ones. On the dashed line both agree.`,
  );
}
