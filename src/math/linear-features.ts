import { type Dense, dense } from './dense.ts';
import type { GaussianConstants } from './gaussian-constants.ts';

/**
 * The feature map of a linear model (THEORY.md, section 4), d + 2 features:
 *
 *     ψ(x) = [scale·x ; bias ; normScale·q(x)]      q(x) = ϑ₀ + ϑ₁s + ϑ₂s²,  s = ‖x‖/√d − 1
 */
export interface LinearFeatures {
  readonly d: number;
  readonly scale: number;
  readonly bias: number;
  /** 0 where only the first layer trains. */
  readonly normScale: number;
  readonly theta0: number;
  readonly theta1: number;
  readonly theta2: number;
}

/**
 * The features whose kernel, times η = max(η₁, η₂), is η₁K₁ + η₂K₂, so that the linear model steps with the rate η:
 *
 *     scale = ζ√((η₁ + η₂)/(ηd))    bias = ν√((η₁ + η₂/2)/(ηd))    normScale = √(η₂/η)
 *
 * They are ψ₁ where η₂ = 0, ψ₂ where η₁ = 0 and ψ where η₁ = η₂.
 * @throws RangeError where no layer trains, d is no number of inputs or a constant is not finite.
 */
export function linearFeatures(
  constants: GaussianConstants,
  d: number,
  [eta1, eta2]: readonly number[],
): LinearFeatures {
  const eta = Math.max(eta1, eta2);
  if (!(eta1 >= 0 && eta2 >= 0 && eta > 0 && eta < Infinity)) {
    throw new RangeError(
      `The rates are η₁ = ${eta1} and η₂ = ${eta2}; both must be finite and at least 0, and one greater, or nothing trains.`,
    );
  }
  if (!(Number.isSafeInteger(d) && d >= 1)) {
    throw new RangeError(`The number of inputs d is ${d}; it must be a whole number, at least 1.`);
  }
  const { zeta, nu, theta0, theta1, theta2 } = constants;
  for (const [name, constant] of Object.entries({ zeta, nu, theta0, theta1, theta2 })) {
    if (Number.isFinite(constant)) continue;
    throw new RangeError(
      `The constant ${name} is ${constant}; it must be a finite number. gaussianConstants gives all of them.`,
    );
  }
  return {
    d,
    scale: zeta * Math.sqrt((eta1 + eta2) / (eta * d)),
    bias: nu * Math.sqrt((eta1 + eta2 / 2) / (eta * d)),
    normScale: Math.sqrt(eta2 / eta),
    theta0,
    theta1,
    theta2,
  };
}

/** An n × d matrix of inputs in host memory, float32 or float64, row-major. */
export interface Inputs {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

/** @throws TypeError, RangeError where X is not made of rows of d numbers, and of one at least. */
export function requireInputs({ d }: LinearFeatures, { rows, cols, data }: Inputs): void {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new TypeError('The entries of X must be in a Float32Array or a Float64Array, row by row.');
  }
  if (cols !== d || !(rows >= 1) || data.length !== rows * cols) {
    throw new RangeError(
      `X is ${rows} × ${cols} with ${data.length} entries; the features are of rows of ${d} inputs, of which X must have at least one, and all their entries.`,
    );
  }
}

/** Writes ψ(x_i) into `psi`, of d + 2 entries. */
export function writeFeatures(features: LinearFeatures, X: Inputs, i: number, psi: Float64Array): void {
  const { d, scale, bias, normScale, theta0, theta1, theta2 } = features;
  let squaredNorm = 0;
  for (let k = 0; k < d; k++) {
    const x = X.data[i * d + k];
    psi[k] = scale * x;
    squaredNorm += x * x;
  }
  const s = Math.sqrt(squaredNorm / d) - 1;
  psi[d] = bias;
  psi[d + 1] = normScale * (theta0 + theta1 * s + theta2 * s * s);
}

/** Ψ, n × (d + 2): row i is ψ(x_i). Its last column is 0 where normScale is. @throws what requireInputs throws. */
export function featureMatrix(features: LinearFeatures, X: Inputs): Dense {
  requireInputs(features, X);
  const p = features.d + 2;
  const Psi = dense(X.rows, p);
  for (let i = 0; i < X.rows; i++) writeFeatures(features, X, i, Psi.data.subarray(i * p, (i + 1) * p));
  return Psi;
}
