import { drawnPoints, finite } from '../../figures/measures.ts';
import type { View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { timeView } from './time-view.ts';

/** Hues of web/figures/palette.ts, one a watched point. */
const hueCount = 7;

/** Outputs on the watched points over t: network solid, linear model dashed, targets at the right edge. */
export const createOutputsView = (time: AxisChoice): View =>
  timeView('Outputs on watched points', time, null, ({ records, preparation }) => {
    const watched = preparation?.watched ?? { set: 'test', indices: [], targets: [] };
    const points = drawnPoints(watched.indices.length);
    const hue = (point: number): string => `var(--hue-${(point % hueCount) + 1})`;
    return {
      yLabel: `output on ${watched.set === 'test' ? 'test' : 'training'} points`,
      // The first point is drawn on top.
      curves: points.toReversed().flatMap((point) =>
        (['linear', 'network'] as const).map((model) => ({
          name: `*x*_{${point + 1}}`,
          set: model === 'linear' ? 'linear model' : 'network',
          colour: hue(point),
          width: model === 'linear' ? 1.8 : 2.2,
          dash: model === 'linear' ? '5 4' : undefined,
          y: (index: number) => finite(records[index].outputs[model][point]),
        })),
      ),
      targets: points.map((point) => ({ at: watched.targets[point], colour: hue(point) })),
      note: !preparation
        ? ''
        : watched.indices.length > 0
          ? `Wedges at the right edge: targets.${points.length < watched.indices.length ? ` Drawn are ${points.length} of the ${watched.indices.length} watched points.` : ''}`
          : 'No points are watched.',
    };
  });
