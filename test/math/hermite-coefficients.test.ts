import { describe, expect, test } from 'vitest';
import { hasClosedForm } from '../../src/math/activations.ts';
import {
  hermiteExpansion,
  hermiteExtras,
  hermiteSeries,
  hermiteTail,
  hermiteTerms,
  mostHermiteTerms,
} from '../../src/math/hermite-coefficients.ts';
import { expectedEntry } from '../../src/reference/expected-kernel.ts';
import { everyActivation } from '../activations.ts';

/** What hermiteExpansion promises, relative to √E φ². */
const promised = 1e-13;
const norms = [0, 0.09, 1, 3.9, 4.1, 30];

describe('known expansions', () => {
  test.for(norms)('sin: α_k = e^(−a/2) a^(k/2)/√k! · sin(kπ/2), a = %s', (a) => {
    const { alpha, first, second } = hermiteExpansion({ name: 'sin' }, mostHermiteTerms)(a);
    let size = Math.exp(-a / 2);
    for (let k = 0; k < mostHermiteTerms; k++) {
      if (k > 0) size *= Math.sqrt(a / k);
      const exact = [0, size, 0, -size][k % 4];
      expect(Math.abs(alpha[k] - exact), `k = ${k}`).toBeLessThanOrEqual(promised);
    }
    expect(Math.abs(first - a * Math.exp(-a) * Math.cosh(a))).toBeLessThanOrEqual(promised * Math.max(1, a));
    expect(Math.abs(second - Math.exp(-a) * Math.sinh(a))).toBeLessThanOrEqual(promised);
  });

  test.for(norms)('identity: α_1 = √a and no other, a = %s', (a) => {
    const { alpha, first, second } = hermiteExpansion({ name: 'identity' }, mostHermiteTerms)(a);
    for (const [k, value] of alpha.entries()) {
      expect(Math.abs(value - (k === 1 ? Math.sqrt(a) : 0)), `k = ${k}`).toBeLessThanOrEqual(
        promised * Math.sqrt(Math.max(1, a)),
      );
    }
    for (const value of [first, second]) {
      expect(Math.abs(value - a)).toBeLessThanOrEqual(promised * Math.max(1, a));
    }
  });
});

describe.for(everyActivation([0.1]).filter((activation) => !hasClosedForm(activation)))(
  '$name',
  (activation) => {
    test('the series and the quadrature in two dimensions differ by no more than the tails, a up to 4, ρ up to 0.99', () => {
      const terms = 64;
      const expansion = hermiteExpansion(activation, terms);
      for (const a of [0.3, 1, 4]) {
        for (const b of [1, 4]) {
          const [p, q] = [expansion(a), expansion(b)];
          const [tailP, tailQ] = [hermiteTail(p, terms), hermiteTail(q, terms)];
          for (const rho of [-1, -0.5, 0, 0.3, 0.9, 0.99, 1]) {
            const exact = expectedEntry(activation, { a, b, c: rho * Math.sqrt(a * b) });
            const sum = { first: 0, second: 0 };
            for (let k = terms - 1; k >= 0; k--) {
              const term = p.alpha[k] * q.alpha[k] * rho ** k;
              sum.first += k * term;
              sum.second += term;
            }
            for (const key of ['first', 'second'] as const) {
              const tail = Math.abs(rho) ** terms * Math.sqrt(tailP[key] * tailQ[key]);
              const rounding = promised * Math.sqrt(p[key] * q[key]) * (key === 'first' ? terms : 1);
              expect(Math.abs(sum[key] - exact[key]), `${key} ${a} ${b} ${rho}`).toBeLessThanOrEqual(
                tail + rounding,
              );
            }
          }
        }
      }
    });

    test('the fewest terms: their tails are below 2^−24, those of 4 fewer are not, and smaller norms have smaller ones', () => {
      const [largest, unit] = [4, 2 ** -24];
      const terms = hermiteTerms(activation, largest);
      expect(terms % 4).toBe(0);
      const expansion = hermiteExpansion(activation, terms);
      const enough = (a: number, count: number): boolean => {
        const coefficients = expansion(a);
        const tail = hermiteTail(coefficients, count);
        const { first, second } = coefficients;
        return tail.first <= unit * first && tail.second <= unit * second;
      };
      expect(enough(largest, terms)).toBe(true);
      expect(enough(largest, terms - 4)).toBe(false);
      for (const a of [0.1, 0.5, 1, 2, 3, 3.9]) expect(enough(a, terms), `a = ${a}`).toBe(true);
      const apart = hermiteTerms(activation, largest, 0.5);
      expect(apart).toBeLessThan(terms);
      console.info(`${activation.name}: ${terms} terms at a = ${largest}, ${apart} for |ρ| ≤ ½`);
    });
  },
);

test('rows for the device, and the sum of their tails', () => {
  const [terms, points] = [8, [0, 1, 2.25]];
  const expansion = hermiteExpansion({ name: 'tanh' }, terms);
  const { rows, tail } = hermiteSeries(expansion, points, terms);
  const each = points.map(expansion);
  expect(rows).toEqual(
    Float32Array.from(
      each.flatMap(({ alpha, first, second }, i) => [...alpha, [0, 1, 1 / 1.5][i], first, second, 0]),
    ),
  );
  expect(rows.length).toBe(3 * (terms + hermiteExtras));
  const tails = each.map((coefficients) => hermiteTail(coefficients, terms));
  const sum = (of: 'first' | 'second') => tails.reduce((total, one) => total + one[of], 0);
  expect(tail).toEqual({ first: sum('first'), second: sum('second') });
});
