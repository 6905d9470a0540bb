import * as jax from '@jax-js/jax';
import { numpy as np } from '@jax-js/jax';
import { completion } from '../completion.ts';
import type { Contestant, Forms, Results, Task } from '../contestant.ts';
import type { NetworkProblem } from '../problem.ts';
import { type Ready, type Values, array, floats } from './jax-arrays.ts';
import { deepDescents, deepProducts } from './jax-deep.ts';

/** 2/√π, the slope of erf at 0. */
const slope = 2 / Math.sqrt(Math.PI);

/**
 * jax-js as its documentation says to use it: jit over the whole computation, every array owned once and disposed of,
 * completion by blockUntilReady and then its device's queue.
 * @throws Error where it has no such backend here.
 */
export async function jaxJs(backend: 'webgpu' | 'wasm'): Promise<Contestant> {
  if (!(await jax.init(backend)).includes(backend)) throw new Error(`jax-js finds no ${backend} here`);
  const device = backend === 'webgpu' ? jax.getWebGPUDevice() : undefined;
  const ready: Ready = async (arrays) => {
    await jax.blockUntilReady(arrays);
    if (device) await completion(device);
  };
  return {
    library: 'jax-js',
    backend,
    ...(device && { device }),
    activate: () => {
      jax.defaultDevice(backend);
      return Promise.resolve();
    },
    matrixProduct: ({ size, A, B }) => ({
      jit: () => {
        const matrices = [array(A, [size, size]), array(B, [size, size])] as const;
        const product = jax.jit((a: Values, b: Values) => np.matmul(a, b));
        return latest(ready, matrices, product, 'C');
      },
    }),
    denseNtk: (problem, checkedRows) => ({
      jit: () =>
        latest(ready, parameters(problem), jax.jit(dense), 'theta', (theta) => theta.slice([0, checkedRows])),
    }),
    gradientDescent: (problem, rate, steps) => descents(ready, problem, rate, steps),
    ntkProducts: (problem, times) => products(ready, problem, times),
    denseProducts: (problem, times) => ({ jit: () => denseProducts(ready, problem, times) }),
    deepDescent: (problem, rate, steps) => deepDescents(ready, problem, rate, steps),
    deepProducts: (problem, times) => deepProducts(ready, problem, times),
    spectralNorm: (problem, count) => ({ 'jit, dense': () => norm(problem, count) }),
  };
}

const parameters = ({ n, d, m, X, W, v }: NetworkProblem) =>
  [array(X, [n, d]), array(W, [m, d]), array(v, [m])] as const;

/** Bytes that calls in flight may take. */
const inFlightBytes = 2 ** 30;

/**
 * Calls that are made before waiting. The library allocates what a call needs when it is made, not when it runs, and a
 * gradient or a product makes up to some eight arrays of the hidden layer's size.
 */
const callsInFlight = ({ n, m }: NetworkProblem): number =>
  Math.max(1, Math.floor(inFlightBytes / (8 * 4 * n * m)));

/** A task whose run makes one array anew from the same operands. */
function latest<Operands extends readonly Values[]>(
  ready: Ready,
  arrays: Operands,
  f: jax.OwnedFunction<(...operands: Operands) => Values>,
  name: string,
  part = (values: Values): Values => values,
): Promise<Task> {
  let made: Values | undefined;
  return Promise.resolve({
    run: async () => {
      made?.dispose();
      made = f(...(arrays.map((operand) => operand.ref) as unknown as Operands));
      await ready([made]);
    },
    result: async () => ({ [name]: await floats(part(made!.ref)) }),
    dispose: () => {
      made?.dispose();
      for (const operand of arrays) operand.dispose();
      f.dispose();
    },
  });
}

/** Z = XWᵀ/√d; takes both. */
function preactivation(X: Values, W: Values): Values {
  const d = X.shape[1];
  return np.matmul(X, W.transpose()).mul(1 / Math.sqrt(d));
}

