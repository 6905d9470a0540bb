import type { Gpu } from '../gpu/device.ts';
import { TooLargeError, gibibytes } from '../gpu/errors.ts';
import { bindingBytes, rowAlignment, strideOf } from '../gpu/matrix.ts';
import { preferredBlockBytes } from '../jacobian/hidden-block.ts';
import { greatestOf } from '../math/statistics.ts';
import { pooledPositions } from '../programs/pool.ts';
import { sliceRows } from '../programs/partial-sums.ts';
import { type TowerGeometry, jacobianShapes } from './architecture.ts';

/** Rows of a product up to which every tile's workgroups stay below 65,535 along the rows. */
const mostRows = 2 ** 18;

/**
 * Points that are processed at a time, a multiple of 256 where that many fit and of 64 where not: no buffer of one layer
 * passes the bytes that one binding or a block should take.
 * @throws TooLargeError where not even 64 fit.
 */
export function towerBlockRows(gpu: Gpu, { layers, readout }: TowerGeometry): number {
  const wanted = preferredBlockBytes(gpu);
  const limit = bindingBytes(gpu);
  const bytesOf = (points: number): number =>
    greatestOf([
      ...layers.flatMap(({ positions, units, inputs }) => [
        4 * points * positions * strideOf(units),
        4 * strideOf(units) * strideOf(inputs),
      ]),
      4 * strideOf(readout.floats),
    ]);
  const rowsFit = (points: number): boolean =>
    layers.every(({ positions }) => points * positions <= mostRows);
  const fits = (points: number, bytes: number): boolean => bytesOf(points) <= bytes && rowsFit(points);
  let points = sliceRows;
  if (!fits(points, limit)) {
    points = [192, 128, 64].find((fewer) => fits(fewer, limit)) ?? 0;
    if (points > 0) return points;
    const most = mostRows / 64;
    const spread = layers.find(({ positions }) => positions > most);
    if (spread) {
      throw new TooLargeError(
        `A layer of ${spread.positions} positions does not fit this adapter: at most ${most} do. Take images of fewer positions.`,
      );
    }
    throw new TooLargeError(
      `A network whose widest layer takes ${gibibytes(bytesOf(64))} at 64 points does not fit this adapter, which binds at most ${gibibytes(limit)} at a time. Take fewer channels, positions or units.`,
    );
  }
  while (points < mostRows && fits(2 * points, wanted)) points *= 2;
  return points;
}

/** Bytes of what one tower makes of a point: H_l and B_l of every layer, and what stands behind its pool. */
export const towerBytes = ({ layers }: TowerGeometry): number =>
  layers.reduce(
    (sum, { positions, units, pool }) =>
      sum + 8 * (positions + (pool ? pooledPositions(pool) : 0)) * strideOf(units),
    0,
  );

/** Bytes of a point's rows of the Jacobian of one tower, all its layers. */
export const jacobianBytes = (geometry: TowerGeometry): number =>
  jacobianShapes(geometry, 1).reduce((sum, { inputs }) => sum + 4 * strideOf(inputs), 0);

/** Points whose rows of the Jacobian one dispatch makes: workgroups along its third dimension. */
const mostSlices = 2 ** 15;

/** As many points of those wanted as rows of a convolution's Jacobian fit a block, a multiple of 64; all where no layer convolves. */
export function jacobianBlockRows(gpu: Gpu, geometry: TowerGeometry, wanted: number): number {
  if (geometry.layers.every(({ patches }) => !patches)) return wanted;
  const longest = greatestOf(jacobianShapes(geometry, 1).map(({ inputs }) => strideOf(inputs)));
  const fitting = Math.min(preferredBlockBytes(gpu), bindingBytes(gpu)) / (4 * longest);
  return Math.min(
    wanted,
    mostSlices,
    Math.max(rowAlignment, rowAlignment * Math.floor(fitting / rowAlignment)),
  );
}
