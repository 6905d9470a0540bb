import { describe, expect, it } from 'vitest';
import type { ClaimSummary, ClaimsGroup, ClaimsPoint } from '../../src/experiment/claims-document.ts';
import { summarizeClaims } from '../../src/experiment/claims-summary.ts';
import type { ClaimMeasurement, Condition, Quantity, Relation } from '../../src/theory/claim.ts';

const provenance = { firstLight: '0.1.0', environment: null, startedAt: '2026-01-01T00:00:00.000Z' };

/** What is measured and its bound, as functions of d and of the seed. */
interface Law {
  relation: Relation;
  constant?: number;
  value: (d: number, seed: number) => number;
  bound?: (d: number) => number;
  error?: number;
}

const quantityOf = (
  { relation, constant = 10, value, bound, error }: Law,
  d: number,
  seed: number,
): Quantity => ({
  key: 'norm',
  symbol: '‖*A*‖',
  value: value(d, seed),
  error: error ?? null,
  bound: bound ? { symbol: '*b*', value: bound(d) } : null,
  relation,
  constant,
  remark: '',
});

const measurementOf = (quantities: Quantity[], more: Partial<ClaimMeasurement> = {}): ClaimMeasurement => ({
  claim: 4,
  sizes: { n: 4000, d: 50, m: 4000 },
  conditions: [],
  quantities,
  series: [],
  fields: [],
  verdict: 'holds',
  silent: false,
  remark: '',
  ...more,
});

function sweep(
  law: Law,
  { dimensions = [25, 50, 100, 200], seeds = 2, more = {}, variable = 'd' } = {},
): ClaimsGroup {
  const points = dimensions.flatMap((d) =>
    Array.from({ length: seeds }, (_, seed): ClaimsPoint => ({
      id: `${d}-${seed}`,
      label: `${d}`,
      values: { [variable]: d, seed },
      claims: [measurementOf([quantityOf(law, d, seed)], more)],
      failure: null,
    })),
  );
  return { slug: 'sweep', title: 'A sweep', purpose: '', variable, outside: false, points };
}

function summaryOf(group: ClaimsGroup): ClaimSummary {
  const { claims } = summarizeClaims({ title: '', provenance, adapter: null, groups: [group] });
  expect(claims).toHaveLength(1);
  return claims[0];
}
const verdictOf = (group: ClaimsGroup) => summaryOf(group).verdict;

/** A factor that differs from seed to seed and from value to value, without a trend. */
const noise = (d: number, seed: number, size: number): number =>
  1 + size * Math.sin(7 * Math.log(d) + 3 * seed) * (seed % 2 === 0 ? 1 : -1);

