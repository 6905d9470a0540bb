import { CommandStream } from '../gpu/command-stream.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { kernelGradient } from '../network/ascent.ts';
import type { ParameterDirection, ParameterValues } from '../network/parameters.ts';
import type { Jacobian } from '../jacobian/factors.ts';
import { TwoLayerJacobian } from '../network/two-layer-jacobian.ts';
import type { LinearOperator } from '../spectral/operator.ts';
import {
  type EndsOptions,
  type Norm,
  type SpectrumOptions,
  extremeEigenvalues,
  operatorNorm,
  rectangularNorm,
  spectralNorm,
} from '../spectral/spectrum.ts';
import { slopeSquare } from './conditions.ts';
import { type LabParts, twoLayersOf } from './lab-parts.ts';
import { type Layers, weightsOf } from './layers.ts';

/** A kernel as a formula (see kernels.ts): what makes the operator on a bench, which disposes of it. */
export type Kernel = (bench: Bench) => Promise<LinearOperator>;

/**
 * Where a Jacobian is taken: at θ(0), at θ as it stands, or at parameters of one's own. Or what becomes of J₁ between two:
 * J₁(W(0), v) − J₁(W̃, v), W̃ = startMinus.
 */
export type Place = 'start' | 'position' | ParameterValues | { startMinus: Float32Array<ArrayBuffer> };

/** How well a norm is wanted, and what float32 leaves open of the kernel itself. */
export type Precision = Pick<SpectrumOptions, 'tolerance' | 'accuracy' | 'rounding'>;

/**
 * Norms of kernels, of size about n/d (times sup|φ′|²), with what float32 leaves open of the kernels themselves: their entries and products
 * are sums of some hundred roundings, which add up like a random walk to some sixteen 2⁻²⁴ of the whole.
 */
const normOptions = ({ setting, seed, signal, tally }: LabParts): SpectrumOptions => ({
  seed,
  rounding: ((2 ** -20 * setting.n) / setting.d) * Math.max(1, slopeSquare(setting)),
  ...(signal && { signal }),
  onProduct: () => {
    tally.products++;
  },
});

/** Where kernels stand on the device while something is asked of them: each is made once, and goes with the bench. */
export class Bench implements Disposable {
  readonly lab: LabParts;
  readonly owned = new Resources();
  readonly stream: CommandStream;
  readonly #operators = new Map<Kernel, Promise<LinearOperator>>();
  readonly #jacobians = new Map<Place, Jacobian>();

  constructor(lab: LabParts) {
    this.lab = lab;
    this.stream = this.owned.own(new CommandStream(lab.gpu));
  }

  /** The operator of a kernel, for other kernels. */
  operator(kernel: Kernel): Promise<LinearOperator> {
    const known = this.#operators.get(kernel);
    if (known) return known;
    const making = kernel(this).then((operator) => this.owned.own(operator));
    this.#operators.set(kernel, making);
    return making;
  }

  /** The Jacobian on the training points at a place: the same one each time, for kernels compare them by identity. */
  jacobian(place: Place): Jacobian {
    const jacobian = this.#jacobians.get(place) ?? this.#newJacobian(place);
    this.#jacobians.set(place, jacobian);
    return jacobian;
  }

  #newJacobian(place: Place): Jacobian {
    const { network, train } = this.lab;
    if (typeof place === 'string') return network.jacobian(train.X, place);
    if (!('startMinus' in place)) return network.jacobianAt(train.X, place, this.owned);
    const two = twoLayersOf(this.lab);
    return two.jacobian(train.X, 'start', this.owned.own(two.W.withValues(place.startMinus)));
  }

  async #made(kernel: Kernel): Promise<LinearOperator> {
    const operator = await this.operator(kernel);
    await this.stream.finish();
    return operator;
  }

  /** ‖A‖ of a kernel, or of a difference of two. */
  async norm(kernel: Kernel, precision?: Precision): Promise<Norm> {
    return operatorNorm(this.lab.gpu, await this.#made(kernel), { ...normOptions(this.lab), ...precision });
  }

  /** ‖M‖ of a map M that is known by the kernel MMᵀ. */
  async factorNorm(gram: Kernel, precision?: Precision): Promise<Norm> {
    return rectangularNorm(this.lab.gpu, await this.#made(gram), { ...normOptions(this.lab), ...precision });
  }

  /** ‖A‖ of a symmetric kernel as its eigenvalue, `signed`, with the unit vector that belongs to it. */
  async top(kernel: Kernel, precision?: Precision) {
    const { gpu } = this.lab;
    const operator = await this.#made(kernel);
    using vector = new Vector(gpu, 'eigenvector', operator.size);
    const norm = await spectralNorm(gpu, operator, { ...normOptions(this.lab), ...precision }, vector);
    return { norm, eigenvector: await vector.read() };
  }

  /** The largest eigenvalues, but those that cannot be told from 0. */
  async spectrum(kernel: Kernel, count: number, precision: EndsOptions): Promise<number[]> {
    const options = { ...normOptions(this.lab), ...precision };
    const { largest } = await extremeEigenvalues(this.lab.gpu, await this.#made(kernel), count, options);
    return largest.filter(({ value, error }) => value > error).map(({ value }) => value);
  }

  /** A kernel applied to a vector on the points. */
  async applied(kernel: Kernel, u: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    const { gpu } = this.lab;
    const operator = await this.operator(kernel);
    using argument = new Vector(gpu, 'u', operator.size);
    using image = new Vector(gpu, 'kernel applied to u', operator.size);
    argument.write(u);
    for (const dispatch of operator.product(argument, image)) this.stream.run(dispatch);
    await this.stream.finish();
    return await image.read();
  }

  /** The gradient in θ, at a place, of qᵀΘq. */
  async gradient(layers: Layers, place: Place, q: Float32Array<ArrayBuffer>): Promise<ParameterDirection> {
    const { gpu, setting } = this.lab;
    const jacobian = this.jacobian(place);
    if (jacobian instanceof TwoLayerJacobian) {
      return kernelGradient(gpu, jacobian, q, weightsOf(layers, setting));
    }
    throw new Error('Kernels are ascended in the parameters of two-layer networks only.');
  }

  [Symbol.dispose](): void {
    this.owned[Symbol.dispose]();
  }
}

/** What can be asked of kernels. */
export type Words = Pick<Bench, 'norm' | 'factorNorm' | 'top' | 'spectrum' | 'applied' | 'gradient'>;

/** Asks several things of the same kernels, which are made once. */
export async function sharing<T>(lab: LabParts, ask: (words: Words) => Promise<T>): Promise<T> {
  using bench = new Bench(lab);
  return await ask(bench);
}
