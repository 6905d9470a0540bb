import { afterAll, describe, expect, test } from 'vitest';
import { random } from '../../src/math/random.ts';
import type { Relation, Verdict } from '../../src/theory/claim.ts';
import { type Sample, judge } from '../../src/theory/verdict.ts';

/**
 * The judge judged: instruments whose truth is known, with the sizes and the noise of the shipped suite (noise of log values,
 * as its runs show it), 400 draws each. A verdict that is wrong may come in under 5 % of the draws, and where there is
 * something to see, the right one comes in at least 80 %.
 */

const draws = 400;

/** Groups of the shipped suite: their d, how many seeds, and the noise of the logarithms there. */
const designs = {
  kernels: { dimensions: [20, 28, 40, 57, 80, 113], seeds: 4, noise: 0.1 },
  training: { dimensions: [12, 17, 24, 34, 48], seeds: 3, noise: 0.11 },
  'second layer': { dimensions: [12, 17, 24, 34, 48], seeds: 8, noise: 0.23 },
  outside: { dimensions: [12, 24, 48], seeds: 3, noise: 0.07 },
} as const;

type Share = 'nothing' | 'a factor' | 'columns' | 'half of the columns';

interface Instrument {
  name: string;
  design: keyof typeof designs;
  relation: Relation;
  /** Power of d in measured/bound ("falls", "does not grow": in what is measured). */
  power: number;
  /** measured/bound where the power has no part. */
  factor?: number;
  /** The law is a power only in the limit: so much times the square of log d about its mean is added to its logarithm. */
  bend?: number;
  /** Times the design's noise. */
  noise?: number;
  /**
   * What the sizes of one seed have in common: nothing, one factor, all of the noise as far as their columns are the same, or
   * half of it (the suite's own residuals show less than that).
   */
  share?: Share;
  /** null: nothing can be seen, and nothing is to be claimed. */
  right: Verdict | null;
  /** Verdicts that would be wrong. */
  wrong: readonly Verdict[];
}

const falling = { relation: 'falls', right: 'holds', wrong: ['fails'] } as const;
const growing = { relation: 'falls', right: 'fails', wrong: ['holds'] } as const;
const level = { relation: 'falls', power: 0, right: null, wrong: ['holds', 'fails'] } as const;
const bounded = { relation: 'at most', right: 'holds', wrong: ['fails'] } as const;
const unbounded = { relation: 'at most', right: 'fails', wrong: ['holds'] } as const;

const instruments: Instrument[] = [
  { name: 'falls as d^−0.3', design: 'training', power: -0.3, ...falling },
  { name: 'falls as d^−0.3', design: 'second layer', power: -0.3, ...falling },
  { name: 'falls as d^−0.6', design: 'outside', power: -0.6, ...falling },
  { name: 'grows as d^0.3', design: 'training', power: 0.3, ...growing },
  { name: 'grows as d^0.3', design: 'second layer', power: 0.3, ...growing },
  { name: 'neither', design: 'training', ...level },
  { name: 'neither', design: 'second layer', ...level },
  { name: 'neither', design: 'outside', ...level },
  { name: 'neither, a factor a seed', design: 'training', share: 'a factor', ...level },
  { name: 'neither, columns shared', design: 'kernels', share: 'columns', ...level },
  { name: 'neither, columns shared', design: 'training', share: 'columns', ...level },
  { name: 'falls, half shared', design: 'training', power: -0.3, share: 'half of the columns', ...falling },
  {
    name: 'falls too little to see',
    design: 'training',
    ...level,
    power: -0.02,
    noise: 5,
  },
  { name: 'ratio falls', design: 'kernels', power: -0.25, ...bounded },
  { name: 'ratio falls, constant × 10', design: 'kernels', power: -0.25, factor: 10, ...bounded },
  { name: 'ratio falls, constant × 900', design: 'kernels', power: -0.25, factor: 900, ...bounded },
  { name: 'ratio constant', design: 'kernels', power: 0, noise: 0.6, ...bounded },
  {
    name: 'ratio grows as d^0.1',
    design: 'kernels',
    power: 0.1,
    right: null,
    relation: 'at most',
    wrong: ['holds'],
  },
  { name: 'ratio grows as d^0.3', design: 'kernels', power: 0.3, factor: 0.01, ...unbounded },
  { name: 'ratio grows as d^0.3', design: 'training', power: 0.3, factor: 0.01, ...unbounded },
  {
    name: 'ratio grows, half shared',
    design: 'kernels',
    power: 0.3,
    share: 'half of the columns',
    ...unbounded,
  },
  {
    name: 'at least: ratio grows',
    design: 'kernels',
    power: 0.25,
    relation: 'at least',
    right: 'holds',
    wrong: ['fails'],
  },
  {
    name: 'at least: ratio falls',
    design: 'kernels',
    power: -0.3,
    factor: 100,
    relation: 'at least',
    right: 'fails',
    wrong: ['holds'],
  },
  {
    name: 'of order: × 6, towards 1',
    design: 'kernels',
    power: -0.15,
    factor: 6,
    relation: 'of order',
    right: 'holds',
    wrong: ['fails'],
  },
  {
    name: 'of order: away upwards',
    design: 'kernels',
    power: 0.3,
    factor: 2,
    relation: 'of order',
    right: 'fails',
    wrong: ['holds'],
  },
  {
    name: 'of order: away downwards',
    design: 'kernels',
    power: -0.3,
    factor: 0.9,
    relation: 'of order',
    right: 'fails',
    wrong: ['holds'],
  },
  {
    name: 'bounded: falls as 1/log d',
    design: 'training',
    power: -0.3,
    relation: 'does not grow',
    right: 'holds',
    wrong: ['fails'],
  },
  {
    name: 'bounded: grows as d^0.3',
    design: 'training',
    power: 0.3,
    relation: 'does not grow',
    right: 'fails',
    wrong: ['holds'],
  },
  { name: 'ratio falls, bent', design: 'kernels', power: -0.25, bend: 0.1, noise: 0.2, ...bounded },
  { name: 'falls, bent', design: 'training', power: -0.3, bend: 0.1, noise: 0.3, ...falling },
  { name: 'grows, bent', design: 'training', power: 0.3, bend: -0.1, noise: 0.3, ...growing },
];

