import { expect, test } from 'vitest';
import type { SetMeasures, StepRecord } from '../../src/experiment/result.ts';
import { csvHeader, csvRow } from '../../src/experiment/records-csv.ts';

const measures = (first: number): SetMeasures => ({
  losses: { network: first, linear: 0.1 },
  discrepancies: { linear: 1e-30 },
  clippedDiscrepancy: 0,
});

const record: StepRecord = {
  step: 12,
  train: measures(0.30000000000000004),
  test: null,
  movement: { W: Infinity, v: -Infinity, beta: NaN },
  outputs: { network: [1, -2], linear: [3, 4] },
};

test('one column a value, every digit, in the spelling that numeric readers know', () => {
  expect(csvHeader(record)).toBe(
    'step,train_network_loss,train_linear_loss,train_discrepancy,train_clipped_discrepancy,movement_W,movement_v,movement_beta,network_output_0,network_output_1,linear_output_0,linear_output_1',
  );
  expect(csvRow(record)).toBe('12,0.30000000000000004,0.1,1e-30,0,inf,-inf,NaN,1,-2,3,4');
});

test('test set and linearized network have columns of their own where they are measured', () => {
  const linearized = {
    losses: { network: 1, linear: 0.1, linearized: 5 },
    discrepancies: { linear: 1e-30, linearized: 6 },
    clippedDiscrepancy: 0,
  };
  const full = {
    ...record,
    train: linearized,
    test: linearized,
    outputs: { network: [], linear: [], linearized: [7] },
  };
  const row = Object.fromEntries(
    csvHeader(full)
      .split(',')
      .map((column, i) => [column, csvRow(full).split(',')[i]]),
  );
  expect(row).toMatchObject({
    train_linearized_loss: '5',
    test_linearized_discrepancy: '6',
    linearized_output_0: '7',
  });
});
