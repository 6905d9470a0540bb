import { type Dense, dense } from './dense.ts';
import { type Words4, philox, seedKey } from './philox.ts';

/** Distributions of random entries, all of mean 0 and variance 1: N(0, 1), uniform on [−√3, √3], or ±1. */
export type Entries = 'normal' | 'uniform' | 'sign';

/**
 * A rows × cols matrix of random entries in float64, where few are drawn, and to hold the shader against; (i, j) depends on
 * seed, stream, i and j alone; with `firstRow`, these are the rows from there. From the integers of Philox 4×32-10 at the
 * counters (⌊j/4⌋, i, stream, 0), as the shader's are.
 */
export function random(
  entries: Entries,
  rows: number,
  cols: number,
  { seed, stream, firstRow = 0 }: { seed: number; stream: number; firstRow?: number },
): Dense {
  const key = seedKey(seed);
  const X = dense(rows, cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j += 4) {
      const four = fourEntries(entries, philox([j / 4, firstRow + i, stream, 0], key));
      for (let k = 0; k < Math.min(4, cols - j); k++) X.data[i * cols + j + k] = four[k]!;
    }
  }
  return X;
}

function fourEntries(entries: Entries, words: Words4): number[] {
  switch (entries) {
    case 'normal': {
      const [a, b, c, d] = words;
      return [...normalPair(a, b), ...normalPair(c, d)];
    }
    case 'uniform':
      return words.map((word) => (Math.sqrt(3) * (2 * (word >>> 8) + 1 - 2 ** 24)) / 2 ** 24);
    case 'sign':
      return words.map((word) => (word >>> 31 === 1 ? -1 : 1));
  }
}

/** Box and Muller: √(−2 log u) (cos, sin)(2πv), u in (0, 1) from the first word, v in [0, 1) from the second. */
function normalPair(a: number, b: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(openUnit(a)));
  // v = quadrant/4 + rest/2²⁴ with |rest| ≤ 2²¹, so that sines which are 0 come out as 0.
  const k = b >>> 8;
  const quadrant = (k + 0x200000) >>> 22;
  const angle = (2 * Math.PI * (k - quadrant * 2 ** 22)) / 2 ** 24;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = [
    [cos, sin],
    [-sin, cos],
    [-cos, -sin],
    [sin, -cos],
  ][quadrant % 4];
  return [radius * turned[0], radius * turned[1]];
}

/** A word's 24 leading significant bits, as a number in (0, 1). */
function openUnit(word: number): number {
  const w = (word | 1) >>> 0;
  const dropped = Math.max(0, 8 - Math.clz32(w));
  return ((w >>> dropped) * 2 ** dropped) / 2 ** 32;
}
