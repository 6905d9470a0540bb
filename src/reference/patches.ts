import type { LayerShape } from '../math/deep/architecture.ts';
import { type Dense, dense } from '../math/dense.ts';

/** What a convolution sees from each position (THEORY-DEEP.md, section b): `window` holds where each tap stands. */
export type Windows = Pick<LayerShape, 'positions' | 'taps' | 'window'>;

/**
 * A[i, p] holds H[i, p + t] of each tap t.
 * @param H nP × C
 * @returns nP × QC
 */
export function patchesOf(H: Dense, { positions, taps, window }: Windows): Dense {
  const { rows, cols: channels } = H;
  const A = dense(rows, taps * channels);
  for (let row = 0; row < rows; row++) {
    const p = row % positions;
    for (let t = 0; t < taps; t++) {
      const from = (row - p + window[p * taps + t]) * channels;
      A.data.set(H.data.subarray(from, from + channels), (row * taps + t) * channels);
    }
  }
  return A;
}
