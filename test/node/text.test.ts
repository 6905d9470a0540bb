import { expect, test } from 'vitest';
import { sampleResult } from '../web/sample-result.ts';
import { rateWords, runFacts, summarizeRun, summarizeRuns } from '../../src/node/summary.ts';
import { type SweepSummary } from '../../src/experiment/sweep-summary.ts';
import { describeSweep } from '../../src/node/sweep-table.ts';
import { fitted, printable, tableRow } from '../../src/node/text.ts';

test('what would steer a terminal is shown, not sent', () => {
  expect(printable('a\u001b]0;title\u0007b\u009b31m\r\u202ec\nd\te 漢 ü –')).toBe(
    'a\\x1b]0;title\\x07b\\x9b31m\\x0d\\u202ec\nd\te 漢 ü –',
  );
});

test('in the summary of a run', () => {
  const result = sampleResult({ name: '\u001b[2J\u001b]52;c;eA==\u0007' });
  for (const text of [
    summarizeRun(result),
    summarizeRuns([{ label: result.spec.name, kept: runFacts(result) }]),
  ]) {
    expect(text).toContain('\\x1b[2J');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  }
});

test('a stable rate that is not in units of training.eta is told in both', () => {
  const { spec } = sampleResult();
  const rates = (multiples?: number[]) => ({ ...spec, training: { ...spec.training, rates: multiples } });
  expect(rateWords(5.5, rates())).toBe('η = 5.5');
  expect(rateWords(5.5, rates([0, 1, 1]))).toBe('η = 5.5');
  expect(rateWords(5.5, rates([0, 1, 2]))).toBe('η = 5.5 (training.eta = 2.75)');
});

test('what is shortened shows no other number', () => {
  expect(fitted('d = 20, eta = 300', 17)).toBe('d = 20, eta = 300');
  expect(fitted('d = 20, eta = 300, seed 1', 18)).toBe('d = 20, eta = …');
  expect(fitted('a'.repeat(20), 8)).toBe('aaaaaaa…');
  expect(fitted('𝔸'.repeat(20), 8)).toBe('𝔸𝔸𝔸…');
});

test('a label that is wider than its column stands on lines of its own, whole', () => {
  expect(tableRow('eta = 300', 9, '   1')).toBe('eta = 300   1');
  expect(tableRow('eta = 300', 8, '   1')).toBe('eta = 300\n           1');
  const long = `  norm (${Array.from({ length: 12 }, (_, k) => `x${k} = ${k + 0.25}`).join(', ')})`;
  const lines = tableRow(long, 20, '  d^2').split('\n');
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  expect(lines.slice(0, -1).join(' ').replaceAll(/ +/g, ' ')).toBe(` ${long.trim()}`);
  expect(lines.at(-1)).toBe(`${''.padEnd(20)}  d^2`);
});

test('rows of a sweep whose labels begin alike are told apart, within 80 columns', () => {
  const label = (eta: number) => `d = 1000, activation = relu, eta = ${eta}`;
  const mean = { mean: 1.234e-10, standardError: 1.234e-10, runs: 9 };
  const means = { train_network_loss: mean, train_linear_loss: mean, train_early_discrepancy: mean };
  const power = { exponent: -0.25, standardError: 0.01, interval: null };
  const summary: SweepSummary = {
    format: 'first-light/summary',
    version: 1,
    name: 'long '.repeat(40),
    variable: 'd',
    measures: [],
    rows: [30, 300].map((eta) => ({
      label: label(eta),
      values: {},
      runs: 9,
      diverged: 1234,
      failed: 5678,
      means,
    })),
    slopes: [30, 300].map((eta) => ({
      label: label(eta),
      values: {},
      powers: { train_network_largest_discrepancy: power },
    })),
    failures: [],
    notRun: [],
  };
  const lines = describeSweep(summary).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  for (const eta of [30, 300]) {
    expect(lines).toContain(label(eta));
    expect(lines).toContain(`  train_network_largest_discrepancy (${label(eta)})`);
  }
  expect(lines.filter((line) => line.trim() === '1234 diverged, 5678 failed')).toHaveLength(2);
  expect(lines.filter((line) => line.trim() === 'd^-0.25 ± 0.01')).toHaveLength(2);
});
