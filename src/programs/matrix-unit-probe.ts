import { unitTerms } from '../../shaders/parts/matrix-unit-tiles.wgsl.ts';
import { roundings } from '../../shaders/parts/roundings.ts';
import { u } from '../../shaders/parts/roundoff.ts';
import { type Tile, type TileName, groupCols, groupRows, tiles } from '../../shaders/parts/tile.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { ShaderError } from '../gpu/errors.ts';
import { Matrix } from '../gpu/matrix.ts';
import { compileMatrixProduct } from './matrix-product.ts';
import { admitUnits, hasMatrixUnit } from './matrix-units.ts';

const probed = new WeakMap<Gpu, Promise<void>>();

/**
 * Measures whether the device's matrix units add as `roundings` takes them to, and admits the tiles that do: positive numbers of
 * many digits, of which a sum that is rounded toward zero loses the most, in sums of one run on the units and of several.
 * WGSL promises nothing of the kind. A unit whose program
 * the browser does not compile is not admitted. Once a device; without such units nothing happens.
 * @throws what Program.compile and CommandStream.finish throw, but no ShaderError.
 */
export function probeMatrixUnits(gpu: Gpu): Promise<void> {
  const probe = probed.get(gpu) ?? admitSound(gpu);
  probed.set(gpu, probe);
  return probe.catch((error: unknown) => {
    probed.delete(gpu);
    throw error;
  });
}

async function admitSound(gpu: Gpu): Promise<void> {
  const sound: TileName[] = [];
  for (const [name, tile] of Object.entries(tiles) as [TileName, Tile][]) {
    if (hasMatrixUnit(gpu.device, tile) && (await isAsModelled(gpu, tile))) sound.push(name);
  }
  admitUnits(gpu, sound);
}

async function isAsModelled(gpu: Gpu, tile: Tile): Promise<boolean> {
  const product = await compileMatrixProduct(gpu, 'NT', tile).catch((error: unknown) => {
    // The feature is an experiment, whose words browsers still change.
    if (error instanceof ShaderError) return undefined;
    throw error;
  });
  if (!product) return false;
  for (const inner of [unitTerms, 5 * unitTerms]) {
    const [rows, cols] = [groupRows(tile), groupCols(tile)];
    const [p, q] = [digits(rows * inner, Math.SQRT2), digits(cols * inner, Math.E)];
    using P = new Matrix(gpu, 'probe of matrix units', rows, inner);
    using Q = new Matrix(gpu, 'probe of matrix units', cols, inner);
    using C = new Matrix(gpu, 'probe of matrix units', rows, cols);
    P.write(p);
    Q.write(q);
    using stream = new CommandStream(gpu);
    stream.run(product(P, Q, C));
    await stream.finish();
    const computed = await C.readAll();
    const relative = roundings(tile, inner) * u;
    const held = computed.every((value, at) => {
      const [i, j] = [Math.floor(at / cols) * inner, (at % cols) * inner];
      let exact = 0;
      for (let k = 0; k < inner; k++) exact += p[i + k] * q[j + k];
      return Math.abs(value - exact) <= relative * exact;
    });
    if (!held) return false;
  }
  return true;
}

/** Numbers between 1 and 2. */
const digits = (count: number, step: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) => 1 + ((i * step) % 1));
