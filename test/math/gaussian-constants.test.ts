import { describe, expect, test } from 'vitest';
import { activationFunctions } from '../../src/math/activations.ts';
import { gaussianConstants, momentsByQuadrature } from '../../src/math/gaussian-constants.ts';
import { gaussianExpectation } from '../../src/math/gaussian-expectation.ts';
import { normalDensity } from '../../src/math/normal.ts';
import { everyActivation } from '../activations.ts';

const u = 2 ** -53;
/** What gaussianConstants promises. */
const promised = 1e-12;
/** Rounding of a sum of 193 terms, each of a few operations, relative to the sum of their sizes. */
const summation = (193 + 16) * u;

describe('gaussianExpectation', () => {
  test('even moments (2k − 1)!!', () => {
    for (const [k, moment] of [1, 1, 3, 15, 105].entries()) {
      const value = gaussianExpectation((g) => g ** (2 * k));
      expect(Math.abs(value - moment)).toBeLessThanOrEqual(summation * moment);
    }
  });

  test('E cos(sg) = E e^{−s²/2}, E e^{sg} = e^{s²/2}', () => {
    for (const s of [0.5, 1, 2]) {
      expect(
        Math.abs(gaussianExpectation((g) => Math.cos(s * g)) - Math.exp((-s * s) / 2)),
      ).toBeLessThanOrEqual(summation);
      const grown = Math.exp((s * s) / 2);
      expect(Math.abs(gaussianExpectation((g) => Math.exp(s * g)) - grown)).toBeLessThanOrEqual(
        summation * grown,
      );
    }
  });

  test('odd functions give exactly 0', () => {
    expect(gaussianExpectation((g) => Math.sin(g) + g ** 3)).toBe(0);
  });
});

/**
 * By mpmath 1.3 at 40 digits, E(h) = quad(lambda g: h(g)*npdf(g), [-60, -20, -8, -4, -2, -1, 0, 1, 2, 4, 8, 20, 60]):
 * ζ = E(f′), gPhiPrime = E(g·f′), ϑ₀ = E(f), ϑ₂ = E((g³/2 − g)·f′), for f = tanh, 1/(1 + exp(−g)), log(1 + exp(g)),
 * g/(1 + exp(−g)) and g·erfc(−g/√2)/2.
 */
const digits = {
  tanh: ['0.605705509602158825583540227556', '0', '0', '0'],
  sigmoid: ['0.206620964141907037262350828718', '0', '0.5', '0'],
  softplus: [
    '0.5',
    '0.206620964141907037262350828718',
    '0.806059183347439784528228831504',
    '0.0721122400913239218846028538332',
  ],
  swish: [
    '0.5',
    '0.350845444324554881031556536384',
    '0.206620964141907037262350828718',
    '0.0828197408682811138642048632368',
  ],
  gelu: [
    '0.5',
    '0.423142187660817215211059588671',
    '0.28209479177387814347403972578',
    '0.0352618489717347679342549657225',
  ],
} as const;

test.for(Object.entries(digits))('%s against mpmath', ([name, [zeta, gPhiPrime, theta0, theta2]]) => {
  const constants = gaussianConstants({ name: name as keyof typeof digits }, 1);
  expect(Math.abs(constants.zeta - Number(zeta))).toBeLessThanOrEqual(promised);
  expect(Math.abs(constants.gPhiPrime - Number(gPhiPrime))).toBeLessThanOrEqual(promised);
  expect(Math.abs(constants.theta0 - Number(theta0))).toBeLessThanOrEqual(promised);
  expect(Math.abs(constants.theta1 - Number(gPhiPrime))).toBeLessThanOrEqual(promised);
  expect(Math.abs(constants.theta2 - Number(theta2))).toBeLessThanOrEqual(promised);
});

test('the constants the paper states', () => {
  const zero = { gPhiPrime: 0, nu: 0, theta0: 0, theta1: 0, theta2: 0 };
  expect(gaussianConstants({ name: 'erf' }, 3)).toEqual({ zeta: 2 / Math.sqrt(3 * Math.PI), ...zero });
  const c = 1 / Math.sqrt(2 * Math.PI);
  expect(gaussianConstants({ name: 'relu' }, 4)).toEqual({
    zeta: 0.5,
    gPhiPrime: c,
    nu: 2 * c,
    theta0: c,
    theta1: c,
    theta2: 0,
  });
  expect(gaussianConstants({ name: 'identity' }, 1)).toEqual({ zeta: 1, ...zero });
  expect(gaussianConstants({ name: 'leaky-relu', slope: 1 }, 1)).toEqual({ zeta: 1, ...zero });
  expect(gaussianConstants({ name: 'tanh' }, 1)).toMatchObject(zero);
});

test('ν grows as √(Tr[Σ²]/d)', () => {
  const { nu, gPhiPrime } = gaussianConstants({ name: 'softplus' }, 2.25);
  expect(nu).toBe(1.5 * gPhiPrime);
});

const all = everyActivation([0.1, -2]);
const smooth = all.filter((activation) => activationFunctions(activation).phiSecond !== null);
const bent = all.filter((activation) => activationFunctions(activation).phiSecond === null);

test.for(smooth)('$name: closed form and definition agree', (activation) => {
  const constants = gaussianConstants(activation, 1);
  const defined = momentsByQuadrature(activation);
  for (const key of ['zeta', 'gPhiPrime', 'theta0', 'theta2'] as const) {
    expect(Math.abs(constants[key] - defined[key]), key).toBeLessThanOrEqual(promised);
  }
});

test.for(smooth)('$name: Stein E[gφ′] = E φ″ and E[gφ] = E φ′', (activation) => {
  const { phi, phiSecond } = activationFunctions(activation);
  const { zeta, gPhiPrime } = gaussianConstants(activation, 1);
  expect(Math.abs(gaussianExpectation(phiSecond!) - gPhiPrime)).toBeLessThanOrEqual(promised);
  expect(Math.abs(gaussianExpectation((g) => g * phi(g)) - zeta)).toBeLessThanOrEqual(promised);
});

/**
 * ∫₀^∞ f(x)·density(x) dx by the trapezoidal rule in s = log x, which converges geometrically again: a kink at 0 is out of reach.
 */
function halfLine(f: (x: number) => number): number {
  let sum = 0;
  for (let k = -40 * 16; k <= 3 * 16; k++) {
    const x = Math.exp(k / 16);
    sum += f(x) * normalDensity(x) * x;
  }
  return sum / 16;
}

test.for(bent)('%o: closed form and definition agree', (activation) => {
  const { phi, phiPrime } = activationFunctions(activation);
  const expectation = (f: (g: number) => number): number => halfLine((x) => f(x) + f(-x));
  const constants = gaussianConstants(activation, 1);
  const errors = {
    zeta: constants.zeta - expectation(phiPrime),
    stein: constants.zeta - expectation((g) => g * phi(g)),
    gPhiPrime: constants.gPhiPrime - expectation((g) => g * phiPrime(g)),
    theta0: constants.theta0 - expectation(phi),
    theta1: constants.theta1 - expectation((g) => g * phiPrime(g)),
    theta2: constants.theta2 - expectation((g) => (g ** 3 / 2 - g) * phiPrime(g)),
  };
  for (const [key, error] of Object.entries(errors))
    expect(Math.abs(error), key).toBeLessThanOrEqual(promised);
});
