import { expect, test } from 'vitest';
import { sampleResult } from '../web/sample-result.ts';
import { rateWords, runFacts, summarizeRun, summarizeRuns } from '../../src/node/summary.ts';
import { printable } from '../../src/node/text.ts';

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
