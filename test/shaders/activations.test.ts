import { expect, test } from 'vitest';
import { activationError, pairError, sinRange } from '../../shaders/parts/accuracy.ts';
import { activation } from '../../shaders/parts/activations.wgsl.ts';
import { pairActivation } from '../../shaders/parts/pair.wgsl.ts';
import { pairDifference } from '../../src/math/pair-difference.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { activationFunctions, mathematicsOf } from '../../src/math/activations.ts';
import { everyActivation } from '../activations.ts';
import { expectUsualShare } from '../shares.ts';
import { asFloats, evaluate, floats } from './evaluate.ts';

/** One of each kind of operation: their programs are slow to compile where there is no GPU. */
const formulasOnDevice = [
  'x*sigmoid(1.702*x)',
  'min(max(x,-1),1)',
  'x*tanh(log(1+exp(x)))',
  'erf(x/sqrt(2))*x/2+x/2',
  '1/(1+x^2)',
  'abs(sin(x))',
  'exp(-x^2/2)',
  'max(x,0)+min(exp(x)-1,0)',
  '(1+x^2)^0.3',
  'sqrt(1+x^2)+log(3+cos(x))',
];

const nameOf = (a: Activation): string => (a.name === 'formula' ? a.formula : a.name);

const all: Activation[] = [
  ...everyActivation([0.1]),
  ...formulasOnDevice.map((formula) => ({ name: 'formula', formula }) as const),
];

test.for(all)('$name $formula: φ and φ′ keep their bounds on every scale of z', async (a) => {
  const range = mathematicsOf(a).formula?.range;
  const bits = floats(range ? 400 : 2000, a.name === 'sin' ? sinRange : range);
  const f =
    'vec4(bitcast<vec2<u32>>(phi_both(bitcast<f32>(bits))), bitcast<u32>(phi(bitcast<f32>(bits))), bitcast<u32>(phi_prime(bitcast<f32>(bits))))';
  const words = await evaluate({ parts: activation(a), f }, bits);
  const results = asFloats(words);
  const exact = mathematicsOf(a);
  const bound = activationError(a);
  const { odd } = exact;
  const worst = { phi: 0, phiPrime: 0 };
  const atMostOne = ['erf', 'tanh', 'sigmoid'].includes(a.name);
  // Of so many arguments an expectation each would take longer than what is expected.
  asFloats(bits).forEach((z, i) => {
    const [phi, prime, phiAlone, primeAlone] = results.subarray(4 * i, 4 * i + 4);
    const checks = [
      ['phi', phi],
      ['phi', phiAlone],
      ['phiPrime', prime],
      ['phiPrime', primeAlone],
    ] as const;
    for (const [name, value] of checks) {
      const error = Math.abs(value - exact[name](z));
      const allowed = bound[name](z);
      if (!(error <= allowed)) {
        expect.fail(
          `${a.name} ${name}(${z}) = ${value}, exactly ${exact[name](z)}: error ${error} > ${allowed}`,
        );
      }
      if (allowed > 0) worst[name] = Math.max(worst[name], error / allowed);
    }
    if (atMostOne && !(Math.abs(phi) <= 1)) expect.fail(`${a.name} at ${z} is ${phi}, beyond 1`);
    // Arguments come in pairs z, −z.
    if (odd && i % 2 === 0 && (words[4 * i] ^ words[4 * (i + 1)]) >>> 0 !== 0x80000000) {
      expect.fail(`φ(${z}) and φ(${-z}) differ in more than their signs`);
    }
  });
  expectUsualShare(`φ, ${nameOf(a)}`, worst.phi);
  expectUsualShare(`φ′, ${nameOf(a)}`, worst.phiPrime);
});

test.for([{ name: 'relu' }, { name: 'leaky-relu', slope: -0.5 }] as Activation[])(
  '$name: φ′(±0) = 1',
  async (a) => {
    const words = await evaluate(
      { parts: activation(a), f: 'vec4(bitcast<u32>(phi_prime(bitcast<f32>(bits))))' },
      Uint32Array.of(0, 0x80000000),
    );
    expect([...asFloats(words)]).toEqual(Array(8).fill(1));
  },
);

