export type Words4 = readonly [number, number, number, number];
export type Words2 = readonly [number, number];

/** High word of the 64-bit product of two 32-bit words; Math.imul is the low one. */
function multiplyHigh(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + Math.floor((a0 * b0) / 0x10000);
  const carry = a0 * b1 + (middle % 0x10000);
  return a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000);
}

/**
 * Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC11): 128 random bits for
 * each 128-bit counter under a 64-bit key. The same bits as shaders/parts/philox.wgsl.ts.
 */
export function philox(counter: Words4, key: Words2): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const evenHigh = multiplyHigh(0xd2511f53, c0);
    const oddHigh = multiplyHigh(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [
      (oddHigh ^ c1 ^ k0) >>> 0,
      Math.imul(0xcd9e8d57, c2) >>> 0,
      (evenHigh ^ c3 ^ k1) >>> 0,
      Math.imul(0xd2511f53, c0) >>> 0,
    ];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The 64-bit key of a seed: an integer from 0 to 2⁵³ − 1, low word first. @throws RangeError for any other. */
export function seedKey(seed: number): Words2 {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`The seed is ${seed}; it must be a whole number, at least 0.`);
  }
  return [seed >>> 0, Math.floor(seed / 2 ** 32)];
}
