import { npyHeader } from '../../src/data/npy.ts';
import { oddText } from './documents.ts';
import type { Random } from './random.ts';

const types = [
  '<f4',
  '<f8',
  '|u1',
  '<i2',
  '>f4',
  '<f2',
  '<u8',
  '|b1',
  '<c8',
  '|O',
  'constructor',
  '__proto__',
  'U3',
  '',
];
const sizes = [
  '',
  '0,',
  '1,',
  '3, 2',
  '12,',
  '2, 3, 2',
  '3L, 2L',
  '4000000000, 2',
  '1e3,',
  '9007199254740993, 9',
  '-3,',
];

/** A .npy file of a few numbers: as it should be, with another header, cut short, or with bytes changed. */
export function someArray(random: Random): ArrayBuffer {
  const numbers = Float32Array.from({ length: 6 }, () =>
    random.pick([0, 1, -2.5, 1e-40, 3e38, NaN, Infinity, 7]),
  );
  const finite = random.chance(0.7) ? numbers.map((value) => (Number.isFinite(value) ? value : 1)) : numbers;
  const header = random.chance(0.5) ? npyHeader([3, 2]) : otherHeader(random);
  let bytes = new Uint8Array([...header, ...new Uint8Array(finite.buffer)]);
  if (random.chance(0.2)) bytes = bytes.slice(0, random.below(bytes.length + 1));
  for (let changes = random.chance(0.4) ? 1 + random.below(4) : 0; changes > 0; changes--) {
    bytes[random.below(bytes.length + 1)] = random.below(256);
  }
  return bytes.buffer;
}

function otherHeader(random: Random): Uint8Array {
  const fields = [
    `'descr': ${random.chance(0.1) ? oddText(random) : `'${random.pick(types)}'`}`,
    `'fortran_order': ${random.pick(['False', 'True', 'false', '1'])}`,
    `'shape': (${random.pick(sizes)})`,
  ].filter(() => random.chance(0.97));
  const text = `{${fields.join(', ')}, }`.padEnd(random.pick([0, 117])) + '\n';
  const description = new TextEncoder().encode(text);
  const length = random.chance(0.9) ? description.length : random.below(2 ** 16);
  const version = random.pick([1, 1, 1, 1, 2, 3, 0, 9]);
  const lengths = version === 1 ? [length & 0xff, length >> 8] : [length & 0xff, length >> 8, 0, 0];
  return new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...lengths, ...description]);
}

/** The same bytes as a stream brings them. */
export async function* inPieces(bytes: ArrayBuffer, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += size) {
    yield new Uint8Array(bytes.slice(from, from + size));
    await Promise.resolve();
  }
}