/** D = φ′(Z); takes both. */
const slopes = (X: Values, W: Values): Values => np.exp(np.square(preactivation(X, W)).mul(-1)).mul(slope);

/** Θ₁ = (D diag(v²) Dᵀ/m) ∘ (XXᵀ/d) */
function dense(X: Values, W: Values, v: Values): Values {
  const [m, d] = W.shape;
  const D = slopes(X.ref, W);
  const gram = np.matmul(X.ref, X.transpose());
  return np
    .matmul(D.ref.mul(np.square(v)), D.transpose())
    .mul(gram)
    .mul(1 / (m * d));
}

/** f = φ(XWᵀ/√d) v/√m */
function network(W: Values, v: Values, X: Values): Values {
  const m = W.shape[0];
  return np.matmul(jax.lax.erf(preactivation(X, W)), v).mul(1 / Math.sqrt(m));
}

/** L = ‖f − y‖²/(2n) */
const loss = (W: Values, v: Values, X: Values, y: Values): Values =>
  np
    .square(network(W, v, X).sub(y.ref))
    .sum()
    .mul(1 / (2 * y.size));

type Step = (W: Values, v: Values, X: Values, y: Values) => [Values, Values];

function descents(ready: Ready, problem: NetworkProblem, rate: number, steps: number): Forms {
  const byGrad: Step = (W, v, X, y) => {
    const [gradientW, gradientV] = jax.grad(loss, { argnums: [0, 1] })(W.ref, v.ref, X, y) as Values[];
    return [W.sub(gradientW.mul(rate)), v.sub(gradientV.mul(rate))];
  };
  const byFormula: Step = (W, v, X, y) => {
    const [n, [m, d]] = [y.size, W.shape];
    const Z = preactivation(X.ref, W.ref);
    const D = np.exp(np.square(Z.ref).mul(-1)).mul(slope);
    const A = jax.lax.erf(Z);
    const e = np
      .matmul(A.ref, v.ref)
      .mul(1 / Math.sqrt(m))
      .sub(y);
    const gradientV = np.matmul(A.transpose(), e.ref);
    const gradientW = np.matmul(D.transpose(), X.mul(e.reshape([n, 1]))).mul(v.ref.reshape([m, 1]));
    return [
      W.sub(gradientW.mul(rate / (n * Math.sqrt(m * d)))),
      v.sub(gradientV.mul(rate / (n * Math.sqrt(m)))),
    ];
  };
  return {
    'jit(grad)': () => descent(ready, problem, steps, jax.jit(byGrad)),
    'jit, formula': () => descent(ready, problem, steps, jax.jit(byFormula)),
  };
}

function descent(
  ready: Ready,
  problem: NetworkProblem,
  steps: number,
  step: jax.OwnedFunction<Step>,
): Promise<Task> {
  const [X, ...start] = parameters(problem);
  const y = array(problem.y, [problem.n]);
  let [W, v] = start;
  const atOnce = callsInFlight(problem);
  return Promise.resolve({
    run: async () => {
      for (let k = 1; k <= steps; k++) {
        [W, v] = step(W, v, X.ref, y.ref);
        if (k % atOnce === 0 || k === steps) await ready([W, v]);
      }
    },
    result: async () => displacements(problem, await floats(W.ref), await floats(v.ref)),
    dispose: () => {
      for (const values of [X, y, W, v]) values.dispose();
      step.dispose();
    },
  });
}

/** How far both layers have moved. */
function displacements(start: NetworkProblem, W: Float32Array, v: Float32Array): Results {
  return { W: W.map((value, i) => value - start.W[i]), v: v.map((value, r) => value - start.v[r]) };
}

