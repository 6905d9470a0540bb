import type { StepRecord } from '../../../src/experiment/result.ts';
import { discrepancies, finite } from '../measures.ts';
import type { Curve } from './chart.ts';
import { models, sets } from './looks.ts';
import type { TimeChart } from './over-time.ts';
import { type Run, anyRecord, recordedModels, recordedSets } from './run.ts';

/** Where no square passes 1 the clipped curve is the other one again. */
const isClipped = ({ test }: StepRecord): boolean =>
  test !== null && test.clippedDiscrepancy !== test.discrepancies.linear;

/** Mean squared discrepancy of network and linear model over t, on train, test and test clipped at 1. */
export function discrepancyChart(run: Run): TimeChart {
  const { records } = run;
  const measured = recordedSets(run);
  const clips = anyRecord(run, isClipped);
  const linearized = recordedModels(run).includes('linearized');
  const refinements = refinementsOf(run);
  const toModel = (model: string) => (index: number) => finite(records[index].train.discrepancies[model]);
  const shown = [...measured, ...(clips ? (['clippedTest'] as const) : [])];
  return {
    slug: 'discrepancy',
    title: 'Discrepancy of the network and the linear model over time',
    y: { label: 'discrepancy\u2002⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩', scale: 'log' },
    curves: [
      ...refinements.map((model, k): Curve => ({
        name: `network and ${model} linear model`,
        set: sets.train.set,
        colour: 'linear',
        width: 1.8,
        dash: ['5 3', '2 2.5'][k],
        y: toModel(model),
      })),
      ...(linearized
        ? [
            {
              ...models.linearized,
              ...sets.train,
              name: 'network and linearized network',
              y: toModel('linearized'),
            },
          ]
        : []),
      ...shown.map((set): Curve => ({
        ...sets[set],
        name: 'network and linear model',
        colour: 'discrepancy',
        width: 2,
        y: (index) => discrepancies[set](records[index]),
      })),
    ],
    caption: () =>
      `Mean squared difference of the network’s and the linear model’s outputs, on training points (solid)${
        measured.length > 1
          ? clips
            ? ', test points (dashed) and test points with each square clipped at 1 (dotted)'
            : ' and test points (dashed; no square passed 1, so clipping changes nothing)'
          : ''
      }${linearized ? '; in green, the same difference to the linearized network' : ''}${
        refinements.length > 0 ? `; in orange, to the linear model ${refinements.join(' and ')}` : ''
      }.${records[0]?.step === 0 && records[0].train.discrepancies.linear === 0 ? ' At *t* = 0 it is exactly 0 (open triangle).' : ''}`,
  };
}

/** Linear models that trained beside the theory's. */
const refinementsOf = ({ records }: Run): string[] =>
  Object.keys(records[0]?.train.discrepancies ?? {}).filter(
    (key) => key !== 'linear' && key !== 'linearized',
  );
