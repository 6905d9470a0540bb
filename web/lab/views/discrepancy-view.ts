import { discrepancies, finite } from '../../figures/measures.ts';
import type { View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import type { Curve } from './line-chart.ts';
import { models, setDashes, setNames } from './model-styles.ts';
import { setsOf, trainsLinearized } from './recorded.ts';
import { timeView } from './time-view.ts';

/** The mean squared difference of network and linear model over t. */
export const createDiscrepancyView = (time: AxisChoice, values: AxisChoice): View =>
  timeView('Discrepancy over time', time, values, (recording) => {
    const { records } = recording;
    const sets = setsOf(recording);
    const purple = { name: 'network and linear model', colour: 'var(--discrepancy)', width: 2 };
    const clips = records.some(({ test }) => test && test.clippedDiscrepancy !== test.discrepancy);
    const curves: Curve[] = [
      ...(trainsLinearized(recording)
        ? [
            {
              ...models.linearized,
              name: 'network and linearized network',
              set: setNames.train,
              y: records.map(({ train }) => finite(train.linearizedDiscrepancy)),
            },
          ]
        : []),
      ...sets.map((set) => ({
        ...purple,
        set: setNames[set],
        dash: setDashes[set],
        y: records.map(discrepancies[set]),
      })),
      ...(clips
        ? [{ ...purple, set: 'test, clipped at 1', dash: '1.5 4', y: records.map(discrepancies.clippedTest) }]
        : []),
    ];
    return { yLabel: 'discrepancy\u2002⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩', curves };
  });
