import type { Points } from '../data/off-distribution.ts';
import { Matrix } from '../gpu/matrix.ts';
import { weightsFor } from '../jacobian/factors.ts';
import { tangentOperator } from '../jacobian/tangent-operator.ts';
import { expectedOperator } from '../kernel/expected-kernel.ts';
import { FeatureKernel, inputFeatures } from '../kernel/feature-kernel.ts';
import { linearFeatures } from '../math/linear-features.ts';
import { difference } from '../spectral/distance.ts';
import type { Norm } from '../spectral/spectrum.ts';
import { StoredKernel } from '../spectral/stored-kernel.ts';
import type { AlphaNeeds } from './alpha.ts';
import type { Kernel, Place } from './bench.ts';
import type { Instrument } from './instrument.ts';
import { type Layers, weightsOf } from './layers.ts';
import { kernelBound, kernelConstant, normQuantity } from './quantity.ts';

/*
 * The kernels on the training points, as formulas: nothing is computed before the lab is asked for a norm, a product or a
 * spectrum. Those of the network know it by the factors of its Jacobian alone.
 */

/** Θ = J(θ)J(θ̃)ᵀ between two places; where only one is given, at that one. */
export const between =
  (layers: Layers, rows: Place, cols = rows): Kernel =>
  (bench) => {
    const { gpu, setting } = bench.lab;
    const jacobian = bench.jacobian(rows);
    const weights = weightsFor(jacobian, weightsOf(layers, setting));
    const sides = { rows: jacobian, cols: bench.jacobian(cols), weights };
    return tangentOperator(gpu, bench.stream, sides, bench.lab);
  };

/** Θ at θ(0). */
export const initial = (layers: Layers): Kernel => between(layers, 'start');

/** Θ at θ as it stands. */
export const current = (layers: Layers): Kernel => between(layers, 'position');

/** Θ*, the expectation of Θ over the initialization. */
export const expected =
  (layers: Layers): Kernel =>
  ({ lab, stream }) => {
    const [first, second] = weightsOf(layers, lab.setting);
    return expectedOperator(lab.gpu, stream, lab.setting.activation, lab.train.X, { first, second }, lab);
  };

/** K of the linear model of these layers. */
export const linear =
  (layers: Layers): Kernel =>
  ({ lab, stream }) => {
    const { constants, d } = lab.setting;
    if (layers === 'driving') {
      return FeatureKernel.create(lab.gpu, stream, lab.linear.inputsOf(lab.train), lab.linear.features);
    }
    const features = linearFeatures(constants, d, weightsOf(layers, lab.setting));
    return FeatureKernel.create(lab.gpu, stream, lab.train.X, features);
  };

/** XXᵀ of the training inputs, or of the rows of a matrix of one's own. */
export const gram =
  (A?: Points): Kernel =>
  ({ lab, stream, owned }) => {
    const X = A ? owned.own(new Matrix(lab.gpu, 'factor of a kernel', A.rows, A.d)) : lab.train.X;
    if (A) X.write(A.data);
    return FeatureKernel.create(lab.gpu, stream, X, inputFeatures(X.cols));
  };

/** A symmetric n × n matrix of one's own, row by row. */
export const entries =
  (values: Float32Array<ArrayBuffer>): Kernel =>
  async ({ lab: { gpu } }) => {
    const n = Math.sqrt(values.length);
    const matrix = new Matrix(gpu, 'entries of a kernel', n, n);
    matrix.write(values);
    return StoredKernel.create(gpu, matrix, { symmetric: true });
  };

/** one − other */
export const minus =
  (one: Kernel, other: Kernel): Kernel =>
  async (bench) =>
    difference(bench.lab.gpu, await bench.operator(one), await bench.operator(other));

/** An instrument of the norm over n of a kernel at the start, beside a bound for sizes that the claim asks for. */
export function normInstrument(
  kernel: Kernel,
  { asks, ...words }: { key: string; symbol: string; asks: AlphaNeeds },
): Instrument {
  let norm: Norm;
  return {
    start: async (lab) => {
      norm = await lab.norm(kernel);
    },
    finish: (_, setting) => {
      const bound = { bound: kernelBound(setting, asks), constant: kernelConstant };
      return { quantities: [normQuantity(norm, { ...words, ...bound }, setting.n)] };
    },
  };
}
