import type { RowFactor } from '../../shaders/scale-rows.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { Entries } from '../math/random.ts';
import { type Random, compileRandom } from '../programs/random.ts';
import { type ScaleRows, compileScaleRows } from '../programs/scale-rows.ts';
import { type Distribution, columnVariances } from './covariance.ts';
import { streams } from './streams.ts';

const entriesOf = ({ distribution }: Distribution): Entries =>
  distribution === 'hypercube' ? 'sign' : distribution === 'uniform' ? 'uniform' : 'normal';

/** Draws inputs on the device. Row i of a set depends on the seed, the set and i alone, not on how many rows there are. */
export class Sampler implements Disposable {
  readonly #distribution: Distribution;
  readonly #random: Random;
  /** √λ_k; none where Σ = I. */
  readonly #scales: Vector | undefined;
  readonly #scaleRows: ScaleRows | undefined;

  private constructor(
    distribution: Distribution,
    random: Random,
    scales: Vector | undefined,
    scaleRows: ScaleRows | undefined,
  ) {
    this.#distribution = distribution;
    this.#random = random;
    this.#scales = scales;
    this.#scaleRows = scaleRows;
  }

  static async create(gpu: Gpu, distribution: Distribution): Promise<Sampler> {
    const variances = columnVariances(distribution);
    const scaled = variances.some((variance) => variance !== 1);
    const random = await compileRandom(gpu, { entries: entriesOf(distribution), scaled });
    const factor = rowFactorOf(distribution);
    const scaleRows = factor && (await compileScaleRows(gpu, factor));
    using owned = new Resources();
    const scales = scaled ? owned.own(new Vector(gpu, 'column scales', distribution.d)) : undefined;
    scales?.write(Float32Array.from(variances, Math.sqrt));
    owned.move();
    return new Sampler(distribution, random, scales, scaleRows);
  }

  /** Fills X (rows × d) with the training or the test inputs of a seed. */
  *fill(X: Matrix, seed: number, set: 'train' | 'test'): Generator<Dispatch> {
    const { d } = this.#distribution;
    const shift = this.#distribution.distribution === 'uncentred' ? this.#distribution.shift : 0;
    const inputs = { seed, stream: set === 'train' ? streams.trainInputs : streams.testInputs };
    const tails = { seed, stream: set === 'train' ? streams.trainTails : streams.testTails };
    for (const block of X.blocks()) {
      yield this.#random(block, d, inputs, { scales: this.#scales, shift });
      if (this.#scaleRows) yield this.#scaleRows(block, d, tails);
    }
  }

  [Symbol.dispose](): void {
    this.#scales?.[Symbol.dispose]();
  }
}

const rowFactorOf = ({ distribution }: Distribution): RowFactor | undefined =>
  distribution === 'sphere' || distribution === 'student-t' ? distribution : undefined;
