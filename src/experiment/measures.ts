import type { Predictions } from '../data/point-set.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { Reduction } from '../programs/reduce.ts';
import type { SetMeasures } from './result.ts';

/** The models' predictions on one set of points; `linearized` where that curve is asked for. */
export interface ModelPredictions {
  network: Predictions;
  linear: Predictions;
  linearized: Predictions | undefined;
}

/** Floats that SetMeasures takes in a record on the device. */
export const setMeasureCount = 8;

/** A sum whose squares carry factor², which `decode` takes away. */
interface Measure {
  reduction: Reduction;
  scale: number;
  factor: number;
}

/** Measures one set of points into consecutive floats of a record on the device; `decode` reads them back. */
export class SetInstruments implements Disposable {
  readonly #reductions: Measure[];

  private constructor(reductions: Measure[]) {
    this.#reductions = reductions;
  }

  static async create(
    gpu: Gpu,
    size: number,
    { network, linear, linearized }: ModelPredictions,
    target: Vector,
    factor: number,
  ): Promise<SetInstruments> {
    using owned = new Resources();
    const sum = async (term: Parameters<typeof Reduction.create>[1], a: Vector, b?: Vector) =>
      owned.own(await Reduction.create(gpu, term, size, target.binding, a.binding, b?.binding));
    const [loss, mean] = [
      { scale: 1 / (2 * size), factor },
      { scale: 1 / size, factor },
    ];
    const reductions = [
      { reduction: await sum('square', network.e), ...loss },
      { reduction: await sum('square', linear.e), ...loss },
      { reduction: await sum('squared-difference', network.u, linear.u), ...mean },
      // Clipped at 1, whatever the labels are: squares of this are never too large.
      {
        reduction: await sum('clipped-difference', network.u, linear.u),
        ...mean,
        factor: Math.max(factor, 1),
      },
      { reduction: await sum('square', linear.u), ...mean },
    ];
    if (linearized) {
      reductions.push(
        { reduction: await sum('square', linearized.e), ...loss },
        { reduction: await sum('squared-difference', network.u, linearized.u), ...mean },
        { reduction: await sum('squared-difference', linearized.u, linear.u), ...mean },
      );
    }
    owned.move();
    return new SetInstruments(reductions);
  }

  measure(stream: CommandStream, slot: number): void {
    for (const [index, { reduction, scale, factor }] of this.#reductions.entries()) {
      for (const dispatch of reduction.into(slot + index, scale, factor)) stream.run(dispatch);
    }
  }

  /** Reads one set's measures from a record. */
  decode(floats: Float32Array): SetMeasures {
    const values = this.#reductions.map(({ factor }, index) => floats[index] / factor ** 2);
    const [networkLoss, linearLoss, discrepancy, clippedDiscrepancy, linearSquare] = values;
    const [linearizedLoss = null, linearizedDiscrepancy = null, kernelDiscrepancy = null] = values.slice(5);
    return {
      networkLoss,
      linearLoss,
      discrepancy,
      clippedDiscrepancy,
      linearizedLoss,
      linearizedDiscrepancy,
      linearSquare,
      kernelDiscrepancy,
    };
  }

  [Symbol.dispose](): void {
    for (const { reduction } of this.#reductions) reduction[Symbol.dispose]();
  }
}
