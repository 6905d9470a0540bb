import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import type { MovementPart } from '../model/model.ts';
import type { Descending } from '../programs/descend.ts';
import type { FactorShape } from '../programs/factors.ts';

/**
 * One layer's parameters θ on the device: W is a matrix, and a readout, which has one unit, a vector. Kept as θ(0),
 * Δ = θ − θ(0) and θ = θ(0) + Δ, so that what Δ gathers is not lost in θ; see the descend program. They are the network's,
 * which sets all three together (initialize, descent): to be read from here. Memory: three times θ.
 */
export class LayerParameters<Tensor extends Matrix | Vector = Matrix | Vector> implements Disposable {
  readonly name: string;
  readonly shape: FactorShape;
  readonly start: Tensor;
  readonly displacement: Tensor;
  readonly position: Tensor;
  readonly #make: (label: string) => Tensor;
  readonly #owned: Resources;

  private constructor(name: string, shape: FactorShape, make: (label: string) => Tensor) {
    using owned = new Resources();
    this.name = name;
    this.shape = shape;
    this.#make = make;
    this.start = owned.own(make(`${name}(0)`));
    this.position = owned.own(make(name));
    this.displacement = owned.own(make(`${name} − ${name}(0)`));
    this.#owned = owned.move();
  }

  /** units × inputs */
  static matrix(gpu: Gpu, name: string, shape: FactorShape): LayerParameters<Matrix> {
    return new LayerParameters(name, shape, (label) => new Matrix(gpu, label, shape.units, shape.inputs));
  }

  /** Of one unit, as many entries as it has inputs. */
  static vector(gpu: Gpu, name: string, shape: FactorShape): LayerParameters<Vector> {
    return new LayerParameters(name, shape, (label) => new Vector(gpu, label, shape.inputs));
  }

  /** Parameters of this layer's size with values of one's own, on the device. The caller disposes of them. */
  withValues(values: Float32Array<ArrayBuffer>): Tensor {
    using owned = new Resources();
    const tensor = owned.own(this.#make(`${this.name} of one’s own`));
    tensor.write(values);
    owned.move();
    return tensor;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Values of all parameters in host memory: of every layer, first to last, all entries, row-major. */
export type ParameterValues = readonly Float32Array<ArrayBuffer>[];

/** A direction in the space of the parameters, likewise. */
export type ParameterDirection = readonly Float64Array[];

/** θ(0), Δ, or θ as it is. One wait for all layers. */
export const readParameters = (
  layers: readonly LayerParameters[],
  at: 'start' | 'displacement' | 'position',
): Promise<ParameterValues> =>
  together(
    layers.map((layer) => {
      const tensor = layer[at];
      return tensor instanceof Matrix ? tensor.readAll() : tensor.read();
    }),
  );

/** The rate that a layer's parameters descend with; 0 for one that rests. */
export interface LayerRate {
  /** Their name: W, v. */
  parameter: string;
  rate: number;
}

/** The buffer of a layer's parameters, whole. */
export const bindingOf = (tensor: Matrix | Vector): GPUBufferBinding =>
  tensor instanceof Matrix ? tensor.whole().binding : tensor.binding;

/** Those of θ(0), Δ and θ. */
export const bindingsOf = ({ start, displacement, position }: LayerParameters) => ({
  start: bindingOf(start),
  displacement: bindingOf(displacement),
  position: bindingOf(position),
});

/** A layer as it descends, but for its gradient and rate. */
export const descendingOf = (layer: LayerParameters): Omit<Descending, 'gradient' | 'rate'> => ({
  rows: layer.shape.units,
  cols: layer.shape.inputs,
  ...bindingsOf(layer),
});

/** A layer's displacement, as it is followed. */
export const partOf = (displacement: Matrix | Vector): MovementPart => ({
  displacement: bindingOf(displacement),
  floats: displacement instanceof Matrix ? displacement.rows * displacement.stride : displacement.length,
});