describe('summarizeClaims', () => {
  it('has the mean over the seeds at the last value, its standard error and the certificate', () => {
    const group = sweep({
      relation: 'at most',
      value: (d, seed) => d * (1 + seed),
      bound: (d) => 2 * d,
      error: 3,
    });
    const { at, quantities } = summaryOf(group);
    expect(at).toBe(200);
    // 200 and 400: mean 300, standard deviation √2 · 100, over √2 seeds.
    expect(quantities[0]).toMatchObject({
      measured: 300,
      bound: 400,
      ratio: 0.75,
      error: 3,
      boundSymbol: '*b*',
    });
    expect(quantities[0].standardError).toBeCloseTo(100, 10);
    expect(
      summaryOf(sweep({ relation: 'falls', value: () => 1 }, { seeds: 1 })).quantities[0].standardError,
    ).toBe(null);
  });

  it('fits the powers of what is measured, of the bound, and of their ratio', () => {
    const law: Law = { relation: 'at most', value: (d) => 3 * d ** -1.5, bound: (d) => d ** -1.25 };
    const [{ fit, claimed, growth }] = summaryOf(sweep(law)).quantities;
    expect(fit!.exponent).toBeCloseTo(-1.5, 10);
    expect(claimed!.exponent).toBeCloseTo(-1.25, 10);
    expect(growth!.exponent).toBeCloseTo(-0.25, 10);
    expect(growth!.standardError).toBeCloseTo(0, 6);
    expect(growth!.interval![1]).toBeCloseTo(-0.25, 5);
    const two = summaryOf(sweep(law, { dimensions: [25, 50] })).quantities[0];
    expect([two.fit, two.claimed, two.growth]).toEqual([null, null, null]);
  });

  it('fits no power to d = 1, which has none, and holds what is claimed exactly there like anywhere', () => {
    const law = (constant?: number): Law => ({
      relation: 'at most',
      ...(constant !== undefined && { constant }),
      value: (d) => (d === 1 ? 0.05 : 0.5 / d),
      bound: (d) => 1 / d,
    });
    const dimensions = [1, 2, 4, 8];
    const [{ fit, growth, claimed, verdict }] = summaryOf(sweep(law(), { dimensions })).quantities;
    for (const power of [fit, claimed]) expect(power!.exponent).toBeCloseTo(-1, 10);
    expect(growth!.exponent).toBeCloseTo(0, 10);
    expect(verdict).toBe('holds');
    const exact = { ...law(1), value: (d: number) => (d === 1 ? 2 : 0.5 / d) };
    expect(verdictOf(sweep(exact, { dimensions }))).toBe('fails');
  });

  it('never lets a convolution hold whose filter is the same at every d, whatever single runs allow', () => {
    const law: Law = { relation: 'falls', value: (d, seed) => d ** -0.5 * noise(d, seed, 0.01) };
    const dimensions = [25, 50, 100, 200];
    const withWindow = (windowOf: (d: number) => number): ClaimsGroup => {
      const group = sweep(law, { dimensions, more: { claim: 17 } });
      for (const { values, claims } of group.points) {
        claims![0].sizes = {
          n: 4000,
          d: values['d'] as number,
          m: 8,
          window: windowOf(values['d'] as number),
        };
      }
      return group;
    };
    expect(verdictOf(withWindow((d) => Math.ceil(d ** 0.8)))).toBe('holds');
    const fixed = summaryOf(withWindow(() => 9));
    expect(fixed.verdict).toBe('conditions not met');
    expect(fixed.conditions.find(({ hypothesis }) => hypothesis.includes('grows faster'))).toMatchObject({
      verdict: 'not met',
      remark: 'the filter is the same at every *d*',
    });
    expect(verdictOf(sweep(law, { dimensions, more: { claim: 17 } }))).toBe('holds');
  });

  it('goes by the claims, then by the groups, and leaves out what no run measured', () => {
    const group = sweep({ relation: 'falls', value: (d) => 1 / d });
    const other = {
      ...sweep({ relation: 'falls', value: (d) => 1 / d }, { more: { claim: 2 } }),
      slug: 'other',
    };
    const failed = group.points.map((point) => ({ ...point, claims: null, failure: 'out of memory' }));
    const { claims } = summarizeClaims({
      title: '',
      provenance,
      adapter: null,
      groups: [group, other, { ...group, slug: 'again' }, { ...group, slug: 'failed', points: failed }],
    });
    expect(claims.map(({ claim, group: slug }) => [claim, slug])).toEqual([
      [2, 'other'],
      [4, 'sweep'],
      [4, 'again'],
    ]);
  });

  it('leaves a failed run out of the fit', () => {
    const group = sweep({ relation: 'falls', value: (d) => 1 / d });
    group.points[3] = { ...group.points[3], claims: null, failure: 'out of memory' };
    expect(summaryOf(group).quantities[0].fit!.exponent).toBeCloseTo(-1, 10);
  });
});

