import { drawnPoints, finite } from '../measures.ts';
import { hueOf, hues } from '../palette.ts';
import type { TimeChart } from './over-time.ts';
import type { Run } from './run.ts';

/** Outputs on the watched points over t: network solid, linear model dashed, one hue a point, targets at the right edge. */
export function outputsChart({ preparation, records }: Run): TimeChart {
  const { indices, set, targets } = preparation?.watched ?? { set: 'test', indices: [], targets: [] };
  const points = drawnPoints(indices.length);
  const looks = {
    linear: { set: 'linear model', width: 1.6, dash: '4.5 3' },
    network: { set: 'network', width: 2, dash: undefined },
  } as const;
  const one = points.length === 1;
  return {
    slug: 'outputs',
    title: 'Outputs on watched points over time',
    y: { label: `output on watched ${set === 'test' ? 'test' : 'training'} points`, scale: 'linear' },
    // The first point is drawn on top.
    curves: points.toReversed().flatMap((point) =>
      (['linear', 'network'] as const).map((model) => ({
        ...looks[model],
        name: `*x*_{${point + 1}}`,
        colour: hueOf(point),
        y: (index: number) => finite(records[index].outputs[model][point]),
      })),
    ),
    targets: points.map((point) => ({
      at: targets[point],
      label: `*y*_{${point + 1}}`,
      colour: hueOf(point),
    })),
    caption: () =>
      `Outputs of the network (solid) and of the linear model (dashed) on ${
        one ? `one ${set} point` : `${points.length} ${set} points`
      }${points.length < indices.length ? ` of the ${indices.length} that were watched, spread evenly among them` : ''}, one hue a point; ${one ? 'its target' : 'their targets'}${
        points.length <= hues.length ? ` *y*_{${one ? '1' : '*i*'}}` : ''
      } stand${one ? 's' : ''} at the right edge.`,
  };
}
