import type { LinearFeatures } from '../math/linear-features.ts';
import type { SetMeasures } from '../experiment/result.ts';
import { type ByModel, byKey } from '../model/model.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Dense, dense } from '../math/dense.ts';
import { greatestOf } from '../math/statistics.ts';
import { firstGradient } from './first-gradient.ts';
import { forward } from './forward.ts';
import { linearGradient } from './linear-gradient.ts';
import { linearOutput } from './linear-output.ts';
import { normFeature } from './norm-feature.ts';
import type { TangentPoint } from './ntk.ts';
import { output, residual } from './output.ts';
import { sumOfClippedSquaredDifferences, sumOfSquaredDifferences, sumOfSquares } from './reduce.ts';
import { secondGradient } from './second-gradient.ts';
import { tangent } from './tangent.ts';

/** Inputs and their targets. */
export interface Sample {
  /** n × d */
  readonly X: Dense;
  /** n */
  readonly y: Float64Array;
}

export interface TrainingProblem {
  readonly train: Sample;
  /** null where there is no test set. */
  readonly test: Sample | null;
  readonly activation: Activation;
  /** W(0), m × d */
  readonly W0: Dense;
  /** v(0), m */
  readonly v0: Float64Array;
  /** Of W and v (0: that layer rests); the linear model's is the greater. */
  readonly rates: readonly number[];
  /** Those of the same rates. */
  readonly features: LinearFeatures;
  /** Steps t to record, ascending; training ends at the last. */
  readonly recordAt: readonly number[];
  /** Train the linearized network too. */
  readonly linearized: boolean;
}

/** Outputs of the models on one set; of the linearized network where asked for. */
export type Outputs = ByModel<Float64Array>;

export interface TrainingRecord {
  readonly step: number;
  readonly train: SetMeasures;
  readonly test: SetMeasures | null;
  /** ‖W(t) − W(0)‖_F, ‖v(t) − v(0)‖, ‖β(t)‖ */
  readonly movement: { W: number; v: number; beta: number };
  /** On every point, in the order of the sets. */
  readonly outputs: { readonly train: Outputs; readonly test: Outputs | null };
  readonly parameters: TrainedParameters;
}

/** Of the network and of its linear model. */
export interface TrainedParameters {
  readonly W: Dense;
  readonly v: Float64Array;
  readonly beta: Float64Array;
}

/** Records, and the parameters at the last step. */
export interface TrainingOutcome extends TrainedParameters {
  readonly records: TrainingRecord[];
}

/**
 * Full-batch gradient descent of the network, its linear model and, where asked for, the linearized network, side by side
 * (THEORY.md, sections 1, 3 and 4). About 4nmd multiply-adds a step.
 */
export function train(problem: TrainingProblem): TrainingOutcome {
  const { activation, W0, v0, rates, features, recordAt } = problem;
  const [eta1, eta2] = rates;
  const eta = greatestOf(rates);
  const { X, y } = problem.train;

  const pointAt = (X: Dense, W: Dense, v: Float64Array): TangentPoint => ({
    X,
    v,
    ...forward(X, W, activation),
  });
  const prepare = (sample: Sample) => ({
    ...sample,
    q: normFeature(sample.X, features),
    start: problem.linearized ? pointAt(sample.X, W0, v0) : null,
  });
  const trainSet = prepare(problem.train);
  const testSet = problem.test && prepare(problem.test);

  let W = W0;
  let v = v0;
  let beta = new Float64Array(features.d + 2);
  // The linearized network's displacement from (W0, v0).
  let moveW = dense(W0.rows, W0.cols);
  let moveV = new Float64Array(v0.length);

  const outputsOn = (set: typeof trainSet, A: Dense): Outputs => ({
    network: output(A, v),
    linear: linearOutput(features, set.X, set.q, beta),
    ...(set.start && { linearized: plus(output(set.start.A, v0), 1, tangent(set.start, moveW, moveV)) }),
  });

  const records: TrainingRecord[] = [];
  const lastStep = recordAt.at(-1) ?? 0;
  for (let step = 0; ; step++) {
    const { A, D } = pointAt(X, W, v);
    const outputs = outputsOn(trainSet, A);

    if (recordAt.includes(step)) {
      const testOutputs = testSet && outputsOn(testSet, pointAt(testSet.X, W, v).A);
      records.push({
        step,
        train: measure(outputs, y),
        test: testOutputs && measure(testOutputs, testSet.y),
        movement: {
          W: Math.sqrt(sumOfSquaredDifferences(W.data, W0.data)),
          v: Math.sqrt(sumOfSquaredDifferences(v, v0)),
          beta: Math.sqrt(sumOfSquares(beta)),
        },
        outputs: { train: outputs, test: testOutputs },
        parameters: { W, v, beta },
      });
    }
    if (step === lastStep) return { records, W, v, beta };

    const e = residual(outputs.network, y);
    const gradientW = firstGradient(D, X, v, e);
    const gradientV = secondGradient(A, e);
    W = plusMatrix(W, -eta1, gradientW);
    v = plus(v, -eta2, gradientV);

    beta = plus(beta, -eta, linearGradient(features, X, trainSet.q, residual(outputs.linear, y)));

    if (trainSet.start) {
      const e = residual(outputs['linearized']!, y);
      moveW = plusMatrix(moveW, -eta1, firstGradient(trainSet.start.D, X, v0, e));
      moveV = plus(moveV, -eta2, secondGradient(trainSet.start.A, e));
    }
  }
}

/** a + s·b */
function plus(a: Float64Array, s: number, b: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(a, (value, i) => value + s * b[i]);
}

function plusMatrix(a: Dense, s: number, b: Dense): Dense {
  return dense(a.rows, a.cols, plus(a.data, s, b.data));
}

function measure(outputs: Outputs, y: Float64Array): SetMeasures {
  const n = y.length;
  const { network, linear } = outputs;
  const [keys, others, beside] = [0, 1, 2].map((first) => Object.keys(outputs).slice(first));
  const meanSquare = (key: string, of: Float64Array) => sumOfSquaredDifferences(outputs[key]!, of) / n;
  return {
    losses: byKey(keys, (key) => meanSquare(key, y) / 2),
    discrepancies: byKey(others, (key) => meanSquare(key, network)),
    clippedDiscrepancy: sumOfClippedSquaredDifferences(network, linear) / n,
    linearSquare: sumOfSquares(linear) / n,
    fromLinear: byKey(beside, (key) => meanSquare(key, linear)),
  };
}
