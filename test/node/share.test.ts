import { expect, test } from 'vitest';
import { parseShare, shareOf } from '../../src/node/share.ts';
import { refusal } from './first-light.ts';

test.each<[text: string, words: RegExp]>([
  ['0/4', /none of the shares 1\/4 to 4\/4.*counts its tasks from 0, add 1/],
  ['5/4', /none of the shares 1\/4 to 4\/4/],
  ['1/0', /among 0 processes/],
  ['1/1000001', /must be 1 to 1,000,000/],
  ['a/b', /"a\/b" is not of the form I\/N/],
  ['', /"" is not of the form/],
  ['3', /not of the form/],
  ['-1/4', /not of the form/],
  ['1.5/4', /not of the form/],
  ['1/4/2', /not of the form/],
  ['1e0/4', /not of the form/],
])('%j is no share', (text, words) => {
  const { message, code } = refusal(() => parseShare(text));
  expect(message).toMatch(words);
  expect(code).toBe(2);
});

test('shares are read, also with the zeros that some schedulers write', () => {
  expect(parseShare('3/8')).toEqual({ index: 3, of: 8 });
  expect(parseShare('03/08')).toEqual({ index: 3, of: 8 });
});

test.each([1, 3, 8, 40])('%i shares have every point once, and about as many each', (of) => {
  const points = Array.from({ length: 24 }, (_, k) => ({ id: `point-${k}` }));
  const shares = Array.from({ length: of }, (_, k) => [...shareOf(points, { index: k + 1, of })]);
  expect(shares.flat().sort()).toEqual(points.map(({ id }) => id).sort());
  for (const share of shares) expect(Math.abs(share.length - 24 / of)).toBeLessThan(1);
});
