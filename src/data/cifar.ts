import type { BytePieces } from './byte-pieces.ts';
import { DataError } from './data-error.ts';
import type { StoredArray } from './stored-array.ts';

const side = 32;
const plane = side * side;
/** A label, then the planes R, G and B, each row by row. */
const recordBytes = 1 + 3 * plane;

/** Whether so many bytes are whole images of CIFAR-10, which have nothing else to be known by. */
export const isCifarLength = (bytes: number): boolean => bytes > 0 && bytes % recordBytes === 0;

/** The first byte that stands where a label does and is none; null where all are from 0 to 9. */
function firstNoLabel(bytes: BytePieces): { image: number; value: number } | null {
  for (let image = 0; image * recordBytes < bytes.length; image++) {
    const [value] = bytes.copy(image * recordBytes, image * recordBytes + 1);
    if (value > 9) return { image, value };
  }
  return null;
}

/** Whether these bytes can be images of CIFAR-10 with their labels. */
export const looksLikeCifar = (bytes: BytePieces): boolean =>
  isCifarLength(bytes.length) && firstNoLabel(bytes) === null;

/**
 * Reads CIFAR-10's binary version: images of shape n × 32 × 32 × 3, channels last (the file has the planes R, G, B of an
 * image one after the other), and their labels, 0 to 9. Memory: the file itself, which `bytes` is.
 *
 * Source: https://www.cs.toronto.edu/~kriz/cifar.html (Binary version).
 * @param name what messages call the file
 * @throws DataError where a label is none, so that it is another file
 */
export function readCifar(bytes: BytePieces, name: string): { images: StoredArray; labels: StoredArray } {
  const wrong = firstNoLabel(bytes);
  if (wrong) {
    throw new DataError(
      `${name} has as many bytes as images of CIFAR-10 take, but ${wrong.value} where the label of image ${wrong.image} stands, which is 0 to 9. Is it a file of another kind?`,
    );
  }
  const n = bytes.length / recordBytes;
  return {
    images: {
      shape: [n, side, side, 3],
      unit: 255,
      rows: (first, count) => {
        const records = bytes.copy(first * recordBytes, (first + count) * recordBytes);
        const pixels = new Float64Array(count * 3 * plane);
        for (let i = 0; i < count; i++) {
          for (let channel = 0; channel < 3; channel++) {
            const from = i * recordBytes + 1 + channel * plane;
            const to = i * 3 * plane + channel;
            for (let p = 0; p < plane; p++) pixels[to + 3 * p] = records[from + p];
          }
        }
        return pixels;
      },
    },
    labels: {
      shape: [n],
      unit: 255,
      rows: (first, count) =>
        Float64Array.from({ length: count }, (_, k) => {
          const at = (first + k) * recordBytes;
          return bytes.copy(at, at + 1)[0];
        }),
    },
  };
}