test('sin: beside multiples of π/2, where least is left of the argument, and far', async () => {
  const z = Float32Array.from({ length: 40_000 }, (_, k) => {
    const quarters = k < 10_000 ? 6360 + k : 6360 + ((k * 2654435761) % 10_670_000);
    return (k % 2 === 0 ? 1 : -1) * Math.min(sinRange, quarters * (Math.PI / 2));
  });
  const f =
    'vec4(bitcast<vec2<u32>>(phi_both(bitcast<f32>(bits))), bitcast<u32>(phi(bitcast<f32>(bits))), bitcast<u32>(phi_prime(bitcast<f32>(bits))))';
  const results = asFloats(
    await evaluate({ parts: activation({ name: 'sin' }), f }, new Uint32Array(z.buffer)),
  );
  const bound = activationError({ name: 'sin' });
  let used = 0;
  z.forEach((at, k) => {
    const errors = [
      Math.abs(results[4 * k] - Math.sin(at)) / bound.phi(at),
      Math.abs(results[4 * k + 1] - Math.cos(at)) / bound.phiPrime(at),
    ];
    for (const error of errors) if (!(error <= 1)) expect.fail(`at ${at}: ${error} of the bound`);
    used = Math.max(used, errors[0], errors[1]);
  });
  expectUsualShare('sin and cos beside multiples of π/2', used);
});

test('sin is not bounded noise where float32 has no digits after the point', async () => {
  const z = Float32Array.of(2 ** 24, -(2 ** 24), 1e10, -1e16, 3e38);
  const f = 'vec4(bitcast<vec2<u32>>(phi_both(bitcast<f32>(bits))), 0u, 0u)';
  const results = asFloats(
    await evaluate({ parts: activation({ name: 'sin' }), f }, new Uint32Array(z.buffer)),
  );
  z.forEach((at, k) => {
    expect(results[4 * k], `sin ${at}`).toBe(at > 0 ? Infinity : -Infinity);
    expect(results[4 * k + 1], `cos ${at}`).toBe(Infinity);
  });
});

test.for([...all, { name: 'leaky-relu', slope: -2 } as const])(
  '$name $formula: sum, difference and slopes of a pair, at every scale of the difference',
  async (a) => {
    const random = new RandomNumbers(7);
    const count = 20_000;
    const pairs = new Float32Array(2 * count);
    for (let k = 0; k < count; k++) {
      pairs[2 * k] = random.normal() * (k % 4 === 0 ? 10 : 1.5);
      const size = k % 2 === 0 ? 10 ** (-30 * random.uniform()) : random.uniform();
      pairs[2 * k + 1] = k % 100 === 0 ? 0 : (random.uniform() < 0.5 ? -1 : 1) * size;
      // Where a piecewise linear φ has its kink between the two.
      if (k % 10 === 1) pairs[2 * k] = pairs[2 * k + 1] * (2 * random.uniform() - 1);
    }
    const f =
      'bitcast<vec4<u32>>(phi_pair(bitcast<f32>(inputs[id.x & ~1u]), bitcast<f32>(inputs[id.x | 1u])))';
    const results = asFloats(await evaluate({ parts: pairActivation(a), f }, new Uint32Array(pairs.buffer)));
    const { phi, phiPrime, phiSecond } = activationFunctions(a);
    const bound = pairError(a);
    const worst = { sum: 0, difference: 0, slope: 0 };
    for (let k = 0; k < count; k++) {
      const [mean, half] = [pairs[2 * k], pairs[2 * k + 1]];
      const [sum, difference, ...slopes] = results.subarray(8 * k, 8 * k + 4);
      const [z, other] = [mean + half, mean - half];
      const exactDifference = pairDifference(a, mean, half);
      const checks = [
        ['sum', sum, phi(z) + phi(other), bound.sum(mean, half)],
        ['difference', difference, exactDifference, bound.difference(mean, half)],
        ['slope', slopes[0], phiPrime(z), bound.slope(z)],
        ['slope', slopes[1], phiPrime(other), bound.slope(other)],
      ] as const;
      for (const [what, value, exact, allowed] of checks) {
        const error = Math.abs(value - exact);
        if (!(error <= allowed)) {
          expect.fail(
            `${a.name} ${what} at ${mean} ± ${half} = ${value}, exactly ${exact}: error ${error} > ${allowed}`,
          );
        }
        if (allowed > 0) worst[what] = Math.max(worst[what], error / allowed);
      }
      if (half === 0 && difference !== 0) expect.fail(`${a.name} differs by ${difference} from itself`);
      // Right to a few ulp of what half allows, where subtracting would lose every digit.
      if (half !== 0 && Math.abs(half) < 0.1 && phiSecond !== null) {
        const error = Math.abs(difference - exactDifference) / Math.abs(half);
        if (!(error < 1e-5)) expect.fail(`${a.name} at ${mean} ± ${half}: the difference is off by ${error}`);
      }
    }
    for (const [what, share] of Object.entries(worst)) {
      expectUsualShare(`${what} of a pair, ${nameOf(a)}`, share);
    }
  },
);
