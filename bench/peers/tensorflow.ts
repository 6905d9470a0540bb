/// <reference types="vite/client" />
import * as tf from '@tensorflow/tfjs-core';
import wasmBinary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimdBinary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreadedBinary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
// Differentiation is not in the core's entry point.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { completion } from '../completion.ts';
import type { Contestant, Forms, Task } from '../contestant.ts';
import type { NetworkProblem } from '../problem.ts';
import { deepDescents, deepProducts } from './tensorflow-deep.ts';
import { type Done, floats } from './tensorflow-tensors.ts';

/** 2/√π, the slope of erf at 0. */
const slope = 2 / Math.sqrt(Math.PI);

/**
 * TensorFlow.js: every computation in tidy, products by matMul with its transpose flags, completion by submitting what
 * it holds back and then its device's queue.
 * @throws Error where it has no such backend here.
 */
export async function tensorFlow(name: 'webgpu' | 'wasm'): Promise<Contestant> {
  if (name === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    // Without a page it reads them from where it is installed.
    if (typeof location === 'object')
      setWasmPaths({
        'tfjs-backend-wasm.wasm': wasmBinary,
        'tfjs-backend-wasm-simd.wasm': wasmSimdBinary,
        'tfjs-backend-wasm-threaded-simd.wasm': wasmThreadedBinary,
      });
  }
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js has no ${name} backend here`);
  const backend = tf.backend();
  const webgpu = backend instanceof WebGPUBackend ? backend : undefined;
  // The other backends compute while they are called.
  const done = async () => {
    if (!webgpu) return;
    webgpu.ensureCommandEncoderReady();
    webgpu.endComputePassEncoder();
    webgpu.submitQueue();
    await completion(webgpu.device);
  };
  return {
    library: 'TensorFlow.js',
    backend: name,
    ...(webgpu && { device: webgpu.device }),
    activate: async () => {
      await tf.setBackend(name);
    },
    matrixProduct: ({ size, A, B }) => ({
      tidy: () => {
        const matrices = [A, B].map((entries) => tf.tensor2d(entries, [size, size])) as [
          tf.Tensor2D,
          tf.Tensor2D,
        ];
        return latest(done, matrices, (a, b) => tf.matMul(a, b), 'C');
      },
    }),
    denseNtk: (problem, checkedRows) => ({
      tidy: () =>
        latest(done, parameters(problem), dense, 'theta', (theta) =>
          tf.slice(theta, [0, 0], [checkedRows, problem.n]),
        ),
    }),
    gradientDescent: (problem, rate, steps) => descents(done, problem, rate, steps),
    ntkProducts: (problem, times) => ({ 'tidy, formula': () => products(done, problem, times) }),
    denseProducts: (problem, times) => ({ tidy: () => denseProducts(done, problem, times) }),
    deepDescent: (problem, rate, steps) => deepDescents(done, problem, rate, steps),
    deepProducts: (problem, times) => deepProducts(done, problem, times),
    spectralNorm: (problem, count) => ({ 'tidy, dense': () => norm(problem, count) }),
  };
}

const parameters = ({ n, d, m, X, W, v }: NetworkProblem): [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D] => [
  tf.tensor2d(X, [n, d]),
  tf.tensor2d(W, [m, d]),
  tf.tensor1d(v),
];

/** A task whose run makes one tensor anew from the same operands. */
function latest<Operands extends tf.Tensor[]>(
  done: Done,
  operands: Operands,
  f: (...operands: Operands) => tf.Tensor,
  name: string,
  part = (tensor: tf.Tensor): tf.Tensor => tf.clone(tensor),
): Promise<Task> {
  let made: tf.Tensor | undefined;
  return Promise.resolve({
    run: async () => {
      made?.dispose();
      made = tf.tidy(() => f(...operands));
      await done();
    },
    result: async () => {
      const shown = part(made!);
      const entries = await floats(shown);
      shown.dispose();
      return { [name]: entries };
    },
    dispose: () => tf.dispose([made, ...operands]),
  });
}

/** Z = XWᵀ/√d */
const preactivation = (X: tf.Tensor2D, W: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.matMul(X, W, false, true), 1 / Math.sqrt(X.shape[1]));

/** φ′(Z) */
const slopes = (Z: tf.Tensor2D): tf.Tensor2D => tf.mul(tf.exp(tf.neg(tf.square(Z))), slope);

/** Θ₁ = (D diag(v²) Dᵀ/m) ∘ (XXᵀ/d) */
function dense(X: tf.Tensor2D, W: tf.Tensor2D, v: tf.Tensor1D): tf.Tensor2D {
  const [m, d] = W.shape;
  const D = slopes(preactivation(X, W));
  // The scale goes to the small factor.
  const weights = tf.mul(tf.square(v), 1 / (m * d));
  return tf.mul(tf.matMul(tf.mul(D, weights), D, false, true), tf.matMul(X, X, false, true));
}

/** f = φ(XWᵀ/√d) v/√m */
const network = (X: tf.Tensor2D, W: tf.Tensor2D, v: tf.Tensor1D): tf.Tensor2D =>
  tf.mul(tf.matMul(tf.erf(preactivation(X, W)), tf.reshape(v, [-1, 1])), 1 / Math.sqrt(W.shape[0]));

interface Layers extends tf.TensorContainerObject {
  W: tf.Tensor2D;
  v: tf.Tensor1D;
}

type Step = (X: tf.Tensor2D, y: tf.Tensor2D, layers: Layers) => Layers;

function descents(done: Done, problem: NetworkProblem, rate: number, steps: number): Forms {
  const byGrads: Step = (X, y, { W, v }) => {
    const loss = (...[W, v]: tf.Tensor[]): tf.Scalar =>
      tf.div(tf.sum(tf.square(tf.sub(network(X, W as tf.Tensor2D, v as tf.Tensor1D), y))), 2 * problem.n);
    const [gradientW, gradientV] = tf.grads(loss)([W, v]);
    return { W: tf.sub(W, tf.mul(gradientW, rate)), v: tf.sub(v, tf.mul(gradientV, rate)) };
  };
  const byFormula: Step = (X, y, { W, v }) => {
    const { n, d, m } = problem;
    const Z = preactivation(X, W);
    const [A, D] = [tf.erf(Z), slopes(Z)];
    const e = tf.sub(tf.mul(tf.matMul(A, tf.reshape(v, [m, 1])), 1 / Math.sqrt(m)), y);
    const gradientV = tf.reshape(tf.matMul(A, e, true, false), [m]);
    const gradientW = tf.matMul(D, tf.mul(X, e), true, false);
    const scaledV = tf.reshape(tf.mul(v, rate / (n * Math.sqrt(m * d))), [m, 1]);
    return {
      W: tf.sub(W, tf.mul(gradientW, scaledV)),
      v: tf.sub(v, tf.mul(gradientV, rate / (n * Math.sqrt(m)))),
    };
  };
  return {
    'tidy, grads': () => descent(done, problem, steps, byGrads),
    'tidy, formula': () => descent(done, problem, steps, byFormula),
  };
}

function descent(done: Done, problem: NetworkProblem, steps: number, step: Step): Promise<Task> {
  const [X, W, v] = parameters(problem);
  const y = tf.tensor2d(problem.y, [problem.n, 1]);
  let layers: Layers = { W, v };
  return Promise.resolve({
    run: async () => {
      for (let k = 0; k < steps; k++) {
        const before = layers;
        layers = tf.tidy(() => step(X, y, before));
        tf.dispose(before);
      }
      await done();
    },
    result: async () => {
      const [movedW, movedV] = [await floats(layers.W), await floats(layers.v)];
      return {
        W: movedW.map((value, i) => value - problem.W[i]),
        v: movedV.map((value, r) => value - problem.v[r]),
      };
    },
    dispose: () => tf.dispose([X, y, layers]),
  });
}

/** D is made once: G = Dᵀ(u ∘ X), then Σ_r v_r² D_ir ⟨G_r, x_i⟩/(md). */
function products(done: Done, problem: NetworkProblem, times: number): Promise<Task> {
  const { n, d, m } = problem;
  const [X, W, v] = parameters(problem);
  const u = tf.tensor2d(problem.u, [n, 1]);
  const D = tf.tidy(() => slopes(preactivation(X, W)));
  W.dispose();
  const multiply = () => {
    const weights = tf.reshape(tf.mul(tf.square(v), 1 / (m * d)), [m, 1]);
    const G = tf.mul(tf.matMul(D, tf.mul(X, u), true, false), weights);
    return tf.sum(tf.mul(tf.matMul(X, G, false, true), D), 1);
  };
  return repeated(done, [X, v, u, D], multiply, times);
}

/** A task that computes the same several times, one after the other. */
function repeated(done: Done, operands: tf.Tensor[], f: () => tf.Tensor, times: number): Promise<Task> {
  let made: tf.Tensor | undefined;
  return Promise.resolve({
    run: async () => {
      for (let k = 0; k < times; k++) {
        made?.dispose();
        made = tf.tidy(f);
      }
      await done();
    },
    result: async () => ({ product: await floats(made!) }),
    dispose: () => tf.dispose([made, ...operands]),
  });
}

function denseProducts(done: Done, problem: NetworkProblem, times: number): Promise<Task> {
  const operands = parameters(problem);
  const u = tf.tensor2d(problem.u, [problem.n, 1]);
  let made: tf.Tensor | undefined;
  return Promise.resolve({
    run: async () => {
      const theta = tf.tidy(() => dense(...operands));
      for (let k = 0; k < times; k++) {
        made?.dispose();
        made = tf.matMul(theta, u);
      }
      theta.dispose();
      await done();
    },
    result: async () => ({ product: await floats(made!) }),
    dispose: () => tf.dispose([made, u, ...operands]),
  });
}

/** ‖Θ₁‖ on the stored Θ₁. The number is what it waits for. */
async function norm(problem: NetworkProblem, count: number): Promise<Task> {
  const { tensorFlowNorm } = await import('./tensorflow-lanczos.ts');
  const operands = parameters(problem);
  let value = NaN;
  return {
    run: async () => {
      const theta = tf.tidy(() => dense(...operands));
      value = await tensorFlowNorm(theta, problem.u, count);
      theta.dispose();
    },
    result: () => Promise.resolve({ norm: Float32Array.of(value) }),
    dispose: () => tf.dispose(operands),
  };
}
