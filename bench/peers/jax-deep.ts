import * as jax from '@jax-js/jax';
import { numpy as np } from '@jax-js/jax';
import type { Forms, Task } from '../contestant.ts';
import { type ImageLayer, imageLayers, transposed } from '../deep-layout.ts';
import type { DeepProblem } from '../problem.ts';
import { type Ready, type Values, array, floats } from './jax-arrays.ts';

/** One way to compute g: its arrays, laid out as it wants them, and g of them, which takes all that it is given. */
interface Tower {
  X: () => Values;
  /** W_1 … W_L and v. */
  parameters: () => Values[];
  outputs: (parameters: Values[], X: Values) => Values;
}

/** erf(HWᵀ/√fan-in), rows of positions; takes both. */
function layer(H: Values, W: Values): Values {
  const fanIn = W.shape[1];
  return jax.lax.erf(np.matmul(H, W.transpose()).mul(1 / Math.sqrt(fanIn)));
}

/** Hv/√weights, a row for each point; takes both. */
const readout = (H: Values, v: Values): Values => {
  const weights = v.size;
  return np.matmul(H.reshape([-1, weights]), v).mul(1 / Math.sqrt(weights));
};

/** W_1 … W_L as matrices of the problem, and v. */
const matrices = ({ weights, readout: v, architecture: { layers } }: DeepProblem): Values[] => [
  ...weights.map((W, l) => array(W, [layers[l].channels, W.length / layers[l].channels])),
  array(v, [v.length]),
];

const fullyConnected = (problem: DeepProblem): Tower => ({
  X: () => array(problem.X, [problem.n, problem.X.length / problem.n]),
  parameters: () => matrices(problem),
  outputs: (parameters, X) => {
    const H = parameters.slice(0, -1).reduce(layer, X);
    return readout(H, parameters[parameters.length - 1]);
  },
});

/** x with what wraps around beside it along an axis; takes x. */
function wrapped(x: Values, axis: number, { before, behind }: ImageLayer): Values {
  const side = x.shape[axis];
  const part = (from: number, to: number): Values =>
    x.ref.slice(...Array.from({ length: axis }, (): [] => []), [from, to]);
  const parts = [
    ...(before > 0 ? [part(side - before, side)] : []),
    x.ref,
    ...(behind > 0 ? [part(0, behind)] : []),
  ];
  x.dispose();
  return np.concatenate(parts, axis);
}

/** The library's convolution: images and filters have their channels first. */
function byConvolution(problem: DeepProblem, layers: ImageLayer[]): Tower {
  const { n, X, weights, readout: v } = problem;
  const [{ height, width, inputs }] = layers;
  const positions = height * width;
  return {
    X: () => array(X, [n, positions, inputs]).transpose([0, 2, 1]).reshape([n, inputs, height, width]),
    parameters: () => [
      ...layers.map(({ taps, inputs: below, channels }, l) =>
        array(weights[l], [channels, taps, taps, below]).transpose([0, 3, 1, 2]),
      ),
      array(transposed(v, positions, v.length / positions), [v.length]),
    ],
    outputs: (parameters, images) => {
      const H = layers.reduce((x, sizes, l) => {
        const { taps, inputs: below } = sizes;
        const padded = wrapped(wrapped(x, 2, sizes), 3, sizes);
        const Z = jax.lax.conv(padded, parameters[l], [1, 1], 'VALID');
        return jax.lax.erf(Z.mul(1 / Math.sqrt(taps * taps * below)));
      }, images);
      return readout(H, parameters[layers.length]);
    },
  };
}

/** Patches copied side by side, then products of matrices: channels are last. */
const byPatches = (problem: DeepProblem, layers: ImageLayer[]): Tower => ({
  X: () => {
    const [{ height, width, inputs }] = layers;
    return array(problem.X, [problem.n, height, width, inputs]);
  },
  parameters: () => matrices(problem),
  outputs: (parameters, X) => {
    const H = layers.reduce((x, sizes, l) => {
      const { height, width, taps, channels } = sizes;
      const padded = wrapped(wrapped(x, 1, sizes), 2, sizes);
      const shifted = Array.from({ length: taps * taps }, (_, t) => {
        const [dy, dx] = [Math.floor(t / taps), t % taps];
        return padded.ref.slice([], [dy, dy + height], [dx, dx + width]);
      });
      padded.dispose();
      const patches = np.concatenate(shifted, 3);
      const rows = patches.reshape([-1, parameters[l].shape[1]]);
      return layer(rows, parameters[l]).reshape([-1, height, width, channels]);
    }, X);
    return readout(H, parameters[layers.length]);
  },
});

