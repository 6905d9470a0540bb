import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import { mathematicsOf } from '../../src/math/activations.ts';
import type { Moments } from '../../src/math/activations/mathematics.ts';
import { formulaMathematics } from '../../src/math/formula/mathematics.ts';
import { FormulaError } from '../../src/math/formula/parse.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { expansionBetween, hermiteExpansion, hermiteTail } from '../../src/math/hermite-coefficients.ts';
import { normalDensity } from '../../src/math/normal.ts';
import { pairDifference } from '../../src/math/pair-difference.ts';
import { expectedByQuadrature, expectedEntry } from '../../src/reference/expected-kernel.ts';
import { type FormulaCase, formulas } from '../formulas.ts';

const u = 2 ** -53;
const formula = (text: string): Activation => ({ name: 'formula', formula: text });

test('there are fifty of them', () => expect(formulas.length).toBeGreaterThanOrEqual(50));

/**
 * E f(g) by Gauss and Legendre with 5 points in panels of 1/128 on [−14, 14], cut at the kinks: it shares nothing with the adaptive
 * rule that it is held against. h¹⁰f⁽¹⁰⁾ is far below 10⁻¹² for all that bends on scales of 1/100 and more.
 */
function fineExpectation(f: (x: number) => number, kinks: readonly number[]): number {
  const points = [
    [0, 128 / 225],
    [Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3, (322 + 13 * Math.sqrt(70)) / 900],
    [Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3, (322 - 13 * Math.sqrt(70)) / 900],
  ];
  const edges = Array.from({ length: 28 * 128 + 1 }, (_, k) => k / 128 - 14);
  const cut = [...edges, ...kinks.filter((x) => Math.abs(x) < 14)].sort((a, b) => a - b);
  let sum = 0;
  for (let k = 1; k < cut.length; k++) {
    const [middle, half] = [(cut[k] + cut[k - 1]) / 2, (cut[k] - cut[k - 1]) / 2];
    for (const [x, weight] of points) {
      const at = x === 0 ? [middle] : [middle - half * x, middle + half * x];
      for (const g of at) sum += half * weight * f(g) * normalDensity(g);
    }
  }
  return sum;
}

const inTwoDimensions = new Set([
  'x*sigmoid(1.702*x)',
  'tanh(5*x)',
  '1/(1+x^2)',
  'min(max(x,-1),1)',
  'max(x, x^2)',
  'x^3',
]);

