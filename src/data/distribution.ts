import type { RowFactor } from '../../shaders/scale-rows.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { Entries } from '../math/random.ts';
import { type Random, compileRandom } from '../programs/random.ts';
import { type ScaleRows, compileScaleRows } from '../programs/scale-rows.ts';
import { streams } from './streams.ts';

/** Eigenvalues of Σ before they are rescaled to Tr Σ = d. */
export type Spectrum =
  | { kind: 'isotropic' }
  /** λ_k ∝ k^−exponent */
  | { kind: 'power-law'; exponent: number }
  /** d values, all > 0. */
  | { kind: 'values'; values: readonly number[] };

/** A distribution of inputs x ∈ R^d with Tr Σ = d (THEORY.md, section 2); mean 0 but for `uncentred`. */
export type Distribution = { d: number } & (
  | { distribution: 'gaussian'; spectrum: Spectrum }
  | { distribution: 'hypercube' }
  | { distribution: 'uniform' }
  | { distribution: 'sphere' }
  /** Gaussian whose first direction holds the share `spike` of Tr Σ. */
  | { distribution: 'spiked'; spike: number }
  | { distribution: 'student-t' }
  /** N(shift · 1, I) */
  | { distribution: 'uncentred'; shift: number }
);

/** λ_1 … λ_d, the variances of the columns; Σ is diagonal and Σλ_k = d. */
export function columnVariances(distribution: Distribution): Float64Array {
  const { d } = distribution;
  switch (distribution.distribution) {
    case 'gaussian':
      return toTrace(relativeVariances(distribution.spectrum, d));
    case 'spiked': {
      const { spike } = distribution;
      const rest = d > 1 ? (1 - spike) / (d - 1) : 0;
      return toTrace(Float64Array.from({ length: d }, (_, k) => (k === 0 ? spike : rest)));
    }
    default:
      return new Float64Array(d).fill(1);
  }
}

function relativeVariances(spectrum: Spectrum, d: number): Float64Array {
  switch (spectrum.kind) {
    case 'isotropic':
      return new Float64Array(d).fill(1);
    case 'power-law':
      return Float64Array.from({ length: d }, (_, k) => (k + 1) ** -spectrum.exponent);
    case 'values':
      return Float64Array.from(spectrum.values);
  }
}

function toTrace(variances: Float64Array): Float64Array {
  const scale = variances.length / variances.reduce((sum, value) => sum + value, 0);
  return variances.map((value) => value * scale);
}

/** Tr[Σ²]/d, which ν needs; exact. 1 where Σ = I. */
export function spectrumMoment(distribution: Distribution): number {
  return columnVariances(distribution).reduce((sum, value) => sum + value * value, 0) / distribution.d;
}

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
