import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import { activationFunctions, hasClosedForm } from '../../src/math/activations.ts';
import { gaussianPairs } from '../../src/math/deep/gaussian-pairs.ts';
import { expectedEntry } from '../../src/reference/expected-kernel.ts';
import { everyActivation } from '../activations.ts';

const formulas: Activation[] = ['x*sigmoid(x)', 'min(max(x,-1),1)', 'max(x,0)'].map((formula) => ({
  name: 'formula',
  formula,
}));
const activations = [...everyActivation([0.2]), ...formulas];

const sizes = [
  [1, 1],
  [0.3, 1.7],
  [0.02, 0.5],
];

describe.for(activations)('%o', (activation) => {
  const pairs = gaussianPairs(activation);
  const moments = { value: 0, slope: 0 };

  test('moments are those of the two-layer kernel, by closed form or quadrature', () => {
    // The quadrature of a formula in two dimensions takes seconds.
    const few = activation.name === 'formula';
    for (const [a, b] of few ? [[1, 0.6]] : sizes) {
      for (const rho of few ? [0.3] : [-0.9, -0.3, 0.1, 0.8]) {
        const c = rho * Math.sqrt(a * b);
        const { first, second } = expectedEntry(activation, { a, b, c });
        pairs.moments(pairs.variable(a), pairs.variable(b), c, moments);
        expect(Math.abs(moments.value - second), `E φφ ${a} ${b} ${rho}`).toBeLessThan(2e-12);
        expect(Math.abs(c * moments.slope - first), `c E φ′φ′ ${a} ${b} ${rho}`).toBeLessThan(2e-12);
      }
    }
    const z = pairs.variable(0.7);
    pairs.moments(z, z, 0.7, moments);
    if (!few) {
      const { first, second } = expectedEntry(activation, { a: 0.7, b: 0.7, c: 0.7 });
      expect(Math.abs(moments.value - second)).toBeLessThan(1e-12);
      expect(Math.abs(0.7 * moments.slope - first)).toBeLessThan(1e-12);
    }
    expect(z.square).toBe(moments.value);
  });

  test('derivatives in the covariance are slopes of one another, and the first two those of the moments', () => {
    const z = pairs.variable(0.8);
    for (const c of [-0.4, 0, 0.3]) {
      const here = pairs.derivatives(z, c);
      pairs.moments(z, z, c, moments);
      expect(Math.abs(here.value - moments.value)).toBeLessThan(1e-13);
      expect(Math.abs(here.slope - moments.slope)).toBeLessThan(1e-13);
      const h = 1e-4;
      const [above, below] = [pairs.derivatives(z, c + h), pairs.derivatives(z, c - h)];
      for (const [one, next] of [
        ['value', 'slope'],
        ['slope', 'second'],
        ['second', 'third'],
      ] as const) {
        // h² of a fifth derivative, and rounding over h.
        expect(Math.abs((above[one] - below[one]) / (2 * h) - here[next]), `${next} at ${c}`).toBeLessThan(
          3e-7,
        );
      }
    }
  });

  test('a variable that is always 0 has finite moments with every other', () => {
    const zero = pairs.variable(0);
    for (const other of [zero, pairs.variable(1e-14), pairs.variable(1)]) {
      pairs.moments(zero, other, 0, moments);
      expect(Number.isFinite(moments.value) && Number.isFinite(moments.slope)).toBe(true);
      // φ(0) E φ(z′)
      const { phi } = activationFunctions(activation);
      const expected = hasClosedForm(activation) ? 0 : phi(0) * other.alpha[0];
      expect(Math.abs(moments.value - expected)).toBeLessThan(1e-12);
    }
  });

  test.runIf(!hasClosedForm(activation))('many variances at once are as one by one', () => {
    const variances = Float64Array.from({ length: 200 }, (_, k) => 0.1 + 0.01 * k);
    const many = pairs.variables(variances);
    const other = pairs.variable(1);
    const direct = { value: 0, slope: 0 };
    for (const k of [0, 57, 123, 199]) {
      const c = 0.6 * Math.sqrt(variances[k]);
      pairs.moments(many[k], other, c, moments);
      pairs.moments(pairs.variable(variances[k]), other, c, direct);
      expect(Math.abs(moments.value - direct.value)).toBeLessThan(1e-11);
      expect(Math.abs(moments.slope - direct.slope)).toBeLessThan(1e-10);
    }
  });
});
