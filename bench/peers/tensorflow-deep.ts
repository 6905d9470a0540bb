import * as tf from '@tensorflow/tfjs-core';
import type { Forms, Task } from '../contestant.ts';
import { type ImageLayer, imageLayers, transposed } from '../deep-layout.ts';
import type { DeepProblem } from '../problem.ts';
import { type Done, floats } from './tensorflow-tensors.ts';

/** One way to compute g: its tensors, laid out as it wants them, and g of them. */
interface Tower {
  X: () => tf.Tensor;
  /** W_1 … W_L and v. */
  parameters: () => tf.Tensor[];
  outputs: (parameters: tf.Tensor[], X: tf.Tensor) => tf.Tensor1D;
}

/** erf(HWᵀ/√fan-in), rows of positions. */
const layer = (H: tf.Tensor, W: tf.Tensor): tf.Tensor =>
  tf.erf(tf.mul(tf.matMul(H, W, false, true), 1 / Math.sqrt(W.shape[1]!)));

/** Hv/√weights, a row for each point. */
const readout = (H: tf.Tensor, v: tf.Tensor): tf.Tensor1D => {
  const f = tf.matMul(tf.reshape<tf.Rank.R2>(H, [-1, v.size]), tf.reshape<tf.Rank.R2>(v, [v.size, 1]));
  return tf.reshape(tf.mul(f, 1 / Math.sqrt(v.size)), [-1]);
};

/** W_1 … W_L as matrices of the problem, and v. */
const matrices = ({ weights, readout: v, architecture: { layers } }: DeepProblem): tf.Tensor[] => [
  ...weights.map((W, l) => tf.tensor2d(W, [layers[l].channels, W.length / layers[l].channels])),
  tf.tensor1d(v),
];

const fullyConnected = (problem: DeepProblem): Tower => ({
  X: () => tf.tensor2d(problem.X, [problem.n, problem.X.length / problem.n]),
  parameters: () => matrices(problem),
  outputs: (parameters, X) => readout(parameters.slice(0, -1).reduce(layer, X), parameters.at(-1)!),
});

const images = ({ X, n }: DeepProblem, [{ height, width, inputs }]: ImageLayer[]): tf.Tensor4D =>
  tf.tensor4d(X, [n, height, width, inputs]);

/** x with what wraps around beside it along an axis. */
function wrapped(x: tf.Tensor4D, axis: 1 | 2, { before, behind }: ImageLayer): tf.Tensor4D {
  const side = x.shape[axis];
  const part = (from: number, length: number): tf.Tensor4D => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size: [number, number, number, number] = [-1, -1, -1, -1];
    [begin[axis], size[axis]] = [from, length];
    return tf.slice(x, begin, size);
  };
  const parts = [
    ...(before > 0 ? [part(side - before, before)] : []),
    x,
    ...(behind > 0 ? [part(0, behind)] : []),
  ];
  return tf.concat(parts, axis);
}

/** The library's convolution: filters have their outputs last. */
const byConvolution = (problem: DeepProblem, layers: ImageLayer[]): Tower => ({
  X: () => images(problem, layers),
  parameters: () => [
    ...layers.map(({ taps, inputs, channels }, l) =>
      tf.tensor4d(transposed(problem.weights[l], channels, taps * taps * inputs), [
        taps,
        taps,
        inputs,
        channels,
      ]),
    ),
    tf.tensor1d(problem.readout),
  ],
  outputs: (parameters, X) => {
    const H = layers.reduce((x, sizes, l) => {
      const padded = wrapped(wrapped(x, 1, sizes), 2, sizes);
      const Z = tf.conv2d(padded, parameters[l] as tf.Tensor4D, 1, 'valid');
      return tf.erf(tf.mul(Z, 1 / Math.sqrt(sizes.taps ** 2 * sizes.inputs)));
    }, X as tf.Tensor4D);
    return readout(H, parameters[layers.length]);
  },
});

