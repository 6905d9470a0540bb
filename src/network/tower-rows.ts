import type { Gpu } from '../gpu/device.ts';
import { TooLargeError } from '../gpu/errors.ts';
import { bindingBytes, strideOf } from '../gpu/matrix.ts';
import { preferredBlockBytes } from '../jacobian/hidden-block.ts';
import { greatestOf } from '../math/statistics.ts';
import { firstGradientSlices } from '../programs/first-gradient.ts';
import { sliceRows } from '../programs/sum-slices.ts';
import type { TowerGeometry } from './architecture.ts';

/** Rows of a product up to which every tile's workgroups stay below 65,535 along the rows. */
const mostRows = 2 ** 18;

/**
 * Points that are processed at a time, a multiple of 256 where that many fit and of 64 where not: no buffer of one layer, and no
 * slices of one gradient, pass the bytes that one binding or a block should take.
 * @throws TooLargeError where not even 64 fit.
 */
export function towerBlockRows(gpu: Gpu, { layers, readout }: TowerGeometry): number {
  const wanted = preferredBlockBytes(gpu);
  const limit = bindingBytes(gpu);
  const bytesOf = (points: number): number =>
    greatestOf([
      ...layers.flatMap(({ positions, units, inputs }) => [
        4 * points * positions * strideOf(units),
        4 * firstGradientSlices(points * positions, units, inputs),
      ]),
      4 * strideOf(readout.floats) * Math.ceil(points / sliceRows),
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

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
