import type { DeepProblem } from './problem.ts';

/** The sizes of a convolutional problem as libraries for images want them: on a torus of height × width. */
export interface ImageLayer {
  height: number;
  width: number;
  /** Along each axis. */
  taps: number;
  /** Positions that wrap around before the first one, and behind the last. */
  before: number;
  behind: number;
  inputs: number;
  channels: number;
}

/** The layers of a convolutional problem; none of a fully-connected one. */
export function imageLayers({ architecture: { positions, channels, layers } }: DeepProblem): ImageLayer[] {
  if (positions.length === 0) return [];
  const [height, width] = positions;
  return layers.map(({ channels: units, taps }, l) => ({
    height,
    width,
    taps,
    before: Math.floor(taps / 2),
    behind: taps - 1 - Math.floor(taps / 2),
    inputs: l === 0 ? channels : layers[l - 1].channels,
    channels: units,
  }));
}

/** rows × columns as columns × rows, of so many numbers each. */
export function transposed(
  entries: Float32Array,
  rows: number,
  columns: number,
  each = 1,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(entries.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const from = (i * columns + j) * each;
      result.set(entries.subarray(from, from + each), (j * rows + i) * each);
    }
  }
  return result;
}
