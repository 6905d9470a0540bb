import { describe, expect, it } from 'vitest';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import type { Setting } from '../../src/theory/claim.ts';
import { stableRate, theoremConditions } from '../../src/theory/conditions.ts';

const first = { first: true, second: false };
const both = { first: true, second: true };

const setting = (change: Partial<Setting> = {}): Setting => ({
  n: 2000,
  d: 50,
  m: 256,
  tested: true,
  activation: { name: 'erf' },
  layers: both,
  targetDirections: true,
  eta1: 5,
  eta2: 5,
  steps: 100,
  constants: gaussianConstants({ name: 'erf' }, 1),
  spectrumMoment: 1,
  data: { norm: 1, verdict: 'met', remark: '' },
  largestStableRate: 30,
  largestTarget: 1,
  ...change,
});

const verdicts = (change: Partial<Setting> = {}) =>
  theoremConditions(setting(change)).map(({ verdict }) => verdict);

describe('theoremConditions', () => {
  it('reads sizes as powers of d', () => {
    // n = 2000 = d^1.94, m = 256 = d^1.42; η = 5 = 0.1 d for the first layer.
    expect(verdicts({ layers: first, eta2: 0 })).toEqual(Array(5).fill('met'));
    // Both layers of a centred activation need η ≪ d/log n = 6.6.
    expect(verdicts()[2]).toBe('borderline');
    // d = 200: m = d^1.05.
    expect(theoremConditions(setting({ d: 200 }))[1]).toMatchObject({
      here: { symbol: '*m*', value: 256 },
      verdict: 'borderline',
      remark: '= *d*^{1.05}, for *α* ≤ 0.05 only',
    });
    expect(verdicts({ d: 300 })[1]).toBe('not met');
    expect(verdicts({ d: 1 }).slice(0, 2)).toEqual(['not known', 'not known']);
  });

  it('takes a size rounded to a whole number for its power', () => {
    for (const d of [16, 25, 50, 71, 200]) {
      const size = Math.ceil(d ** 1.25);
      expect(verdicts({ d, n: size, m: size, layers: first, eta2: 0 }).slice(0, 2)).toEqual(['met', 'met']);
    }
  });

  it('asks for more width and smaller rates where E φ(g) is not 0', () => {
    const [, width, rate] = theoremConditions(setting({ constants: gaussianConstants({ name: 'relu' }, 1) }));
    expect(width).toMatchObject({ hypothesis: '*m* ≳ *d*^{2+*α*}', verdict: 'not met' });
    expect(rate).toMatchObject({ hypothesis: '*η* ≪ 1', verdict: 'not met' });
  });

  it('passes on what is known of the data, and checks the targets', () => {
    const data = { norm: 1, verdict: 'not met', remark: 'heavy tails' } as const;
    expect(theoremConditions(setting({ data }))[4]).toMatchObject({
      here: { symbol: '‖*Σ*‖', value: 1 },
      verdict: 'not met',
      remark: 'heavy tails',
    });
    expect(verdicts({ largestTarget: 1 + 2 ** -23 })[3]).toBe('met');
    expect(verdicts({ largestTarget: 1.01 })[3]).toBe('not met');
  });

  it('knows the stable rate, and half of it for the general theorem', () => {
    expect(stableRate(setting({ eta1: 20 })).verdict).toBe('met');
    expect(stableRate(setting({ eta1: 20 }), 0.5).verdict).toBe('not met');
    expect(stableRate(setting({ largestStableRate: null })).verdict).toBe('not known');
  });
});
