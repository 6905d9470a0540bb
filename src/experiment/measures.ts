import type { Predictions } from '../data/point-set.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
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

/** Measures one set of points into consecutive floats of a record on the device; `decode` reads them back. */
export class SetInstruments implements Disposable {
  readonly #reductions: { reduction: Reduction; scale: number }[];

  private constructor(reductions: { reduction: Reduction; scale: number }[]) {
    this.#reductions = reductions;
  }

  static async create(
    gpu: Gpu,
    size: number,
    { network, linear, linearized }: ModelPredictions,
    target: Vector,
  ): Promise<SetInstruments> {
    const sum = (term: Parameters<typeof Reduction.create>[1], a: Vector, b?: Vector) =>
      Reduction.create(gpu, term, size, target.binding, a.binding, b?.binding);
    const [loss, mean] = [1 / (2 * size), 1 / size];
    const reductions = [
      { reduction: await sum('square', network.e), scale: loss },
      { reduction: await sum('square', linear.e), scale: loss },
      { reduction: await sum('squared-difference', network.u, linear.u), scale: mean },
      { reduction: await sum('clipped-difference', network.u, linear.u), scale: mean },
      { reduction: await sum('square', linear.u), scale: mean },
    ];
    if (linearized) {
      reductions.push(
        { reduction: await sum('square', linearized.e), scale: loss },
        { reduction: await sum('squared-difference', network.u, linearized.u), scale: mean },
        { reduction: await sum('squared-difference', linearized.u, linear.u), scale: mean },
      );
    }
    return new SetInstruments(reductions);
  }

  measure(stream: CommandStream, slot: number): void {
    for (const [index, { reduction, scale }] of this.#reductions.entries()) {
      for (const dispatch of reduction.into(slot + index, scale)) stream.run(dispatch);
    }
  }

  /** Reads one set's measures from a record. */
  decode(floats: Float32Array): SetMeasures {
    const linearized = this.#reductions.length === setMeasureCount;
    return {
      networkLoss: floats[0],
      linearLoss: floats[1],
      discrepancy: floats[2],
      clippedDiscrepancy: floats[3],
      linearizedLoss: linearized ? floats[5] : null,
      linearizedDiscrepancy: linearized ? floats[6] : null,
      linearSquare: floats[4],
      kernelDiscrepancy: linearized ? floats[7] : null,
    };
  }

  [Symbol.dispose](): void {
    for (const { reduction } of this.#reductions) reduction[Symbol.dispose]();
  }
}
