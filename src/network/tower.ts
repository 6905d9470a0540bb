import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import { HiddenBlock } from '../jacobian/hidden-block.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Backward, compileBackward } from '../programs/backward.ts';
import type { FactorPair } from '../programs/factors.ts';
import { type BoundRows, type Forward, compileForward } from '../programs/forward.ts';
import { type Pooling, compilePool, compileUnpool, pooledPositions } from '../programs/pool.ts';
import { chosenTile, fittedCols } from '../programs/tile-choice.ts';
import type { LayerGeometry, TowerGeometry } from './architecture.ts';

/** The parameters of one tower at one place: W_1 … W_L and v. */
export interface TowerPoint {
  readonly weights: readonly Matrix[];
  readonly readout: Vector;
}

/** Programs of one hidden layer. */
interface LayerPrograms {
  /** H = φ(Z) alone: all that outputs need. */
  values: Forward;
  /** H, and D = φ′(Z): of the last layer, unless a pool follows, with the readout in it. */
  training: Forward;
  /** From this layer's B to what comes back to the one below; none for the first. */
  backward: Backward | undefined;
  pool: Pooling | undefined;
  unpool: Pooling | undefined;
}

export interface TowerPrograms {
  readonly geometry: TowerGeometry;
  readonly layers: readonly LayerPrograms[];
}

/** Compiles what towers of this geometry run on blocks of at most so many points. */
export async function compileTower(
  gpu: Gpu,
  geometry: TowerGeometry,
  activation: Activation,
  points: number,
): Promise<TowerPrograms> {
  const last = geometry.layers.length - 1;
  const layers = geometry.layers.map(async (layer, l): Promise<LayerPrograms> => {
    const { patches, pool, units, inputs, channels, positions, sides } = layer;
    const rows = points * positions;
    const tileOf = (cols: number, inner: number) =>
      fittedCols(chosenTile(gpu, 'forward', { rows, cols, inner }), cols);
    const forwardTile = tileOf(units, inputs);
    const backTile = tileOf(channels, (inputs / channels) * units);
    const readout = l === last && !pool;
    const seenFromBelow = patches && { sides, filter: patches.filter, channels: units, points: false };
    const [values, training, backward, down, up] = await Promise.all([
      compileForward(gpu, { activation, phi: true, slopes: false, patches }, forwardTile),
      compileForward(gpu, { activation, phi: true, slopes: true, readout, patches }, forwardTile),
      l > 0
        ? compileBackward(gpu, { slopes: !geometry.layers[l - 1].pool, patches: seenFromBelow }, backTile)
        : undefined,
      pool && compilePool(gpu, pool),
      pool && compileUnpool(gpu, { pool, shared: l === last }),
    ]);
    return { values, training, backward, pool: down, unpool: up };
  });
  return { geometry, layers: await Promise.all(layers) };
}

/** Room for what one layer makes of a block of points; rows are of points, all positions of each. */
interface LayerRoom {
  H: HiddenBlock;
  /** φ′(Z), then B, the derivative of g by Z; where gradients are asked for. */
  D: HiddenBlock;
  /** Behind its pool, on the way there and on the way back. */
  pooled: HiddenBlock | undefined;
  back: HiddenBlock | undefined;
}

/**
 * What one tower makes of a block of points: H_l, and for gradients B_l, the derivatives of g by Z_l but for the readout's
 * scale.
 * Memory: towerBytes a point, 8 · Σ_l P_l · C_l and what stands behind pools. Source: THEORY-DEEP.md, sections (a) and (b).
 */
export class TowerFeatures implements Disposable {
  readonly bytes: number;
  readonly #programs: TowerPrograms;
  readonly #rooms: readonly LayerRoom[];
  readonly #owned = new Resources();

  /** `points`: of a block, at most. */
  constructor(gpu: Gpu, programs: TowerPrograms, points: number) {
    const { geometry } = programs;
    this.#programs = programs;
    let bytes = 0;
    const block = (label: string, rows: number, units: number): HiddenBlock => {
      const made = this.#owned.own(new HiddenBlock(gpu, label, points, rows * strideOf(units)));
      bytes += made.bytes;
      return made;
    };
    this.#rooms = geometry.layers.map(({ units, positions, pool }, l): LayerRoom => {
      const blocks = pool && pooledPositions(pool);
      const last = l === geometry.layers.length - 1;
      return {
        H: block(`H of layer ${l + 1}`, positions, units),
        D: block(`B of layer ${l + 1}`, positions, units),
        pooled: blocks ? block(`H of layer ${l + 1}, pooled`, blocks, units) : undefined,
        back: blocks && !last ? block(`B behind layer ${l + 1}`, blocks, units) : undefined,
      };
    });
    this.bytes = bytes;
  }

  /** What a layer reads of a block: the points, or what the layer below gives. */
  #read(l: number, block: RowBlock, part = block): GPUBufferBinding {
    if (l === 0) return part.binding;
    const { H, pooled } = this.#rooms[l - 1];
    return (pooled ?? H).of(block, part);
  }

  /** What the readout takes of a block: rows of positions × units, one for each point. */
  features(block: RowBlock, part = block): GPUBufferBinding {
    return this.#read(this.#rooms.length, block, part);
  }

  /** The dispatches from the points to the features; with gradients, those back to every B_l. */
  *make(block: RowBlock, { weights, readout }: TowerPoint, gradients: boolean): Generator<Dispatch> {
    const { geometry, layers } = this.#programs;
    for (const [l, { positions, units, scale }] of geometry.layers.entries()) {
      const { H, D, pooled } = this.#rooms[l];
      const rows: BoundRows = { binding: this.#read(l, block), rows: block.rows * positions };
      const out = { A: H.of(block), ...(gradients && { B: D.of(block) }) };
      const { values, training, pool } = layers[l];
      yield (gradients ? training : values)(rows, weights[l], scale, out, readout);
      if (pool) {
        yield pool({ full: H.of(block), pooled: pooled!.of(block), points: block.rows, channels: units });
      }
    }
    if (gradients) yield* this.#back(block, { weights, readout });
  }

  *#back(block: RowBlock, { weights, readout }: TowerPoint): Generator<Dispatch> {
    const { geometry, layers } = this.#programs;
    for (let l = geometry.layers.length - 1; l >= 0; l--) {
      const { positions, units, channels, scale }: LayerGeometry = geometry.layers[l];
      const { D, back } = this.#rooms[l];
      const full = D.of(block);
      const pooled = back ? back.of(block) : readout.binding;
      const { unpool, backward } = layers[l];
      if (unpool) yield unpool({ full, pooled, points: block.rows, channels: units });
      if (!backward) continue;
      const below = this.#rooms[l - 1];
      const into = (below.back ?? below.D).of(block);
      const rows = { binding: full, rows: block.rows * positions };
      yield backward(rows, weights[l], scale, { binding: into, inputs: channels });
    }
  }

  /** The factors of each layer's parameters, once made with gradients; the readout's last. */
  pairs(block: RowBlock, part = block): FactorPair[] {
    return [
      ...this.#rooms.map(({ D }, l) => ({ left: D.of(block, part), right: this.#read(l, block, part) })),
      { right: this.features(block, part) },
    ];
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
