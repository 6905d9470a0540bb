import { expect, test } from 'vitest';
import { relativeError } from '../../shaders/parts/accuracy.ts';
import { u } from '../../shaders/parts/roundoff.ts';
import { targetDirections, unitCoefficients } from '../../src/data/directions.ts';
import { type Distribution, columnVariances, spectrumMoment } from '../../src/data/covariance.ts';
import { Sampler } from '../../src/data/distribution.ts';
import { streams } from '../../src/data/streams.ts';
import type { SyntheticSpec } from '../../src/experiment/spec.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { random } from '../../src/math/random.ts';
import { ontoSphere, studentT } from '../../src/reference/scale-rows.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { gpu, poisonedMatrix, run } from '../gpu-device.ts';

const distributions: ((d: number) => Distribution)[] = [
  (d) => ({ distribution: 'gaussian', d, spectrum: { kind: 'isotropic' } }),
  (d) => ({ distribution: 'gaussian', d, spectrum: { kind: 'power-law', exponent: 1.5 } }),
  (d) => ({
    distribution: 'gaussian',
    d,
    spectrum: { kind: 'values', values: Array.from({ length: d }, (_, k) => 1 + (k % 3)) },
  }),
  (d) => ({ distribution: 'hypercube', d }),
  (d) => ({ distribution: 'uniform', d }),
  (d) => ({ distribution: 'sphere', d }),
  (d) => ({ distribution: 'spiked', d, spike: 0.25 }),
  (d) => ({ distribution: 'student-t', d }),
  (d) => ({ distribution: 'uncentred', d, shift: -0.75 }),
];

/** The distribution's float64 twin, put together from those of its programs. */
function twin(distribution: Distribution, n: number, seed: number, set: 'train' | 'test'): Dense {
  const { d } = distribution;
  const stream = set === 'train' ? streams.trainInputs : streams.testInputs;
  const tails = { seed, stream: set === 'train' ? streams.trainTails : streams.testTails };
  const kinds = { hypercube: 'sign', uniform: 'uniform' } as const;
  const name = distribution.distribution;
  const entries = random(name === 'hypercube' || name === 'uniform' ? kinds[name] : 'normal', n, d, {
    seed,
    stream,
  });
  if (name === 'sphere') return ontoSphere(entries);
  if (name === 'student-t') return studentT(entries, tails);
  const scales = columnVariances(distribution).map(Math.sqrt);
  const shift = name === 'uncentred' ? distribution.shift : 0;
  return dense(
    n,
    d,
    entries.data.map((x, k) => scales[k % d] * x + shift),
  );
}

test.for(distributions.map((of) => ({ of, name: of(1).distribution })))(
  '$name: as its twin, on both sets',
  async ({ of }) => {
    for (const [n, d] of [
      [1, 1],
      [130, 6],
    ]) {
      const distribution = of(d);
      using sampler = await Sampler.create(gpu, distribution);
      for (const set of ['train', 'test'] as const) {
        using X = poisonedMatrix(n, d);
        await run(sampler.fill(X, 9, set));
        const exact = twin(distribution, n, 9, set).data;
        const shift = 'shift' in distribution ? Math.abs(distribution.shift) : 0;
        // The entry, its scale's rounding, its product; on the sphere also the norm (all entries' errors again); with
        // Student's t the χ² of three normals; the shift's sum.
        const units = 2 * relativeError.normal + relativeError.inverseSqrt + 14;
        const bound = exact.map((x) => (units * u + gamma(d + 1)) * (Math.abs(x) + shift));
        expectWithin(distribution.distribution, await X.readAll(), exact, bound);
      }
    }
  },
);

test.for(distributions.map((of) => of(8)))(
  '$distribution: mean and Tr Σ = d of the twin, 6 sigmas',
  (distribution) => {
    const [n, { d }] = [6000, distribution];
    const { data } = twin(distribution, n, 3, 'train');
    const shift = distribution.distribution === 'uncentred' ? distribution.shift : 0;
    const variances = columnVariances(distribution);
    expect(Math.abs(variances.reduce((sum, value) => sum + value, 0) - d)).toBeLessThan(1e-12 * d);
    for (let j = 0; j < d; j++) {
      const column = data.filter((_, k) => k % d === j).map((x) => x - shift);
      const mean = column.reduce((sum, x) => sum + x, 0) / n;
      expect(Math.abs(mean)).toBeLessThan(6 * Math.sqrt(variances[j] / n));
      // Student's t has no fourth moment; its law is tested with its program.
      if (distribution.distribution === 'student-t') continue;
      // Var(x²) ≤ 2λ² for all of these (equality for normals; below it for bounded ones and the sphere).
      const second = column.reduce((sum, x) => sum + x * x, 0) / n;
      expect(Math.abs(second - variances[j])).toBeLessThan(6 * variances[j] * Math.sqrt(2 / n));
    }
  },
);

test('Tr[Σ²]/d', () => {
  expect(spectrumMoment({ distribution: 'sphere', d: 5 })).toBe(1);
  // λ = (4, 2, 2)·3/8
  const values = { distribution: 'gaussian', d: 3, spectrum: { kind: 'values', values: [4, 2, 2] } } as const;
  expect(spectrumMoment(values)).toBeCloseTo((24 * (3 / 8) ** 2) / 3, 14);
  // λ = (d/2, d/2/(d−1), …)
  const spiked = spectrumMoment({ distribution: 'spiked', d: 11, spike: 0.5 });
  expect(spiked).toBeCloseTo((5.5 ** 2 + 10 * 0.55 ** 2) / 11, 14);
  expect(spectrumMoment({ distribution: 'spiked', d: 1, spike: 0.5 })).toBe(1);
});

test('every synthetic spec is a distribution', () => {
  const asDistribution = (spec: SyntheticSpec): Distribution => spec; // the compiler's to check
  const spec = { distribution: 'spiked', d: 2, n: 1, nTest: 0, spike: 0.75 } as const;
  expect(spectrumMoment(asDistribution(spec))).toBe(1.25);
});

test('a sampler frees what it holds', async () => {
  const before = gpu.liveBuffers;
  const sampler = await Sampler.create(gpu, distributions[1](4));
  expect(gpu.liveBuffers).toBe(before + 1);
  sampler[Symbol.dispose]();
  expect(gpu.liveBuffers).toBe(before);
});

test('target directions are unit vectors, of their seed alone, and not the same', () => {
  for (const d of [1, 2, 50]) {
    const { b, c } = targetDirections(d, 4);
    for (const direction of [b, c]) expect(Math.hypot(...direction)).toBeCloseTo(1, 14);
    expect(targetDirections(d, 4)).toEqual({ b, c });
    if (d > 1) expect(b).not.toEqual(c);
  }
});

test('Hermite coefficients are scaled to Σ a_k² = 1', () => {
  expect(unitCoefficients([3, 0, -4])).toEqual([0.6, 0, -0.8]);
  expect(() => unitCoefficients([0, 0, 0])).toThrow('all 0');
});
