import { crc32 } from '../../src/data/crc32.ts';
import { cifarFile, idxFile, joined, zipFile } from '../data/image-files.ts';
import { someArray } from './arrays.ts';
import type { Random } from './random.ts';

/** gzip of an IDX file of 2 × 2 × 2 bytes, 1 to 8: packed once, since a fuzzed input is made at once. */
const packed = Uint8Array.from(
  [
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 24, 0, 0xe7, 0xff, 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2,
  ].concat([1, 2, 3, 4, 5, 6, 7, 8, 101, 52, 226, 161, 24, 0, 0, 0]),
);

/** A file of some format that is read: as it should be, cut, longer, or with bytes changed. */
export function someFile(random: Random): ArrayBuffer {
  let bytes = wholeFile(random);
  if (random.chance(0.2)) bytes = bytes.slice(0, random.below(bytes.length + 1));
  if (random.chance(0.1)) bytes = joined([bytes, new Uint8Array(random.pick([1, 100, 3073]))]);
  for (let changes = random.chance(0.5) ? 1 + random.below(4) : 0; changes > 0; changes--) {
    // Where headers are, more often than elsewhere.
    const at = random.chance(0.5) ? random.below(40) : random.below(bytes.length);
    if (at < bytes.length) bytes[at] = random.pick([0, 1, 8, 255, random.below(256)]);
  }
  return bytes.slice().buffer;
}

function wholeFile(random: Random): Uint8Array<ArrayBuffer> {
  switch (random.below(5)) {
    case 0: {
      const shape = random.pick([[6], [2, 3], [2, 3, 2], [1, 2, 2, 3], [0xffffffff, 2], [0, 3]]);
      const length = Math.min(
        100,
        shape.reduce((product, size) => product * size, 1),
      );
      const type = random.pick([8, 8, 8, 9, 0x0b, 0x0c, 0x0d, 0x0e, 7]);
      const size = { 11: 2, 12: 4, 13: 4, 14: 8 }[type] ?? 1;
      return idxFile(
        shape,
        Array.from({ length: length * size }, () => random.below(256)),
        type,
      );
    }
    case 1:
      return cifarFile(
        Array.from({ length: 1 + random.below(2) }, () => random.below(random.chance(0.9) ? 10 : 256)),
        () => random.pick([0, 8, 3, 255]),
      );
    case 2: {
      const members = Array.from({ length: random.pick([1, 1, 1, 0, 2]) }, (_, k) => {
        const body = new Uint8Array(someArray(random));
        const name = random.pick([`x${k}.npy`, 'x.npy', 'readme.txt', '../x.npy', '']);
        return {
          name,
          method: random.pick([0, 0, 0, 8, 99]),
          size: body.length,
          checksum: crc32([body]),
          body,
        };
      });
      return zipFile(members);
    }
    case 3:
      return packed.slice();
    default:
      return new Uint8Array(someArray(random));
  }
}
