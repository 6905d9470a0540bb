import { type Matrix, strideOf } from '../src/gpu/matrix.ts';
import { type LayerShape, deepShape } from '../src/math/deep/architecture.ts';
import { type Dense, dense } from '../src/math/dense.ts';
import { type Patches, patchFloats } from '../src/programs/factors.ts';
import { type Float32Numbers, upload } from './gpu-device.ts';

type Ring = Omit<Patches, 'points'>;

/** Windows that go round a ring and a torus of unlike sides, of odd and even filters, and round it more than once. */
export const rings: readonly Ring[] = [
  { sides: [7], filter: 3, channels: 5 },
  { sides: [3, 5], filter: 2, channels: 6 },
  { sides: [3], filter: 5, channels: 2 },
  { sides: [2, 4], filter: 3, channels: 4 },
];

/** The same of points, whose rows are read float by float unless their channels are whole vec4s. */
export const pointRings: readonly Ring[] = [
  { sides: [9], filter: 4, channels: 1 },
  { sides: [4, 3], filter: 3, channels: 3 },
  { sides: [2], filter: 3, channels: 3 },
  { sides: [5], filter: 3, channels: 4 },
];

/** What the main form is tried with: of several workgroups of every tile, and as many slices of a sum over rows. */
export const mainRing: Ring = { sides: [4, 6], filter: 3, channels: 5 };
export const mainPointRing: Ring = { sides: [4, 6], filter: 3, channels: 3 };

/** How a convolution is called: taps along each axis, positions along each, channels. */
export const titleOf = ({ sides, filter, channels, points }: Patches): string =>
  `${filter} taps on ${sides.join(' × ')}, ${channels} channels${points ? ' of points' : ''}`;

/** The layer whose windows these are. */
export function layerOf({ sides, filter, channels }: Ring, units: number): LayerShape {
  return deepShape({
    positions: sides,
    channels,
    layers: [{ channels: units, taps: filter, pool: 1 }],
    readout: 'flat',
    gains: [1, 1],
  }).layers[0];
}

/** Of n points, every position in a row of its own: nP × channels. */
export const randomPositions = (
  random: Float32Numbers,
  n: number,
  patches: Ring & { points: boolean },
): Dense => random.matrix(n * layerOf(patches, 1).positions, patches.channels);

/** As a convolution reads them: a row for each point, or for each position. */
export function uploadPositions({ rows, cols, data }: Dense, patches: Patches): Matrix {
  const { positions } = layerOf(patches, 1);
  return upload(patches.points ? dense(rows / positions, positions * cols, data) : dense(rows, cols, data));
}

/** What of a row of weights, or of patches, is no padding: the entries of each tap, one after another. */
export function patchColumns(patches: Patches): number[] {
  const { taps, fanIn } = layerOf(patches, 1);
  const apart = patchFloats(patches) / taps;
  return Array.from(
    { length: fanIn },
    (_, k) => Math.floor(k / patches.channels) * apart + (k % patches.channels),
  );
}

/** Weights (units × taps · channels) as they lie on the device, zeros behind the channels of every tap. */
export function uploadWeights(W: Dense, patches: Patches): Matrix {
  const length = patchFloats(patches);
  const columns = patchColumns(patches);
  const padded = dense(W.rows, length);
  W.data.forEach((w, k) => (padded.data[Math.floor(k / W.cols) * length + columns[k % W.cols]] = w));
  return upload(padded);
}

/** Of matrices like these weights, strideOf(units) × strideOf(patchFloats), one after another: entries, and padding. */
export function readWeights(
  all: Float32Array,
  patches: Patches,
  units: number,
): { values: number[]; padding: number[] } {
  const stride = strideOf(patchFloats(patches));
  const columns = new Set(patchColumns(patches));
  const inside = (_: number, k: number): boolean =>
    Math.floor(k / stride) % strideOf(units) < units && columns.has(k % stride);
  const floats = Array.from(all);
  return { values: floats.filter(inside), padding: floats.filter((value, k) => !inside(value, k)) };
}

/** Rows with zeros behind them up to a multiple of 4: a readout's weights by position, say, as a vector has them. */
export function paddedRows({ rows, cols, data }: Dense): Float64Array {
  const all = new Float64Array(rows * strideOf(cols));
  data.forEach((value, k) => (all[Math.floor(k / cols) * strideOf(cols) + (k % cols)] = value));
  return all;
}