/** Each way, by the name of its form. */
function towersOf(problem: DeepProblem): Record<string, Tower> {
  const layers = imageLayers(problem);
  if (layers.length === 0) return { '': fullyConnected(problem) };
  return { ', lax.conv': byConvolution(problem, layers), ', patches': byPatches(problem, layers) };
}

const formsOf = (problem: DeepProblem, name: string, task: (tower: Tower) => Promise<Task>): Forms =>
  Object.fromEntries(
    Object.entries(towersOf(problem)).map(([way, tower]) => [`${name}${way}`, () => task(tower)]),
  );

/** f = (g₊ − g₋)/√2 of the parameters of both towers, one after the other; takes all. */
function network({ outputs }: Tower, parameters: Values[], X: Values): Values {
  const half = parameters.length / 2;
  const plus = outputs(parameters.slice(0, half), X.ref);
  return plus.sub(outputs(parameters.slice(half), X)).mul(Math.SQRT1_2);
}

export const deepDescents = (ready: Ready, problem: DeepProblem, rate: number, steps: number): Forms =>
  formsOf(problem, 'jit(grad)', (tower) => descent(ready, problem, tower, rate, steps));

function descent(
  ready: Ready,
  problem: DeepProblem,
  tower: Tower,
  rate: number,
  steps: number,
): Promise<Task> {
  const { n } = problem;
  const [X, y] = [tower.X(), array(problem.y, [n])];
  // L = ‖f − y‖²/(2n)
  const loss = (parameters: Values[], points: Values, targets: Values): Values =>
    np
      .square(network(tower, parameters, points).sub(targets))
      .sum()
      .mul(1 / (2 * n));
  const step = jax.jit((parameters: Values[], points: Values, targets: Values): Values[] => {
    const own = parameters.map((values) => values.ref);
    const gradients = jax.grad(loss)(own, points, targets);
    return parameters.map((values, l) => values.sub(gradients[l].mul(rate)));
  });
  const evaluate = jax.jit((parameters: Values[], points: Values): Values =>
    network(tower, parameters, points),
  );
  let parameters = [...tower.parameters(), ...tower.parameters()];
  return Promise.resolve({
    run: async () => {
      for (let k = 0; k < steps; k++) parameters = step(parameters, X.ref, y.ref);
      await ready(parameters);
    },
    result: async () => ({
      f: await floats(
        evaluate(
          parameters.map((values) => values.ref),
          X.ref,
        ),
      ),
    }),
    dispose: () => {
      for (const values of [X, y, ...parameters]) values.dispose();
      step.dispose();
      evaluate.dispose();
    },
  });
}

/** Θu = J(Jᵀu) of one tower. */
export const deepProducts = (ready: Ready, problem: DeepProblem, times: number): Forms =>
  formsOf(problem, 'jit(jvp of vjp)', (tower) => products(ready, problem, tower, times));

function products(ready: Ready, problem: DeepProblem, tower: Tower, times: number): Promise<Task> {
  const [X, u, parameters] = [tower.X(), array(problem.u, [problem.n]), tower.parameters()];
  const multiply = jax.jit((at: Values[], points: Values, given: Values): Values => {
    const outputs = (own: Values[]): Values => tower.outputs(own, points.ref);
    const own = at.map((values) => values.ref);
    const [value, transpose] = jax.vjp(outputs, [own]);
    value.dispose();
    const [direction] = transpose(given) as [Values[]];
    transpose.dispose();
    const [again, tangent] = jax.jvp(outputs, [at], [direction]);
    again.dispose();
    points.dispose();
    return tangent;
  });
  let made: Values[] = [];
  return Promise.resolve({
    run: async () => {
      for (const values of made) values.dispose();
      made = [];
      // One at a time is allocated: what a call needs is, when it is made.
      for (let k = 0; k < times; k++) {
        made.push(
          multiply(
            parameters.map((values) => values.ref),
            X.ref,
            u.ref,
          ),
        );
        await ready(made);
      }
    },
    result: async () => ({ product: await floats(made[0].ref) }),
    dispose: () => {
      for (const values of [X, u, ...parameters, ...made]) values.dispose();
      multiply.dispose();
    },
  });
}
