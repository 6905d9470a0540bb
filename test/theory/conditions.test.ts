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
  deep: null,
  rates: [5, 5].map((rate, l) => ({ parameter: ['W', 'v'][l], rate })),
  eta: 5,
  steps: 100,
  constants: gaussianConstants({ name: 'erf' }, 1),
  spectrumMoment: 1,
  data: { form: 'met', norm: 1, remark: '' },
  targetSize: 1,
  largestStableRate: 30,
  largestTarget: 1,
  ...change,
});

const verdicts = (change: Partial<Setting> = {}) =>
  theoremConditions(setting(change)).map(({ verdict }) => verdict);

describe('theoremConditions', () => {
  it('reads sizes as powers of d', () => {
    // n = 2000 = d^1.94, m = 256 = d^1.42; η = 5 = 0.1 d for the first layer.
    expect(verdicts({ layers: first })).toEqual(Array(6).fill('met'));
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
      expect(verdicts({ d, n: size, m: size, layers: first }).slice(0, 2)).toEqual(['met', 'met']);
    }
  });

  it('asks for more width and smaller rates where E φ(g) is not 0', () => {
    const [, width, rate] = theoremConditions(
      setting({ activation: { name: 'relu' }, constants: gaussianConstants({ name: 'relu' }, 1) }),
    );
    expect(width).toMatchObject({ hypothesis: '*m* ≳ *d*^{2+*α*}', verdict: 'not met' });
    expect(rate).toMatchObject({ hypothesis: '*η* ≪ 1', verdict: 'not met' });
  });

  it('passes on the form of the data, holds ‖Σ‖ against a constant, and checks the targets', () => {
    const form = { form: 'not met', norm: 1, remark: 'heavy tails' } as const;
    const [, , , , shape, covariance] = theoremConditions(setting({ data: form }));
    expect(shape).toMatchObject({ verdict: 'not met', remark: 'heavy tails' });
    expect(covariance).toMatchObject({ here: { symbol: '‖*Σ*‖', value: 1 }, verdict: 'met' });
    // A power law with exponent 2 at d = 50: ‖Σ‖ = 0.62 d.
    const steep = { form: 'met', norm: 31, remark: '' } as const;
    expect(verdicts({ data: steep })[5]).toBe('not met');
    expect(verdicts({ data: { ...steep, norm: null } })[5]).toBe('not known');
    expect(verdicts({ largestTarget: 1 + 2 ** -23 })[3]).toBe('met');
    expect(verdicts({ largestTarget: 1.01 })[3]).toBe('not met');
  });

  it('takes the scale of φ out of the rate: a slope of −30 is as if the rate were 900 times as large', () => {
    const leaky = { name: 'leaky-relu', slope: -30 } as const;
    const [rate] = theoremConditions(
      setting({ activation: leaky, layers: first, constants: gaussianConstants(leaky, 1) }),
    ).slice(2);
    expect(rate).toMatchObject({ here: { value: (5 * 900) / 50 }, verdict: 'not met' });
  });

  it('knows the stable rate, and half of it for the general theorem', () => {
    expect(stableRate(setting({ eta: 20 })).verdict).toBe('met');
    expect(stableRate(setting({ eta: 20 }), 0.5).verdict).toBe('not met');
    expect(stableRate(setting({ largestStableRate: null })).verdict).toBe('not known');
  });
});
