import { expect, test } from 'vitest';
import type { SweepSummary } from '../../src/experiment/sweep-summary.ts';
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
