import { expect, test } from 'vitest';
import { measurePoint } from '../../src/experiment/point-measures.ts';
import type { RunResult, StepRecord } from '../../src/experiment/result.ts';
import { type PointOutcome, summarizeSweep } from '../../src/experiment/sweep-summary.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';

const sweep = parseSweep({
  name: 'powers',
  data: { distribution: 'gaussian', d: [10, 20, 40], n: '2*d', nTest: 0 },
  network: { width: 8, activation: ['erf', 'relu'] },
  training: { eta: 1, steps: 10 },
  seed: [0, 1, 2],
});

/** A point measured so that "power" is factor · d^−½ in every seed and "noise" is 1, 2, 3 over the seeds. */
const outcomeOf = (values: Record<string, number | string>): PointOutcome => ({
  kind: 'measured',
  diverged: false,
  measures: new Map([
    ['power', (values['activation'] === 'erf' ? 3 : 5) * Number(values['d']) ** -0.5],
    ['noise', Number(values['seed']) + 1],
  ]),
});
const outcomes = new Map(sweep.points.map(({ id, values }) => [id, outcomeOf(values)]));

test('means over seeds, with the standard error of the mean', () => {
  const { rows, measures, variable } = summarizeSweep(sweep, outcomes);
  expect(variable).toBe('d');
  expect(measures).toEqual(['power', 'noise']);
  expect(rows).toHaveLength(6);
  expect(rows[0]).toMatchObject({
    label: 'd = 10, activation = erf',
    values: { d: 10, activation: 'erf', n: 20 },
    runs: 3,
    diverged: 0,
    failed: 0,
  });
  // 1, 2, 3: mean 2, variance 1, error of the mean 1/√3.
  expect(rows[0].means['noise']).toEqual({ mean: 2, standardError: Math.sqrt(1 / 3), runs: 3 });
});

test('powers of the variable, one for each choice of all else', () => {
  const { slopes } = summarizeSweep(sweep, outcomes);
  expect(slopes.map(({ label, values }) => ({ label, values }))).toEqual([
    { label: 'activation = erf', values: { activation: 'erf' } },
    { label: 'activation = relu', values: { activation: 'relu' } },
  ]);
  for (const { powers } of slopes) {
    expect(powers['power']!.exponent).toBeCloseTo(-0.5, 12);
    expect(powers['power']!.standardError).toBeCloseTo(0, 12);
    expect(powers['noise']!.exponent).toBeCloseTo(0, 12);
  }
});

test('a formula in a list makes one family, of which powers are fitted', () => {
  const families = parseSweep({
    data: { distribution: 'gaussian', d: [2, 4, 8], n: 50, nTest: 0 },
    network: { width: 8 },
    training: { eta: [0.3, '600*d'], steps: 10 },
    seed: [0, 1],
  });
  const measured = new Map(families.points.map(({ id, values }) => [id, outcomeOf(values)]));
  const { rows, slopes } = summarizeSweep(families, measured);
  expect(rows.map(({ label, runs }) => `${label}: ${runs}`).slice(0, 3)).toEqual([
    'd = 2, eta = 0.3: 2',
    'd = 2, eta = 1200: 2',
    'd = 4, eta = 0.3: 2',
  ]);
  expect(slopes.map(({ label, values }) => ({ label, values }))).toEqual([
    { label: 'eta = 0.3', values: { eta: 0.3 } },
    { label: 'eta = 600*d', values: { eta: '600*d' } },
  ]);
  for (const { powers } of slopes) expect(powers['power']!.exponent).toBeCloseTo(-0.5, 12);
});

test('points that failed, diverged or were not run are counted, and leave the numbers of the others', () => {
  const some = new Map(outcomes);
  const [first, second, third] = sweep.points.map(({ id }) => id);
  some.set(first, { kind: 'failed', reason: 'too large' });
  some.set(second, { kind: 'measured', diverged: true, measures: new Map([['noise', NaN]]) });
  some.delete(third);
  const { rows, failures, notRun } = summarizeSweep(sweep, some);
  expect(rows[0]).toMatchObject({ runs: 1, diverged: 1, failed: 1, means: {} });
  expect(failures).toEqual([{ id: first, label: 'd = 10, activation = erf, seed 0', reason: 'too large' }]);
  expect(notRun).toEqual([third]);
});

test('a single value of the variable has no slope, however many seeds', () => {
  const flat = parseSweep({
    data: { distribution: 'gaussian', d: [25], n: 50, nTest: 0 },
    network: { width: 8 },
    training: { eta: 1, steps: 10 },
    seed: [0, 1, 2],
  });
  const measured = new Map(flat.points.map(({ id, values }) => [id, outcomeOf(values)]));
  expect(summarizeSweep(flat, measured).slopes).toEqual([{ label: '', values: { d: 25 }, powers: {} }]);
});

test('rows are called by what follows from a free variable', () => {
  const free = parseSweep({
    variables: { p: [0.5, 1] },
    data: { distribution: 'gaussian', d: 16, n: 50, nTest: 0 },
    network: { width: '2*ceil(d^p/2)' },
    training: { eta: 1, steps: 10 },
  });
  const { rows } = summarizeSweep(free, new Map());
  expect(rows.map(({ label }) => label)).toEqual(['width = 4', 'width = 16']);
});

const record = (step: number, loss: number, discrepancy: number): StepRecord => ({
  step,
  train: {
    losses: { network: loss, linear: loss + 1 },
    discrepancies: { linear: discrepancy },
    clippedDiscrepancy: discrepancy,
  },
  test: null,
  movement: { W: 0, v: 0, beta: 0 },
  outputs: { network: [], linear: [] },
});

const result = {
  status: { kind: 'completed' },
  preparation: { horizon: 8 },
  records: [record(0, 9, 0), record(3, 7, 0.25), record(4, 6, 0.125), record(5, 5, 2)],
  claims: [{ claim: 4, quantities: [{ key: 'norm', value: 0.75 }] }],
} as unknown as RunResult;

test('what is measured of a point: last losses, largest discrepancies early and late, its claims', () => {
  expect([...measurePoint(result)]).toEqual([
    ['train_network_loss', 5],
    ['train_linear_loss', 6],
    ['train_early_discrepancy', 0.25],
    ['train_largest_discrepancy', 2],
    ['claim_4_norm', 0.75],
  ]);
  const late = measurePoint({ ...result, preparation: { horizon: 1 } } as RunResult);
  expect(late.has('train_early_discrepancy')).toBe(false);
  const diverged = { ...result, status: { kind: 'diverged', step: 4, model: 'network', loss: Infinity } };
  expect([...measurePoint(diverged as RunResult)]).toEqual([['claim_4_norm', 0.75]]);
});
