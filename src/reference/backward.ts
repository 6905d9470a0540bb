import { type Dense, dense } from '../math/dense.ts';
import type { Windows } from './patches.ts';

const onePosition: Windows = { positions: 1, taps: 1, window: Int32Array.of(0) };

/**
 * What B, the derivatives by what enters a layer's units, gives by what the layer reads (THEORY-DEEP.md, sections a and b):
 * scale · BW, of a convolution its transpose,
 *
 *     [i, p + t, β] gathers scale · Σ_α B[i, p, α] W[α, t, β]
 *
 * @param B nP × C_l
 * @param W C_l × QC_{l−1}
 * @returns nP × C_{l−1}
 */
export function backward(
  B: Dense,
  W: Dense,
  scale: number,
  { positions, taps, window }: Windows = onePosition,
): Dense {
  const inputs = W.cols / taps;
  const back = dense(B.rows, inputs);
  for (let row = 0; row < B.rows; row++) {
    const p = row % positions;
    for (let t = 0; t < taps; t++) {
      const to = (row - p + window[p * taps + t]) * inputs;
      for (let beta = 0; beta < inputs; beta++) {
        let sum = 0;
        for (let alpha = 0; alpha < B.cols; alpha++) {
          sum += B.data[row * B.cols + alpha] * W.data[alpha * W.cols + t * inputs + beta];
        }
        back.data[to + beta] += scale * sum;
      }
    }
  }
  return back;
}