describe('the verdict', () => {
  const bound = (d: number): number => d ** -1;
  const law = (relation: Relation, power: number, factor = 1, size = 0, constant = 10): Law => ({
    relation,
    constant,
    bound,
    value: (d, seed) => factor * d ** (power - 1) * noise(d, seed, size),
  });

  it.each<[string, Law, string]>([
    ['at most, as fast as its bound', law('at most', 0), 'holds'],
    ['at most, faster', law('at most', -0.5, 100), 'holds'],
    ['at most, growing slowly, but surely', law('at most', 0.03), 'fails'],
    ['at most, slower', law('at most', 0.3, 0.01), 'fails'],
    ['at most, too noisy to tell, within the constant', law('at most', 0, 1, 0.99), 'undecided'],
    ['at most, too noisy to tell, beyond the constant', law('at most', 0, 100, 0.99), 'undecided'],
    ['at most exactly, growing but within', law('at most', 0.3, 0.1, 0, 1), 'holds'],
    ['at most exactly, beyond at the last value', law('at most', 0.3, 0.25, 0, 1), 'fails'],
    ['at least, as fast as its bound', law('at least', 0), 'holds'],
    ['at least, falling below', law('at least', -0.3, 100), 'fails'],
    ['at least, too noisy to tell, below the constant', law('at least', 0, 0.01, 0.99), 'undecided'],
    ['of order, within', law('of order', 0, 3), 'holds'],
    ['of order, with a constant of its own', law('of order', 0, 30), 'holds'],
    ['of order, with a small one', law('of order', 0, 0.03), 'holds'],
    ['of order, moving away from below', law('of order', -0.2, 0.9), 'fails'],
    ['of order, moving away from above', law('of order', 0.2), 'fails'],
    ['of order, approaching from above', law('of order', -0.1, 5), 'holds'],
    ['of order, coming up to its bound', law('of order', 0.1, 0.5), 'holds'],
    ['of order, coming up to it, and a little above', law('of order', 0.06, 0.72), 'holds'],
    ['of order, through 1 and beyond the constant', law('of order', 3, 1.9e-6), 'fails'],
    ['of order, far above where it was below', law('of order', 0.5, 0.16), 'fails'],
    ['falls, falling', { relation: 'falls', value: (d) => d ** -0.4 }, 'holds'],
    ['falls, slowly, but surely', { relation: 'falls', value: (d) => d ** -0.03 }, 'holds'],
    ['falls, level', { relation: 'falls', value: () => 0.1 }, 'undecided'],
    ['falls, growing', { relation: 'falls', value: (d) => d ** 0.3 }, 'fails'],
    [
      'falls, perhaps',
      { relation: 'falls', value: (d, seed) => d ** -0.2 * noise(d, seed, 0.8) },
      'undecided',
    ],
    [
      'falls, growing, perhaps',
      { relation: 'falls', value: (d, s) => d ** 0.1 * noise(d, s, 0.99) },
      'undecided',
    ],
  ])('on %s', (_, given, verdict) => expect(verdictOf(sweep(given))).toBe(verdict));

  it('without a fit holds each run against the constant granted, but for its certificate', () => {
    const single = (factor: number, error?: number) =>
      verdictOf(sweep({ ...law('at most', 0, factor), error }, { dimensions: [50] }));
    expect(single(9)).toBe('holds');
    expect(single(11)).toBe('fails');
    expect(single(11, 0.1)).toBe('undecided');
    const falls = (value: number) =>
      verdictOf(sweep({ relation: 'falls', value: () => value, bound: () => 1 }, { dimensions: [50] }));
    // One size can break what is to fall, and cannot show it.
    expect(falls(9)).toBe('undecided');
    expect(falls(11)).toBe('fails');
  });

  it('asks nothing to fall with a variable other than d', () => {
    const flat: Law = { relation: 'falls', value: () => 0.1, bound: () => 1 };
    expect(verdictOf(sweep(flat))).toBe('undecided');
    const falling: Law = { ...flat, value: (d) => 1 / d };
    expect(verdictOf(sweep(falling))).toBe('holds');
    expect(verdictOf(sweep(falling, { variable: 'eta' }))).toBe('undecided');
  });

  it('fails where a value is infinite', () => {
    const diverged: Law = { relation: 'at most', value: (d) => (d === 50 ? Infinity : 1 / d), bound };
    expect(verdictOf(sweep(diverged))).toBe('fails');
    expect(verdictOf(sweep({ ...diverged, relation: 'at least' }))).toBe('undecided');
  });

  it('does not hold where a value is lost', () => {
    const lost: Law = { relation: 'at most', value: (d) => (d === 50 ? NaN : 1 / d), bound };
    expect(verdictOf(sweep(lost))).toBe('undecided');
    expect(summaryOf(sweep({ ...lost, value: () => NaN })).quantities[0].verdict).toBe('undecided');
  });

  it('is none on a quantity without a bound, and then the runs’ own on the claim', () => {
    const group = sweep({ relation: 'at most', value: () => 1 }, { more: { verdict: 'undecided' } });
    expect(summaryOf(group)).toMatchObject({ verdict: 'undecided', quantities: [{ verdict: null }] });
  });

  it('is the worst of the quantities', () => {
    const group = sweep(law('at most', 0));
    for (const [k, { claims, values }] of group.points.entries()) {
      const bad = quantityOf(law('at most', 0.3), Number(values['d']), k);
      claims![0].quantities.push({ ...bad, key: 'other' });
    }
    expect(summaryOf(group)).toMatchObject({
      verdict: 'fails',
      quantities: [{ verdict: 'holds' }, { verdict: 'fails' }],
    });
  });

  describe('where a hypothesis is not met', () => {
    const unmet: Condition = { hypothesis: '*m* ≳ *d*^{2}', here: null, verdict: 'not met', remark: '' };
    const met: Condition = { ...unmet, verdict: 'met' };

    it('says so, names it, and tells where the numbers break the bound there', () => {
      const more = { conditions: [unmet] };
      expect(summaryOf(sweep(law('at most', 0), { more }))).toMatchObject({
        verdict: 'conditions not met',
        remark: 'Not met: *m* ≳ *d*^{2}.',
        conditions: [unmet],
      });
      expect(verdictOf(sweep(law('at most', 0.3), { more }))).toBe('fails outside');
      // That a run is short takes nothing from a failure.
      const short = { conditions: [{ ...unmet, role: 'run' as const }] };
      expect(verdictOf(sweep(law('at most', 0.3), { more: short }))).toBe('fails');
      expect(verdictOf(sweep(law('at most', 0), { more: short }))).toBe('conditions not met');
    });

    it('counts the runs', () => {
      const group = sweep(law('at most', 0), { more: { conditions: [met] } });
      group.points[0].claims![0].conditions = [unmet];
      expect(summaryOf(group)).toMatchObject({
        verdict: 'conditions not met',
        remark: 'Not met: *m* ≳ *d*^{2} (in 1 of 8 runs).',
        conditions: [unmet],
      });
    });

    it('leaves runs in which the claim says nothing out of the count', () => {
      const more: Partial<ClaimMeasurement> = {
        verdict: 'conditions not met',
        silent: true,
        remark: '*R*²*ε* ≥ *n* here.',
      };
      expect(summaryOf(sweep(law('at most', 0.3), { more }))).toMatchObject({
        verdict: 'conditions not met',
        remark: '*R*²*ε* ≥ *n* here.',
      });
      // One silent run does not hide that the others fail.
      const group = sweep(law('at most', 0.3));
      Object.assign(group.points[0].claims![0], more);
      expect(summaryOf(group).verdict).toBe('fails');
    });
  });
});