function products(ready: Ready, problem: NetworkProblem, times: number): Forms {
  const { n, d, m } = problem;
  const atOnce = callsInFlight(problem);
  return {
    // Θ₁u = J(Jᵀu), with the first layer's Jacobian J.
    'jit(jvp of vjp)': () => {
      const f = jax.jit((X: Values, W: Values, v: Values, u: Values) => {
        const output = (at: Values): Values => network(at, v.ref, X.ref);
        const [value, transposed] = jax.vjp(output, [W.ref]);
        value.dispose();
        const [direction] = transposed(u);
        transposed.dispose();
        const [again, tangent] = jax.jvp(output, [W], [direction]);
        again.dispose();
        X.dispose();
        v.dispose();
        return tangent;
      });
      return repeated(ready, [...parameters(problem), array(problem.u, [n])], f, times, atOnce);
    },
    // D is made once: G = Dᵀ(u ∘ X), then Σ_r v_r² D_ir ⟨G_r, x_i⟩/(md).
    'jit, formula': async () => {
      const [X, W, v] = parameters(problem);
      const makeSlopes = jax.jit(slopes);
      const D = makeSlopes(X.ref, W);
      await ready([D]);
      makeSlopes.dispose();
      const f = jax.jit((D: Values, X: Values, v: Values, u: Values) => {
        const G = np.matmul(D.ref.transpose(), X.ref.mul(u.reshape([n, 1])));
        const weighted = G.mul(
          np
            .square(v)
            .reshape([m, 1])
            .mul(1 / (m * d)),
        );
        return np.matmul(X, weighted.transpose()).mul(D).sum(1);
      });
      return repeated(ready, [D, X, v, array(problem.u, [n])], f, times, atOnce);
    },
  };
}

/** A task that applies f to the same operands several times, one after the other, waiting after every `atOnce`. */
function repeated<Operands extends readonly Values[]>(
  ready: Ready,
  arrays: Operands,
  f: jax.OwnedFunction<(...operands: Operands) => Values>,
  times: number,
  atOnce: number,
): Promise<Task> {
  let made: Values[] = [];
  return Promise.resolve({
    run: async () => {
      for (const values of made) values.dispose();
      made = [];
      // An array that is disposed of before it is ready is never computed: all are kept until then.
      for (let k = 1; k <= times; k++) {
        made.push(f(...(arrays.map((operand) => operand.ref) as unknown as Operands)));
        if (k % atOnce === 0 || k === times) await ready(made);
      }
    },
    result: async () => ({ product: await floats(made[0].ref) }),
    dispose: () => {
      for (const values of [...made, ...arrays]) values.dispose();
      f.dispose();
    },
  });
}

function denseProducts(ready: Ready, problem: NetworkProblem, times: number): Promise<Task> {
  const operands = parameters(problem);
  const u = array(problem.u, [problem.n]);
  const makeTheta = jax.jit(dense);
  const multiply = jax.jit((theta: Values, u: Values) => np.matmul(theta, u));
  let made: Values[] = [];
  return Promise.resolve({
    run: async () => {
      for (const values of made) values.dispose();
      const [X, W, v] = operands;
      const theta = makeTheta(X.ref, W.ref, v.ref);
      made = Array.from({ length: times }, () => multiply(theta.ref, u.ref));
      await ready(made);
      theta.dispose();
    },
    result: async () => ({ product: await floats(made[0].ref) }),
    dispose: () => {
      for (const values of [...made, ...operands, u]) values.dispose();
      makeTheta.dispose();
      multiply.dispose();
    },
  });
}

/** ‖Θ₁‖ on the stored Θ₁. The number is what it waits for. */
async function norm(problem: NetworkProblem, count: number): Promise<Task> {
  const { JaxLanczos } = await import('./jax-lanczos.ts');
  const operands = parameters(problem);
  const makeTheta = jax.jit(dense);
  const lanczos = new JaxLanczos(problem.u, count);
  let value = NaN;
  return {
    run: async () => {
      const [X, W, v] = operands;
      value = await lanczos.norm(makeTheta(X.ref, W.ref, v.ref));
    },
    result: () => Promise.resolve({ norm: Float32Array.of(value) }),
    dispose: () => {
      for (const values of operands) values.dispose();
      makeTheta.dispose();
      lanczos.dispose();
    },
  };
}
