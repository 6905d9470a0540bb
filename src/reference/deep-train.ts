import type { Activation } from '../math/activation-names.ts';
import type { DeepArchitecture } from '../math/deep/architecture.ts';
import type { Dense } from '../math/dense.ts';
import { greatestOf } from '../math/statistics.ts';
import { type Pair, type PairPoint, moved, pairPoint, pairPullback, pairPushforward } from './deep-pair.ts';
import type { Sample } from './train.ts';

export interface DeepTrainingProblem {
  readonly architecture: DeepArchitecture;
  readonly activation: Activation;
  readonly start: Pair;
  readonly train: Sample;
  /** null where there is no test set. */
  readonly test: Sample | null;
  /** η_1 … η_{L+1}; 0: that layer rests. The linear model's rate is the largest. */
  readonly rates: readonly number[];
  /** Ψ of the linear model on both sets, its features being of weights η_l over the largest rate; null: it is left out. */
  readonly features: { readonly train: Dense; readonly test: Dense | null } | null;
  /** Train the linearized network too. */
  readonly linearized: boolean;
  /** Steps t to record, ascending; training ends at the last. */
  readonly recordAt: readonly number[];
}

/** Outputs on one set, null of what is left out. */
export interface DeepOutputs {
  readonly network: Float64Array;
  readonly linear: Float64Array | null;
  readonly linearized: Float64Array | null;
}

export interface DeepTrainingRecord {
  readonly step: number;
  readonly train: DeepOutputs;
  readonly test: DeepOutputs | null;
  readonly parameters: Pair;
  /** θ of the linearized network − θ(0); null where it is left out. */
  readonly displacement: Pair | null;
  readonly beta: Float64Array | null;
}

/**
 * Full-batch gradient descent of the pair, its linear model and its linearization, side by side (THEORY-DEEP.md, sections a and c):
 *
 *     θ_l ← θ_l − η_l J_lᵀe/n, e = f − y      β ← β − (η/n)Ψᵀ(Ψβ − y)      p_l ← p_l − η_l J_l(0)ᵀ(u − y)/n, u = f(0) + J(0)p
 */
export function trainPair(problem: DeepTrainingProblem): DeepTrainingRecord[] {
  const { architecture, activation, start, rates, features, linearized, recordAt } = problem;
  const { X, y } = problem.train;
  const n = X.rows;
  const eta = greatestOf(rates);
  const pointAt = (pair: Pair, inputs: Dense): PairPoint => pairPoint(architecture, activation, pair, inputs);
  const origin = linearized ? pointAt(start, X) : null;
  const testOrigin = linearized && problem.test ? pointAt(start, problem.test.X) : null;
  let pair = start;
  // θ(0) − θ(0), in the shapes of the parameters.
  let displacement = linearized
    ? moved(
        start,
        -1,
        start,
        rates.map(() => 1),
      )
    : null;
  let beta = features && new Float64Array(features.train.cols);

  const outputsOn = (point: PairPoint, from: PairPoint | null, Psi: Dense | null): DeepOutputs => ({
    network: point.f,
    linear: Psi && beta && product(Psi, beta),
    linearized:
      from && displacement && pairPushforward(from, displacement).map((change, i) => from.f[i] + change),
  });

  const records: DeepTrainingRecord[] = [];
  const last = recordAt.at(-1) ?? 0;
  for (let step = 0; ; step++) {
    const point = pointAt(pair, X);
    const outputs = outputsOn(point, origin, features && features.train);
    if (recordAt.includes(step)) {
      const test =
        problem.test && outputsOn(pointAt(pair, problem.test.X), testOrigin, features && features.test);
      records.push({ step, train: outputs, test, parameters: pair, displacement, beta });
    }
    if (step === last) return records;
    const error = (u: Float64Array): Float64Array => u.map((value, i) => (value - y[i]) / n);
    pair = moved(pair, -1, pairPullback(point, error(outputs.network)), rates);
    if (origin && displacement && outputs.linearized) {
      displacement = moved(displacement, -1, pairPullback(origin, error(outputs.linearized)), rates);
    }
    if (features && beta && outputs.linear) {
      const gradient = transposedProduct(features.train, error(outputs.linear));
      beta = beta.map((value, k) => value - eta * gradient[k]);
    }
  }
}

function product({ rows, cols, data }: Dense, beta: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) =>
    beta.reduce((sum, value, k) => sum + data[i * cols + k] * value, 0),
  );
}

function transposedProduct({ rows, cols, data }: Dense, u: Float64Array): Float64Array {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < cols; k++) out[k] += data[i * cols + k] * u[i];
  }
  return out;
}
