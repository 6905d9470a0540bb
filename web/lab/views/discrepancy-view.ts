import type { StepRecord } from '../../../src/experiment/result.ts';
import { discrepancies, finite } from '../../figures/measures.ts';
import type { View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { models, setDashes, setNames } from './model-styles.ts';
import { anyRecord, setsOf, trainsLinearized } from './recorded.ts';
import type { Curve } from './seen-curves.ts';
import { timeView } from './time-view.ts';

const isClipped = ({ test }: StepRecord): boolean =>
  test !== null && test.clippedDiscrepancy !== test.discrepancies.linear;

/** The mean squared difference of network and linear model over t. */
export const createDiscrepancyView = (time: AxisChoice, values: AxisChoice): View =>
  timeView('Discrepancy over time', time, values, (recording) => {
    const { records } = recording;
    const sets = setsOf(recording);
    const purple = { name: 'network and linear model', colour: 'var(--discrepancy)', width: 2 };
    const clips = anyRecord(recording, isClipped);
    const curves: Curve[] = [
      ...(trainsLinearized(recording)
        ? [
            {
              ...models.linearized,
              name: 'network and linearized network',
              set: setNames.train,
              y: (index: number) => finite(records[index].train.discrepancies['linearized']),
            },
          ]
        : []),
      ...sets.map((set) => ({
        ...purple,
        set: setNames[set],
        dash: setDashes[set],
        y: (index: number) => discrepancies[set](records[index]),
      })),
      ...(clips
        ? [
            {
              ...purple,
              set: 'test, clipped at 1',
              dash: '1.5 4',
              y: (index: number) => discrepancies.clippedTest(records[index]),
            },
          ]
        : []),
    ];
    return { yLabel: 'discrepancy\u2002⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩', curves };
  });
