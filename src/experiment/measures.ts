import type { Predictions } from '../data/point-set.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { byKey } from '../model/model.ts';
import { Reduction } from '../programs/reduce.ts';
import type { SetMeasures } from './result.ts';

/** A model's key with its predictions on one set of points. */
export interface ModelPredictions {
  key: string;
  predictions: Predictions;
}

/** Floats that SetMeasures takes in a record on the device, of so many models. */
export const setMeasureCount = (models: number): number => 3 * models - 1;

/** A sum whose squares carry factor², which `decode` takes away. */
interface Measure {
  reduction: Reduction;
  scale: number;
  factor: number;
}

/** Measures one set of points into consecutive floats of a record on the device; `decode` reads them back. */
export class SetInstruments implements Disposable {
  /** Of the models measured, in their order. */
  readonly #keys: readonly string[];
  readonly #measures: readonly Measure[];

  private constructor(keys: readonly string[], measures: readonly Measure[]) {
    this.#keys = keys;
    this.#measures = measures;
  }

  /** `models`: the network, its linear model, then those beside them. */
  static async create(
    gpu: Gpu,
    size: number,
    models: readonly ModelPredictions[],
    target: Vector,
    factor: number,
  ): Promise<SetInstruments> {
    using owned = new Resources();
    const measures: Measure[] = [];
    const sum = async (term: Parameters<typeof Reduction.create>[1], a: Vector, b?: Vector, part = 1) => {
      const reduction = owned.own(
        await Reduction.create(gpu, term, size, target.binding, a.binding, b?.binding),
      );
      // Clipped at 1, whatever the labels are: squares of this are never too large.
      const of = term === 'clipped-difference' ? Math.max(factor, 1) : factor;
      measures.push({ reduction, scale: part / size, factor: of });
    };
    const [{ u: f }, { u: lin }] = models.map(({ predictions }) => predictions);
    // `decode` reads them in this order.
    for (const { predictions } of models) await sum('square', predictions.e, undefined, 1 / 2);
    for (const { predictions } of models.slice(1)) await sum('squared-difference', f, predictions.u);
    await sum('clipped-difference', f, lin);
    await sum('square', lin);
    for (const { predictions } of models.slice(2)) await sum('squared-difference', predictions.u, lin);
    owned.move();
    return new SetInstruments(
      models.map(({ key }) => key),
      measures,
    );
  }

  measure(stream: CommandStream, slot: number): void {
    for (const [index, { reduction, scale, factor }] of this.#measures.entries()) {
      for (const dispatch of reduction.into(slot + index, scale, factor)) stream.run(dispatch);
    }
  }

  /** Reads one set's measures from a record. */
  decode(floats: Float32Array): SetMeasures {
    let index = 0;
    const next = (): number => floats[index] / this.#measures[index++].factor ** 2;
    return {
      losses: byKey(this.#keys, next),
      discrepancies: byKey(this.#keys.slice(1), next),
      clippedDiscrepancy: next(),
      linearSquare: next(),
      fromLinear: byKey(this.#keys.slice(2), next),
    };
  }

  [Symbol.dispose](): void {
    for (const { reduction } of this.#measures) reduction[Symbol.dispose]();
  }
}
