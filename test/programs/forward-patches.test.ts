import { expect, test } from 'vitest';
import { tiles } from '../../shaders/parts/tile.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { dense } from '../../src/math/dense.ts';
import { compileForward } from '../../src/programs/forward.ts';
import { patchesOf } from '../../src/reference/patches.ts';
import { expectWithin } from '../bounds.ts';
import {
  layerOf,
  mainPointRing,
  mainRing,
  paddedRows,
  pointRings,
  randomPositions,
  rings,
  titleOf,
  uploadPositions,
  uploadWeights,
} from '../convolutions.ts';
import { Features } from '../features.ts';
import { forwardBounds } from '../forward-bounds.ts';
import { Float32Numbers, gpu, run, uploadVector } from '../gpu-device.ts';
import { tilesInUse } from '../tiles.ts';

const of = (points: boolean) => (ring: (typeof rings)[number]) => ({ ...ring, points });
const convolutions = [...rings.map(of(false)), ...pointRings.map(of(true))];

/** Every convolution with a small tile, one after another with v and without; then tiles of every family. */
const cases = [
  ...convolutions.map((patches, k) => ({
    patches,
    tile: 'direct-4x4' as const,
    n: 3,
    units: 6,
    readout: k % 2 === 0,
    activation: { name: 'erf' as const },
  })),
  ...tilesInUse('forward').map((tile, k) => ({
    patches: k % 2 === 0 ? of(false)(mainRing) : of(true)(mainPointRing),
    tile,
    n: 7,
    units: 70,
    readout: true,
    activation: { name: 'relu' as const },
  })),
].map((one) => ({ ...one, title: titleOf(one.patches), v: one.readout ? 'v by position' : 'no v' }));

test.for(cases)('$tile: $title, $v', async ({ patches, tile, n, units, readout, activation }) => {
  const random = new Float32Numbers(n + units);
  const layer = layerOf(patches, units);
  const { positions, fanIn } = layer;
  const x = randomPositions(random, n, patches);
  const w = random.matrix(units, fanIn);
  const factors = random.vector(positions * units);
  using X = uploadPositions(x, patches);
  using W = uploadWeights(w, patches);
  // Its entries for a position are padded, as features of one are.
  using v = uploadVector(paddedRows(dense(positions, units, factors)));
  using A = new Features(n * positions, units, 'f32');
  using B = new Features(n * positions, units, 'f32');
  const options = { activation, phi: true, slopes: true, readout, patches };
  const program = await compileForward(gpu, options, tiles[tile]);
  const rows = { binding: X.whole().binding, rows: n * positions };
  const out = { A: A.binding, B: B.binding };
  await run([program(rows, W, 1 / Math.sqrt(fanIn), out, v)]);

  const factor = readout ? (k: number) => factors[k % (positions * units)] : undefined;
  const exact = forwardBounds(patchesOf(x, layer), w, activation, factor);
  for (const [name, features] of [['A', A] as const, ['B', B] as const]) {
    const { values, padding } = await features.read();
    const label = `${name}, ${activation.name}${name === 'B' && !readout ? ', no v' : ''}`;
    expectWithin(label, values, exact[name].exact, exact[name].bound);
    expect(padding.length).toBe(n * positions * (strideOf(units) - units));
    expect(padding.every((value) => value === 0)).toBe(true);
  }
});
