import { Predictions } from '../data/point-set.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import { strideOf } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { LinearModel } from '../model/linear-model.ts';
import type { Lab } from './lab.ts';

/** The linear model at a step of a path of its own. */
export interface LinearStep {
  t: number;
  /** β(t), d + 2 entries. */
  beta: Float64Array;
  /** u(t) − y */
  residual: Float32Array<ArrayBuffer>;
}

/** Iterates the linear model alone at a rate, from β = 0, and stops at these steps, which ascend. */
export async function* linearPath(
  { gpu, train, linear: { features }, signal }: Lab,
  eta: number,
  steps: readonly number[],
): AsyncGenerator<LinearStep, void> {
  using stream = new CommandStream(gpu);
  using model = await LinearModel.create(gpu, features, train.size);
  using predictions = new Predictions(gpu, 'linear model alone', train.size);
  await model.prepare(stream, train);
  const evaluation = [...model.evaluation(train, predictions, true)];
  const descent = [...model.descent(train.size, [eta])];
  let t = 0;
  for (const next of steps) {
    for (; t <= next; t++) {
      if (t > 0) for (const dispatch of descent) stream.run(dispatch);
      for (const dispatch of evaluation) stream.run(dispatch);
      await stream.pace();
      signal?.throwIfAborted();
    }
    stream.flush();
    const [beta, residual] = await together([model.beta.read(), predictions.e.read()]);
    yield { t: next, beta: betaOf(beta, features.d), residual };
  }
}

/** β from its layout on the device. */
function betaOf(padded: Float32Array, d: number): Float64Array {
  const beta = new Float64Array(d + 2);
  beta.set(padded.subarray(0, d));
  beta.set(padded.subarray(strideOf(d), strideOf(d) + 2), d);
  return beta;
}