describe.for(formulas)('$text', ({ text, phi, kinks = [] }: FormulaCase) => {
  const found = formulaMathematics(text);
  const beside = (x: number): boolean => kinks.some((kink) => Math.abs(x - kink) < 0.01);

  test('φ is what it says, φ′ and φ″ are its derivatives', () => {
    const h = 2 ** -13;
    for (let x = -8 + h; x <= 8; x += 0.0917) {
      const size = Math.abs(phi(x)) + Math.abs(x * found.phiPrime(x)) + 1;
      expect(Math.abs(found.phi(x) - phi(x)), `φ(${x})`).toBeLessThanOrEqual(64 * u * size);
      if (beside(x)) continue;
      for (const [f, derivative] of [
        [found.phi, found.phiPrime],
        ...(found.phiSecond ? [[found.phiPrime, found.phiSecond]] : []),
      ]) {
        const coarse = (f(x + 2 * h) - f(x - 2 * h)) / (4 * h);
        const fine = (f(x + h) - f(x - h)) / (2 * h);
        const difference = (4 * fine - coarse) / 3;
        const around = Math.max(...[x - 2 * h, x, x + 2 * h].map((at) => Math.abs(f(at))));
        // What the extrapolation gained is more than what it left; and what rounding makes of a difference over h.
        const error = Math.abs(fine - coarse) + (256 * u * (around + size)) / h;
        expect(Math.abs(difference - derivative(x)), `at ${x}`).toBeLessThanOrEqual(error);
      }
    }
  });

  test('constants against another quadrature, of the φ written by hand', () => {
    // By Stein's identity from φ alone: E φ′ = E[gφ], E[gφ′] = E[(g² − 1)φ], E[(½g³ − g)φ′] = E[(½g⁴ − 2.5g² + 1)φ].
    const expectation = (weight: (g: number) => number): number =>
      fineExpectation((g) => weight(g) * phi(g), kinks);
    const other: Moments = {
      zeta: expectation((g) => g),
      gPhiPrime: expectation((g) => g * g - 1),
      theta0: expectation(() => 1),
      theta2: expectation((g) => g ** 4 / 2 - 2.5 * g * g + 1),
    };
    const size = fineExpectation((g) => (1 + g ** 4) * Math.abs(phi(g)), kinks);
    const constants = gaussianConstants(formula(text), 1);
    for (const key of ['zeta', 'gPhiPrime', 'theta0', 'theta2'] as const) {
      expect(Math.abs(constants[key] - other[key]), key).toBeLessThanOrEqual(1e-10 * Math.max(1, size));
    }
  });

  // Two dimensions take their time: one of each kind.
  test.runIf(inTwoDimensions.has(text))(
    'the Hermite series and the quadrature in two dimensions differ by no more than the tails',
    () => {
      const terms = 48;
      const expansion = hermiteExpansion(formula(text), terms);
      for (const { a, b, rho } of [
        { a: 1, b: 1, rho: 0.5 },
        { a: 0.7, b: 1.4, rho: -0.3 },
      ]) {
        const exact = expectedByQuadrature(formula(text), { a, b, c: rho * Math.sqrt(a * b) });
        const [p, q] = [expansion(a), expansion(b)];
        for (const key of ['first', 'second'] as const) {
          let sum = 0;
          for (let k = terms - 1; k >= 0; k--)
            sum += (key === 'first' ? k : 1) * p.alpha[k] * q.alpha[k] * rho ** k;
          const tail =
            Math.abs(rho) ** terms * Math.sqrt(hermiteTail(p, terms)[key] * hermiteTail(q, terms)[key]);
          const rounding = 1e-10 * Math.sqrt(p[key] * q[key]);
          expect(Math.abs(sum - exact[key]), `${key} ${a} ${b} ${rho}`).toBeLessThanOrEqual(tail + rounding);
        }
      }
    },
  );

  test('differences keep their digits', () => {
    for (const mean of [-3.1, -0.7, 0.2, 1.9]) {
      if (beside(mean)) continue;
      for (const half of [1e-12, 1e-7]) {
        const expected = 2 * half * found.phiPrime(mean);
        const curved =
          half ** 3 * 1e9 + 1e-13 * half * (Math.abs(found.phi(mean)) + Math.abs(found.phiPrime(mean)) + 1);
        expect(Math.abs(pairDifference(formula(text), mean, half) - expected)).toBeLessThanOrEqual(curved);
      }
      const apart = found.phi(mean + 0.3) - found.phi(mean - 0.3);
      const size = Math.abs(found.phi(mean + 0.3)) + Math.abs(found.phi(mean - 0.3));
      // The integral of erf′ by three points is right to 5e-8.
      expect(Math.abs(pairDifference(formula(text), mean, 0.3) - apart)).toBeLessThanOrEqual(
        1e-13 * size + 1e-14,
      );
    }
    expect(Math.abs(pairDifference(formula(text), 0.7, 0))).toBe(0);
  });

  test('kinks are found', () => {
    const near = kinks.filter((x) => Math.abs(x) <= 32).map((x) => Number(x.toFixed(9)));
    if (text === 'abs(sin(x))') expect(found.formula.kinks.length).toBe(21);
    else expect(found.formula.kinks.map((x) => Number(x.toFixed(9)))).toEqual(near);
    expect(found.phiSecond === null).toBe(kinks.length > 0);
  });
});

