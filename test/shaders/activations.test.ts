import { expect, test } from 'vitest';
import { activationError, sinRange } from '../../shaders/parts/accuracy.ts';
import { activation } from '../../shaders/parts/activations.wgsl.ts';
import { type Activation, activationNames } from '../../src/math/activation-names.ts';
import { activationFunctions } from '../../src/math/activations.ts';
import { asFloats, evaluate, floats } from './evaluate.ts';

const all: Activation[] = activationNames.map((name) =>
  name === 'leaky-relu' ? { name, slope: 0.1 } : { name },
);
const odd = new Set(['erf', 'tanh', 'sin', 'identity']);

test.for(all)('$name: φ and φ′ keep their bounds on every scale of z', async (a) => {
  const bits = floats(2000, a.name === 'sin' ? sinRange : undefined);
  const f =
    'vec4(bitcast<vec2<u32>>(phi_both(bitcast<f32>(bits))), bitcast<u32>(phi(bitcast<f32>(bits))), bitcast<u32>(phi_prime(bitcast<f32>(bits))))';
  const words = await evaluate({ parts: activation(a), f }, bits);
  const results = asFloats(words);
  const exact = activationFunctions(a);
  const bound = activationError(a);
  const worst = { phi: 0, phiPrime: 0 };
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
    const { name } = a;
    if (name === 'erf' || name === 'tanh' || name === 'sigmoid') expect(Math.abs(phi)).toBeLessThanOrEqual(1);
    // Arguments come in pairs z, −z.
    if (odd.has(a.name) && i % 2 === 0) {
      expect((words[4 * i] ^ words[4 * (i + 1)]) >>> 0, `φ(${z}) and φ(${-z})`).toBe(0x80000000);
    }
  });
  console.log(`${a.name}: used of the bound: φ ${worst.phi.toFixed(2)}, φ′ ${worst.phiPrime.toFixed(2)}`);
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
  console.log(`sin: used of the bound: ${used.toFixed(2)}`);
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
