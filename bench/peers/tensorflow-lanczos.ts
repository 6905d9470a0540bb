import * as tf from '@tensorflow/tfjs-core';
import { ritzPairs } from '../../src/spectral/ritz.ts';
import { unitVector } from '../unit-vector.ts';

interface State {
  Q: tf.Tensor2D;
  q: tf.Tensor2D;
  alphas: tf.Tensor[];
  betas: tf.Tensor[];
}

/**
 * The largest eigenvalue of a symmetric matrix by so many steps of Lanczos in TensorFlow.js: full reorthogonalization,
 * twice a step as ours does; everything stays on the device until the end.
 */
export async function tensorFlowNorm(
  theta: tf.Tensor2D,
  start: Float32Array,
  count: number,
): Promise<number> {
  const [alphas, betas] = tf.tidy(() => {
    const q0 = tf.tensor2d(unitVector(start), [1, start.length]);
    let state: State = { Q: q0, q: q0, alphas: [], betas: [] };
    for (let j = 0; j < count; j++) state = step(theta, state);
    return [tf.stack(state.alphas), tf.stack(state.betas)];
  });
  const [alpha, beta] = [await alphas.data(), await betas.data()];
  tf.dispose([alphas, betas]);
  return ritzPairs(Array.from(alpha, (a, j) => ({ alpha: a, beta: beta[j] }))).values[0];
}

function step(theta: tf.Tensor2D, { Q, q, alphas, betas }: State): State {
  const orthogonal = (w: tf.Tensor2D): tf.Tensor2D => tf.sub(w, tf.matMul(tf.matMul(w, Q, false, true), Q));
  const w = tf.matMul<tf.Tensor2D>(q, theta);
  const rest = orthogonal(orthogonal(w));
  const length = tf.norm(rest);
  const next = tf.div<tf.Tensor2D>(rest, length);
  return {
    Q: tf.concat2d([Q, next], 0),
    q: next,
    alphas: [...alphas, tf.sum(tf.mul(q, w))],
    betas: [...betas, length],
  };
}
