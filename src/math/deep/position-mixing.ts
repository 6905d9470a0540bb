import { dense } from '../dense.ts';
import { symmetricEigen } from '../symmetric-eigen.ts';
import type { DeepShape } from './architecture.ts';
import type { PositionMixing } from './linear-features.ts';

/** Eigenvalues of S below this share of the largest are rounding. */
const rankTolerance = 1e-12;

/**
 * M with MᵀM = S, ⟨x, Sx′⟩/d the NNGP kernel of the linear network of an architecture, φ the identity and gains 1 (THEORY-DEEP.md,
 * section e, "any pooling"); null where S = I: a flat readout and no pool. S = 11ᵀ/P, one row, where only the readout takes a
 * mean. O(LP²Q) operations, and else an eigenvalue decomposition of a P × P matrix.
 */
export function positionMixing(shape: DeepShape): PositionMixing | null {
  const { layers, readout, positions, channels } = shape;
  const pools = layers.some(({ blockSize }) => blockSize > 1);
  if (positions === 1 || (!pools && readout.kind === 'flat')) return null;
  if (!pools) {
    const share = Array<number>(positions).fill(1 / Math.sqrt(positions));
    return { channels, rows: dense(1, positions, share) };
  }
  // What ⟨x_p, x′_p′⟩/C_0 counts in the kernel, from the readout down.
  const last = readout.positions;
  let counts = Float64Array.from({ length: last ** 2 }, (_, k) =>
    readout.kind === 'mean' ? 1 / last ** 2 : k % (last + 1) === 0 ? 1 / last : 0,
  );
  for (const { positions: P, taps, window, block, blockSize, pooled } of layers.toReversed()) {
    const below = new Float64Array(P * P);
    for (let p = 0; p < P; p++) {
      for (let q = 0; q < P; q++) {
        const count = counts[block[p] * pooled + block[q]] / (blockSize ** 2 * taps);
        for (let t = 0; t < taps; t++) below[window[p * taps + t] * P + window[q * taps + t]] += count;
      }
    }
    counts = below;
  }
  const S = dense(
    positions,
    positions,
    counts.map((count) => positions * count),
  );
  const { values, vectors } = symmetricEigen(S);
  const rank = values.filter((value) => value > rankTolerance * Math.max(0, values[0])).length;
  const rows = dense(rank, positions);
  for (let at = 0; at < rows.data.length; at++) {
    rows.data[at] = Math.sqrt(values[Math.floor(at / positions)]) * vectors.data[at];
  }
  return { channels, rows };
}