test.for([
  ['erf(x)', { name: 'erf' }],
  ['tanh(x)', { name: 'tanh' }],
  ['sigmoid(x)', { name: 'sigmoid' }],
  ['log(1+exp(x))', { name: 'softplus' }],
  ['x*sigmoid(x)', { name: 'swish' }],
  ['erf(x/sqrt(2))*x/2+x/2', { name: 'gelu' }],
  ['sin(x)', { name: 'sin' }],
  ['x', { name: 'identity' }],
  ['max(x,0)', { name: 'relu' }],
  ['max(0.1*x,x)', { name: 'leaky-relu', slope: 0.1 }],
] satisfies [string, Activation][])('%s is what it is by its name', ([text, named]) => {
  const [written, known] = [formula(text), named as Activation].map(mathematicsOf);
  const [constants, exact] = [formula(text), named as Activation].map((activation) =>
    gaussianConstants(activation, 1),
  );
  for (const key of ['zeta', 'gPhiPrime', 'theta0', 'theta2'] as const) {
    expect(Math.abs(constants[key] - exact[key]), key).toBeLessThan(1e-12);
  }
  expect(Math.abs(written.supPhiPrime - known.supPhiPrime)).toBeLessThan(1e-6);
  if (known.supPhiSecond === null) expect(written.supPhiSecond).toBeNull();
  else expect(Math.abs(written.supPhiSecond! - known.supPhiSecond)).toBeLessThan(1e-6);
  for (const x of [-3, -0.5, 0, 0.25, 2])
    expect(Math.abs(written.phiPrime(x) - known.phiPrime(x))).toBeLessThan(1e-14);
  expect(written.slopes).toEqual(known.slopes);
  const covariance = { a: 1, b: 1.3, c: 0.5 };
  const [entry, expected] = [
    expectedByQuadrature(formula(text), covariance),
    expectedEntry(named, covariance),
  ];
  expect(Math.abs(entry.first - expected.first)).toBeLessThan(1e-10);
  expect(Math.abs(entry.second - expected.second)).toBeLessThan(1e-10);
});

test('what is unbounded is infinite', () => {
  for (const text of ['x^3', 'exp(x)', 'exp(3*x)', 'max(x,x^2)']) {
    expect(formulaMathematics(text).supPhiPrime, text).toBe(Infinity);
  }
  expect(formulaMathematics('x^2').supPhiSecond).toBe(2);
});

test('coefficients between norms are interpolated to 10⁻¹²', () => {
  const direct = hermiteExpansion(formula('min(max(x,-1),1)'), 64);
  const between = expansionBetween(direct, 0.6, 1.7);
  expect(between).not.toBe(direct);
  for (const a of [0.6, 0.93, 1.2345, 1.7]) {
    const [p, q] = [direct(a), between(a)];
    p.alpha.forEach((value, k) => expect(Math.abs(value - q.alpha[k])).toBeLessThan(2e-12));
  }
});

test.for([
  ['', /^which ends, at character 1/],
  ['y', /^where y, at character 1, is not known; the variable is x/],
  ['foo(x)', /^which calls foo, at character 1; the functions are exp/],
  ['sinn(x)', /did you mean sin\?/],
  ['x*tnah(x)', /at character 3 \(did you mean tanh\?\)/],
  ['sin', /where sin, at character 1, lacks its brackets/],
  ['exp(x,1)', /where exp, at character 1, has 2 arguments; it takes one/],
  ['max(x)', /where max, at character 1, has 1 argument; it takes two or more/],
  ['x*', /which ends, at character 3/],
  ['(x', /where the end, at character 3, stands before the bracket of character 1 is closed/],
  ['x)', /where "\)", at character 2, follows a whole formula/],
  ['2x', /where "x", at character 2, follows a whole formula; a product is written with \*/],
  ['x**2', /a power is written with \^/],
  ['x%2', /where "%", at character 2, has no meaning/],
  ['x;alert(1)', /where ";", at character 2/],
  ['3', /does not change with x/],
  ['x-x', /does not change with x/],
  ['1/x', /where it is Infinity at x = 0/],
  ['1/(x-1)', /Infinity at x = 1/],
  ['log(x)', /at x = 0/],
  ['x^0.5', /its derivative is Infinity at x = 0/],
  ['sqrt(x+1)', /at x = -1/],
  ['(-2)^x', /has -2 raised to what x changes/],
  ['exp(x^2)', /grows like exp\(1\.0\*x\^2\)/],
  ['x^60', /float32 keeps fewer than three digits/],
  ['1e300*x', /where the number at character 1 is 1e\+300/],
  [`${'('.repeat(70)}x${')'.repeat(70)}`, /more than 64 brackets within brackets/],
  ['x+'.repeat(600), /too long for a formula \(1,200 characters/],
  [Array.from({ length: 60 }, (_, k) => `tanh(${k + 2}*x)`).join('+'), /operations, of 160 at most/],
] satisfies [string, RegExp][])('%s is refused', ([text, words]) => {
  expect(() => formulaMathematics(text)).toThrow(FormulaError);
  expect(() => formulaMathematics(text)).toThrow(words);
});
