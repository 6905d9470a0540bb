import { expect, test } from 'vitest';
import { relativeError } from '../../shaders/parts/accuracy.ts';
import { u } from '../../shaders/parts/roundoff.ts';
import { expNeg } from '../../shaders/parts/exp.wgsl.ts';
import { log } from '../../shaders/parts/log.wgsl.ts';
import { philox as philoxWgsl } from '../../shaders/parts/philox.wgsl.ts';
import { sinCosTurn } from '../../shaders/parts/sin-cos.wgsl.ts';
import { type Words2, type Words4, philox } from '../../src/math/philox.ts';
import { expectWithin } from '../bounds.ts';
import { asFloats, evaluate, floats } from './evaluate.ts';

/** Known answers of the Random123 distribution for philox4x32-10. */
const known: { counter: Words4; key: Words2; words: Words4 }[] = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

test.for(known)(
  'Philox 4×32-10 gives the published words, counter $counter',
  async ({ counter, key, words }) => {
    expect(philox(counter, key)).toEqual(words);
    // The arguments pass through the buffer, or the compiler would do the work.
    const word = (k: number): string => `(${[...counter, ...key][k]}u ^ bits)`;
    const f = `philox(vec4<u32>(${[0, 1, 2, 3].map(word).join(', ')}), vec2<u32>(${word(4)}, ${word(5)}))`;
    expect([...(await evaluate({ parts: philoxWgsl, f }, Uint32Array.of(0)))]).toEqual(words);
  },
);

test('Philox is the same bit for bit in TypeScript and WGSL', async () => {
  const bits = floats(20);
  const f = 'philox(vec4<u32>(bits, ~bits, bits * 3u, bits >> 7u), vec2<u32>(bits ^ 0x5bd1e995u, bits + 1u))';
  const words = await evaluate({ parts: philoxWgsl, f }, bits);
  bits.forEach((b, i) => {
    const expected = philox(
      [b, ~b >>> 0, Math.imul(b, 3) >>> 0, b >>> 7],
      [(b ^ 0x5bd1e995) >>> 0, (b + 1) >>> 0],
    );
    expect([...words.subarray(4 * i, 4 * i + 4)]).toEqual(expected);
  });
});

/** Every fourth word as float32: the first of each result. */
const firsts = (words: Uint32Array): Float32Array => asFloats(words).filter((_, k) => k % 4 === 0);

const float = 'bitcast<f32>(bits)';
const relative = (exact: Float64Array, units: number): Float64Array =>
  exact.map((value) => units * u * Math.abs(value));

test('exp_neg keeps its bound, and is 0 below 2^−126', async () => {
  const bits = floats(2000).filter((b) => b < 0x80000000);
  const f = `vec4<u32>(bitcast<u32>(exp_neg(min(${float}, 1e4))))`;
  const values = firsts(await evaluate({ parts: expNeg, f }, bits));
  const exact = Float64Array.from(asFloats(bits), (t) => Math.exp(-Math.min(t, 1e4)));
  const bound = relative(exact, relativeError.expNeg).map((b, i) =>
    asFloats(bits)[i] > 87.33 ? exact[i] : b,
  );
  expectWithin('exp_neg', values, exact, bound);
  values.forEach((value, i) => {
    if (asFloats(bits)[i] > 87.34) expect(value).toBe(0);
  });
});

test('log_unit and log1p_unit keep their relative bounds down to 2^−126 and up to 1', async () => {
  const bits = floats(2000, 1).filter((b) => b < 0x80000000 && b >= 0x800000);
  // Arguments close to 1, where log is close to 0.
  const nearOne = Uint32Array.from({ length: 1000 }, (_, k) => 0x3f800000 - k);
  for (const arguments_ of [bits, nearOne]) {
    const f = `vec4<u32>(bitcast<u32>(log_unit(${float})))`;
    const values = firsts(await evaluate({ parts: log, f }, arguments_));
    const exact = Float64Array.from(asFloats(arguments_), Math.log);
    expectWithin('log_unit', values, exact, relative(exact, relativeError.logUnit));
  }
  const unflushed = bits.filter((b) => b >= 3 << 23); // 2^−124
  const f = `vec4<u32>(bitcast<u32>(log1p_unit(${float})))`;
  const values = firsts(await evaluate({ parts: log, f }, unflushed));
  const exact = Float64Array.from(asFloats(unflushed), Math.log1p);
  expectWithin('log1p_unit', values, exact, relative(exact, relativeError.log1pUnit));
});

test('sin_cos_turn keeps its relative bound at every eighth of a turn and between', async () => {
  const eighth = 2 ** 21;
  const ks = Uint32Array.from({ length: 20_000 }, (_, i) =>
    i < 8 * 32 ? ((i % 8) * eighth + Math.floor(i / 8) - 16) & 0xffffff : Math.imul(i, 0x9e3779b1) >>> 8,
  );
  const f = 'vec4<u32>(bitcast<vec2<u32>>(sin_cos_turn(bits)), 0u, 0u)';
  const values = asFloats(await evaluate({ parts: sinCosTurn, f }, ks));
  const exact = Float64Array.from({ length: 4 * ks.length }, (_, at) => {
    // 2πk/2²⁴ = (octant·π/4) + r with r reduced as integers, so that float64 keeps its digits near the zeros.
    const k = ks[Math.floor(at / 4)];
    const quadrant = Math.floor((k + eighth) / (2 * eighth));
    const r = (2 * Math.PI * (k - quadrant * 2 * eighth)) / 2 ** 24;
    if (at % 4 > 1) return 0;
    const turned = (quadrant + (at % 4)) % 4; // cos is sin a quarter later
    return [Math.sin(r), Math.cos(r), -Math.sin(r), -Math.cos(r)][turned];
  });
  expectWithin('sin_cos_turn', values, exact, relative(exact, relativeError.sinCosTurn));
});
