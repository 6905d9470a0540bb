import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import { activationFunctions, hasClosedForm } from '../../src/math/activations.ts';
import type { Covariance } from '../../src/math/activations/mathematics.ts';
import { dense } from '../../src/math/dense.ts';
import { normalCdf, normalDensity } from '../../src/math/normal.ts';
import {
  covariances,
  expectedByQuadrature,
  expectedEntry,
  expectedKernel,
  expectedProduct,
} from '../../src/reference/expected-kernel.ts';
import { forward } from '../../src/reference/forward.ts';
import { firstKernel, secondKernel } from '../../src/reference/ntk.ts';
import { everyActivation } from '../activations.ts';
import { RandomNumbers } from './random-numbers.ts';

const norms = [0.3, 1, 2.5, 4];
const correlations = [-1, -0.7, 0, 0.2, 0.9, 0.99, 1];
const all: Covariance[] = norms.flatMap((a) =>
  norms.flatMap((b) => correlations.map((rho) => ({ a, b, c: rho * Math.sqrt(a * b) }))),
);

const smooth = everyActivation([0.1]).filter(
  (activation) => activationFunctions(activation).phiSecond !== null,
);

describe.for(smooth.filter(hasClosedForm))('$name', (activation) => {
  test('closed form and two-dimensional quadrature agree', () => {
    for (const covariance of all) {
      const closed = expectedEntry(activation, covariance);
      const defined = expectedByQuadrature(activation, covariance);
      // Two sums of at most 217 terms, each of some operations; the sizes are at most 4 (identity: 16).
      for (const key of ['first', 'second'] as const) {
        expect(Math.abs(closed[key] - defined[key]), `${key} ${JSON.stringify(covariance)}`).toBeLessThan(
          2e-13,
        );
      }
    }
  });
});

/**
 * Θ₁* and Θ₂* by mpmath 1.3 at 20 digits, a = b and c = ρa: the trapezoidal rule of step 1/16 up to 10 in other coordinates,
 * z, z′ = √a(√((1 + ρ)/2) u ± √((1 − ρ)/2) v).
 */
const digits: { a: number; rho: number; first: string; second: string }[] = [
  { a: 1, rho: 0.2, first: '0.0739109887918468161', second: '0.0735533663854213654' },
  { a: 1, rho: 0.9, first: '0.3948856600164042', second: '0.349203350581925189' },
  { a: 1, rho: 0.99, first: '0.456837182118905651', second: '0.389665301326139281' },
  { a: 4, rho: 0.2, first: '0.107968779390845329', second: '0.106936755601317691' },
  { a: 4, rho: 0.9, first: '0.741769817786521955', second: '0.544248308012131656' },
  { a: 4, rho: 0.99, first: '0.98470871027127077', second: '0.62517171012582705' },
];

test.for(digits)('tanh against mpmath, a = $a, ρ = $rho', ({ a, rho, first, second }) => {
  const entry = expectedEntry({ name: 'tanh' }, { a, b: a, c: rho * a });
  expect(Math.abs(entry.first - Number(first))).toBeLessThan(1e-13);
  expect(Math.abs(entry.second - Number(second))).toBeLessThan(1e-13);
});

/** ∫ f(x)·density(x) dx by the trapezoidal rule in log |x|, out of reach of a kink at 0. */
function acrossKink(f: (x: number) => number): number {
  let sum = 0;
  for (let k = -40 * 32; k <= 3 * 32; k++) {
    const x = Math.exp(k / 32);
    sum += (f(x) + f(-x)) * normalDensity(x) * x;
  }
  return sum / 32;
}

test.for([0, 0.1, -2])('piecewise linear, slope %s: by its expectation given z', (slope) => {
  const activation: Activation = { name: 'leaky-relu', slope };
  const { phi, phiPrime } = activationFunctions(activation);
  for (const covariance of all) {
    const { a, b, c } = covariance;
    const [rootA, rootB] = [Math.sqrt(a), Math.sqrt(b)];
    const rho = c / (rootA * rootB);
    if (Math.abs(rho) >= 1 - 1e-12) continue;
    // Given z = √a g, z′ is N(μ, σ²) with μ = √b ρ g: E max(z′, 0) = μΦ(μ/σ) + σ·density(μ/σ), P(z′ > 0) = Φ(μ/σ).
    const sigma = rootB * Math.sqrt(1 - rho * rho);
    const positive = (g: number): number => normalCdf((rootB * rho * g) / sigma);
    const ramp = (g: number): number => {
      const mu = rootB * rho * g;
      return mu * normalCdf(mu / sigma) + sigma * normalDensity(mu / sigma);
    };
    const first = c * acrossKink((g) => phiPrime(rootA * g) * (slope + (1 - slope) * positive(g)));
    const second = acrossKink((g) => phi(rootA * g) * (slope * rootB * rho * g + (1 - slope) * ramp(g)));
    const entry = expectedEntry(activation, covariance);
    // Sums of 1,400 terms of size up to 4 · 4 · 4.
    expect(Math.abs(entry.first - first), JSON.stringify(covariance)).toBeLessThan(1e-11);
    expect(Math.abs(entry.second - second), JSON.stringify(covariance)).toBeLessThan(1e-11);
  }
});

test.for(everyActivation([0.1, -2]).map((activation) => ({ label: JSON.stringify(activation), activation })))(
  '$label: the mean over W of the kernels of finite width, 6 standard errors',
  ({ activation }) => {
    const random = new RandomNumbers(11);
    const [n, d, width, draws] = [4, 3, 2000, 20];
    const X = random.normalMatrix(n, d);
    const v = new Float64Array(width).fill(1);
    const kernels = Array.from({ length: draws }, () => {
      const { A, D } = forward(X, random.normalMatrix(width, d), activation);
      return { first: firstKernel({ X, D, v }), second: secondKernel({ A }) };
    });
    for (const key of ['first', 'second'] as const) {
      const exact = expectedKernel(activation, X, X, {
        first: Number(key === 'first'),
        second: Number(key === 'second'),
      });
      exact.data.forEach((value, at) => {
        const values = kernels.map((kernel) => kernel[key].data[at]);
        const mean = values.reduce((sum, x) => sum + x, 0) / draws;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1);
        // A t distribution of 19 degrees of freedom: 6 standard errors have probability 10⁻⁵; the seed is fixed.
        expect(Math.abs(mean - value)).toBeLessThanOrEqual(6 * Math.sqrt(variance / draws) + 1e-12);
      });
    }
  },
);

test('one set has its own norms on the diagonal; the product is a sum over columns', () => {
  const X = dense(2, 2, [1, 1, 2, 0]);
  expect(covariances(X, X, true)).toEqual([
    { a: 1, b: 1, c: 1 },
    { a: 1, b: 2, c: 1 },
    { a: 2, b: 1, c: 1 },
    { a: 2, b: 2, c: 2 },
  ]);
  const K = expectedKernel({ name: 'identity' }, X, X, { first: 1, second: 2 });
  expect(K).toEqual(dense(2, 2, [3, 3, 3, 6]));
  expect(expectedProduct(K, Float64Array.of(1, -2))).toEqual(Float64Array.of(-3, -9));
});