/** Standard normal numbers, as many as a draw needs. */
const numbers = (draw: number, instrument: number, count: number): Float64Array =>
  random('normal', 1, count, { seed: 1000 * instrument + draw, stream: 0 }).data;

/** The runs of one draw. */
function samplesOf(instrument: Instrument, index: number, draw: number): Sample[] {
  const { design, power, factor = 1, share = 'nothing', bend = 0 } = instrument;
  const { dimensions, seeds, noise } = designs[design];
  const size = noise * (instrument.noise ?? 1);
  const middle = dimensions.reduce((sum, d) => sum + Math.log(d), 0) / dimensions.length;
  const z = numbers(draw, index, seeds * (dimensions.length + 1));
  const more = numbers(draw, index + 500, seeds * dimensions.length);
  return Array.from({ length: seeds }, (_, seed) => {
    const own = z.subarray(seed * (dimensions.length + 1), (seed + 1) * (dimensions.length + 1));
    const fresh = more.subarray(seed * dimensions.length, (seed + 1) * dimensions.length);
    let common = own[dimensions.length];
    return dimensions.map((d, i): Sample => {
      // What d columns have in mean correlates with that of d′ > d of them by √(d/d′).
      const kept = i === 0 ? 0 : Math.sqrt(dimensions[i - 1] / d);
      common = kept * common + Math.sqrt(1 - kept ** 2) * own[i];
      const error = {
        nothing: own[i],
        'a factor': own[i] + 5 * own[dimensions.length],
        columns: common,
        'half of the columns': (common + fresh[i]) / Math.SQRT2,
      }[share];
      const bound = d ** -1;
      const law = instrument.relation === 'falls' || instrument.relation === 'does not grow' ? 1 : bound;
      return {
        x: d,
        series: seed,
        value: factor * law * d ** power * Math.exp(size * error + bend * (Math.log(d) - middle) ** 2),
        error: null,
        bound,
      };
    });
  }).flat();
}

const table: string[][] = [
  ['instrument', 'group', 'relation', 'holds', 'undecided', 'fails', 'right', 'wrong'],
];

describe('over 400 draws with known truth', () => {
  test.each(instruments.map((instrument, index) => ({ ...instrument, index })))(
    '$relation: $name ($design)',
    (instrument) => {
      const { relation, right, wrong, index } = instrument;
      const verdicts = Array.from({ length: draws }, (_, draw) => {
        const samples = samplesOf(instrument, index, draw);
        return judge({ relation, constant: 4 }, samples, 'd').verdict;
      });
      const rate = (...wanted: readonly Verdict[]): number =>
        verdicts.filter((verdict) => verdict !== null && wanted.includes(verdict)).length / draws;
      const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
      table.push([
        instrument.name,
        instrument.design,
        relation,
        percent(rate('holds')),
        percent(rate('undecided')),
        percent(rate('fails')),
        right === null ? '—' : percent(rate(right)),
        percent(rate(...wrong)),
      ]);
      for (const verdict of wrong) expect(rate(verdict), `false "${verdict}"`).toBeLessThan(0.05);
      if (right !== null) expect(rate(right), `right "${right}"`).toBeGreaterThanOrEqual(0.8);
    },
  );
});

test('a bound that is proved, and something to be shown, go by every run and its error', () => {
  const sample = (value: number, error: number): Sample => ({ x: 50, series: 0, value, error, bound: 1 });
  const proved = (...samples: Sample[]) => judge({ relation: 'proved', constant: 1 }, samples, 'd').verdict;
  expect(proved(sample(0.2, 0), sample(0.999, 0))).toBe('proved; checked to float32');
  expect(proved(sample(1.001, 0.01))).toBe('proved; checked to float32');
  expect(proved(sample(0.2, 0), sample(1.02, 0.01))).toBe('fails');
  const shows = (...samples: Sample[]) => judge({ relation: 'shows', constant: 1 }, samples, 'd').verdict;
  expect(shows(sample(1.2, 0.1))).toBe('shown');
  expect(shows(sample(1.05, 0.1))).toBe('not shown here');
  expect(shows(sample(0.1, 0), sample(2, 0.1))).toBe('shown');
});

afterAll(() => {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(
    table.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ')).join('\n'),
  );
});
