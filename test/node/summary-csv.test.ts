import { expect, test } from 'vitest';
import type { SweepSummary } from '../../src/experiment/sweep-summary.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { runsCsv } from '../../src/node/runs-csv.ts';
import { summaryCsv } from '../../src/node/summary-csv.ts';

const summary: SweepSummary = {
  format: 'first-light/summary',
  version: 1,
  name: 'sweep',
  variable: 'd',
  measures: ['loss', 'claim_4_norm'],
  rows: [
    {
      label: 'd = 10',
      values: { d: 10, x: 'a "b", c.npy' },
      runs: 2,
      diverged: 1,
      failed: 0,
      means: { loss: { mean: 0.1, standardError: 0.30000000000000004, runs: 2 } },
    },
  ],
  slopes: [
    {
      label: '',
      values: { x: 'plain' },
      powers: { claim_4_norm: { exponent: -0.25, standardError: null, interval: null } },
    },
  ],
  failures: [],
  notRun: [],
};

test('means, then slopes, every digit; empty where there is no value, text in quotes where it needs them', () => {
  expect(summaryCsv(summary).split('\n')).toEqual([
    'row,d,x,runs,diverged,failed,loss,loss_standard_error,claim_4_norm,claim_4_norm_standard_error',
    'mean,10,"a ""b"", c.npy",2,1,0,0.1,0.30000000000000004,,',
    'slope,,plain,,,,,,-0.25,',
    '',
  ]);
});

test('a row a run that has ended, with its seed and how it ended; all that it lacks is empty', () => {
  const sweep = parseSweep({
    data: { distribution: ['gaussian', 'sphere'], d: 'n/4', n: 8 },
    network: { width: 4 },
    training: { eta: [1, 2], steps: 3 },
    seed: 7,
  });
  const [first, second, third] = sweep.points.map(({ id }) => id);
  const measures = (entries: [string, number][]) => new Map(entries);
  const text = runsCsv(
    sweep,
    new Map([
      [
        first,
        {
          kind: 'measured',
          diverged: false,
          measures: measures([
            ['loss', 0.1],
            ['norm', Infinity],
          ]),
        },
      ],
      [second, { kind: 'measured', diverged: true, measures: measures([['norm', 1e-20]]) }],
      [third, { kind: 'failed', reason: 'it broke' }],
    ]),
  );
  expect(text.split('\n')).toEqual([
    'run,distribution,eta,d,seed,status,loss,norm',
    'distribution-gaussian_eta-1,gaussian,1,2,7,completed,0.1,inf',
    'distribution-gaussian_eta-2,gaussian,2,2,7,diverged,,1e-20',
    'distribution-sphere_eta-1,sphere,1,2,7,failed,,',
    '',
  ]);
});
