import type { CommandStream } from '../gpu/command-stream.ts';
import type { PointSet } from '../data/point-set.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import { betaLength } from '../programs/linear-output.ts';
import type { LinearModel } from './linear-model.ts';
import type { Modes } from './modes.ts';

/** A model's error on the training points, seen from the eigendirections of K. */
export interface ErrorParts {
  /** ⟨u_k, e⟩/√n of every mode, largest eigenvalue first. */
  along: Float64Array;
  /** Mean square of e's part in the range of K: Σ_k along_k². */
  inSpan: number;
}

/**
 * Measures errors on the training points along the modes of K, without the modes: Ψᵀe of each model on the device, 4nd
 * operations, then p² on the host. Memory: p floats for each model.
 */
export class ErrorModes implements Disposable {
  readonly modes: Modes;
  readonly #train: PointSet;
  readonly #linear: LinearModel;
  readonly #models: { e: Vector; moments: Vector }[];
  readonly #owned = new Resources();
  #last: ErrorParts[] = [];

  /** `residuals`: e of each model on the training points, which `linear` has prepared. */
  constructor(gpu: Gpu, linear: LinearModel, train: PointSet, modes: Modes, residuals: readonly Vector[]) {
    this.modes = modes;
    this.#train = train;
    this.#linear = linear;
    this.#models = gpu.allOrNothing(() =>
      residuals.map((e) => ({
        e,
        moments: this.#owned.own(new Vector(gpu, 'Ψᵀe', betaLength(linear.features.d))),
      })),
    );
  }

  /** Has the device take the moments of the residuals as they are now. */
  measure(stream: CommandStream): void {
    for (const { e, moments } of this.#models) {
      for (const dispatch of this.#linear.moments(this.#train, e, moments)) stream.run(dispatch);
    }
  }

  /** What was measured last, for each model in the order of `residuals`. The stream must be flushed. */
  async read(): Promise<ErrorParts[]> {
    const { d } = this.#linear.features;
    const bias = strideOf(d);
    // Together, since every readback may wait for a slow poll.
    const floats = await together(this.#models.map(({ moments }) => moments.read()));
    this.#last = floats.map((sums) => {
      const features = new Float64Array(d + 2);
      features.set(sums.subarray(0, d));
      features.set(sums.subarray(bias, bias + 2), d);
      const along = this.modes.along(features.map((sum) => sum / this.#train.size));
      return { along, inSpan: along.reduce((sum, value) => sum + value * value, 0) };
    });
    return this.#last;
  }

  /** What was read last, for who comes later at the same step. */
  get last(): readonly ErrorParts[] {
    return this.#last;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