/** Patches copied side by side, then products of matrices. */
const byPatches = (problem: DeepProblem, layers: ImageLayer[]): Tower => ({
  X: () => images(problem, layers),
  parameters: () => matrices(problem),
  outputs: (parameters, X) => {
    const H = layers.reduce((x, sizes, l) => {
      const { height, width, taps, channels } = sizes;
      const padded = wrapped(wrapped(x, 1, sizes), 2, sizes);
      const shifted = Array.from({ length: taps * taps }, (_, t) =>
        tf.slice(padded, [0, Math.floor(t / taps), t % taps, 0], [-1, height, width, -1]),
      );
      const rows = tf.reshape(tf.concat(shifted, 3), [-1, parameters[l].shape[1]!]);
      return tf.reshape<tf.Rank.R4>(layer(rows, parameters[l]), [-1, height, width, channels]);
    }, X as tf.Tensor4D);
    return readout(H, parameters[layers.length]);
  },
});

/** Each way, by the name of its form. */
function towersOf(problem: DeepProblem): Record<string, Tower> {
  const layers = imageLayers(problem);
  if (layers.length === 0) return { '': fullyConnected(problem) };
  return { ', conv2d': byConvolution(problem, layers), ', patches': byPatches(problem, layers) };
}

const formsOf = (problem: DeepProblem, name: string, task: (tower: Tower) => Promise<Task>): Forms =>
  Object.fromEntries(
    Object.entries(towersOf(problem)).map(([way, tower]) => [`${name}${way}`, () => task(tower)]),
  );

/** f = (g₊ − g₋)/√2 of the parameters of both towers, one after the other. */
function network({ outputs }: Tower, parameters: tf.Tensor[], X: tf.Tensor): tf.Tensor {
  const half = parameters.length / 2;
  const [plus, minus] = [parameters.slice(0, half), parameters.slice(half)];
  return tf.mul(tf.sub(outputs(plus, X), outputs(minus, X)), Math.SQRT1_2);
}

export const deepDescents = (done: Done, problem: DeepProblem, rate: number, steps: number): Forms =>
  formsOf(problem, 'tidy, grads', (tower) => descent(done, problem, tower, rate, steps));

function descent(done: Done, problem: DeepProblem, tower: Tower, rate: number, steps: number): Promise<Task> {
  const { n } = problem;
  const [X, y] = [tower.X(), tf.tensor1d(problem.y)];
  // L = ‖f − y‖²/(2n)
  const loss = (...at: tf.Tensor[]): tf.Scalar =>
    tf.div(tf.sum(tf.square(tf.sub(network(tower, at, X), y))), 2 * n);
  let parameters = [...tower.parameters(), ...tower.parameters()];
  return Promise.resolve({
    run: async () => {
      for (let k = 0; k < steps; k++) {
        const before = parameters;
        parameters = tf.tidy(() => {
          const gradients = tf.grads(loss)(before);
          return before.map((values, l) => tf.sub(values, tf.mul(gradients[l], rate)));
        });
        tf.dispose(before);
      }
      await done();
    },
    result: async () => {
      const f = tf.tidy(() => network(tower, parameters, X));
      const entries = await floats(f);
      f.dispose();
      return { f: entries };
    },
    dispose: () => tf.dispose([X, y, parameters]),
  });
}

/**
 * Θu = J(Jᵀu) of one tower. The library has no forward mode: JΔ is the gradient by w of ⟨Jᵀw, Δ⟩, which it differentiates where
 * it can the gradients that it makes.
 */
export const deepProducts = (done: Done, problem: DeepProblem, times: number): Forms =>
  formsOf(problem, 'tidy, vjp of vjp', (tower) => products(done, problem, tower, times));

function products(done: Done, problem: DeepProblem, tower: Tower, times: number): Promise<Task> {
  const [X, u, parameters] = [tower.X(), tf.tensor1d(problem.u), tower.parameters()];
  const transpose = tf.grads((...at: tf.Tensor[]) => tower.outputs(at, X));
  const multiply = () => {
    const direction = transpose(parameters, u);
    const along = (w: tf.Tensor): tf.Tensor =>
      transpose(parameters, w)
        .map((gradient, l): tf.Tensor => tf.sum(tf.mul(gradient, direction[l])))
        .reduce((sum, part) => tf.add(sum, part));
    return tf.grad(along)(u);
  };
  let made: tf.Tensor | undefined;
  return Promise.resolve({
    run: async () => {
      for (let k = 0; k < times; k++) {
        made?.dispose();
        made = tf.tidy(multiply);
      }
      await done();
    },
    result: async () => ({ product: await floats(made!) }),
    dispose: () => tf.dispose([X, u, parameters, made]),
  });
}
