import { activationFunctions } from '../../src/math/activations.ts';
import type { Contestant, Task } from '../contestant.ts';
import type { NetworkProblem, SquareMatrices } from '../problem.ts';

/** The loops that one would write down, on one thread, storing float32: what a page does without a library. */
export const plainLoops: Contestant = {
  library: 'plain loops',
  backend: 'javascript',
  activate: () => Promise.resolve(),
  matrixProduct: (matrices) => ({ '': () => matrixProduct(matrices) }),
  denseNtk: (problem, checkedRows) => ({ '': () => dense(problem, checkedRows) }),
  gradientDescent: (problem, rate, steps) => ({ '': () => descent(problem, rate, steps) }),
  ntkProducts: (problem, times) => ({ '': () => products(problem, times) }),
};

const { phi, phiPrime } = activationFunctions({ name: 'erf' });

/** A task of JavaScript alone: done when `run` returns. */
const task = (run: () => void, result: () => Record<string, Float32Array>): Promise<Task> =>
  Promise.resolve({
    run: () => {
      run();
      return Promise.resolve();
    },
    result: () => Promise.resolve(result()),
    dispose: () => undefined,
  });

function matrixProduct({ size, A, B }: SquareMatrices): Promise<Task> {
  const C = new Float32Array(size * size);
  return task(
    () => {
      C.fill(0);
      for (let i = 0; i < size; i++) {
        for (let k = 0; k < size; k++) {
          const a = A[i * size + k];
          for (let j = 0; j < size; j++) C[i * size + j] += a * B[k * size + j];
        }
      }
    },
    () => ({ C }),
  );
}

/** ⟨row i of P, row j of Q⟩ */
function dot(P: Float32Array, i: number, Q: Float32Array, j: number, cols: number): number {
  const [p, q] = [i * cols, j * cols];
  let sum = 0;
  for (let k = 0; k < cols; k++) sum += P[p + k] * Q[q + k];
  return sum;
}

/** f(Z), n × m, for Z = XWᵀ/√d. */
function hidden(
  { n, d, m, X }: NetworkProblem,
  W: Float32Array,
  f: (z: number) => number,
): Float32Array<ArrayBuffer> {
  const F = new Float32Array(n * m);
  const scale = 1 / Math.sqrt(d);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) F[i * m + r] = f(dot(X, i, W, r, d) * scale);
  }
  return F;
}

function dense(problem: NetworkProblem, checkedRows: number): Promise<Task> {
  const { n, d, m, X, v } = problem;
  const theta = new Float32Array(n * n);
  return task(
    () => {
      const D = hidden(problem, problem.W, phiPrime);
      const weighted = D.map((value, index) => value * v[index % m] ** 2);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          theta[i * n + j] = (dot(weighted, i, D, j, m) * dot(X, i, X, j, d)) / (m * d);
        }
      }
    },
    () => ({ theta: theta.subarray(0, checkedRows * n) }),
  );
}

/** Dᵀ diag(e) X, m × d */
function transposedProduct({ n, d, m, X }: NetworkProblem, D: Float32Array, e: Float32Array): Float32Array {
  const G = new Float32Array(m * d);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) {
      const weight = D[i * m + r] * e[i];
      for (let k = 0; k < d; k++) G[r * d + k] += weight * X[i * d + k];
    }
  }
  return G;
}

function descent(problem: NetworkProblem, rate: number, steps: number): Promise<Task> {
  const { n, d, m, y } = problem;
  const [W, v] = [problem.W.slice(), problem.v.slice()];
  const [movedW, movedV] = [new Float32Array(m * d), new Float32Array(m)];
  const step = () => {
    const A = hidden(problem, W, phi);
    const D = hidden(problem, W, phiPrime);
    const e = new Float32Array(n);
    for (let i = 0; i < n; i++) e[i] = dot(A, i, v, 0, m) / Math.sqrt(m) - y[i];
    const gradientW = transposedProduct(problem, D, e);
    const scaleW = rate / (n * Math.sqrt(m * d));
    for (let r = 0; r < m; r++) {
      for (let k = r * d; k < (r + 1) * d; k++) {
        movedW[k] -= scaleW * v[r] * gradientW[k];
        W[k] = problem.W[k] + movedW[k];
      }
    }
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += A[i * m + r] * e[i];
      movedV[r] -= (rate / (n * Math.sqrt(m))) * sum;
      v[r] = problem.v[r] + movedV[r];
    }
  };
  return task(
    () => {
      for (let k = 0; k < steps; k++) step();
    },
    () => ({ W: movedW.slice(), v: movedV.slice() }),
  );
}

function products(problem: NetworkProblem, times: number): Promise<Task> {
  const { n, d, m, X, v, u } = problem;
  const D = hidden(problem, problem.W, phiPrime);
  const product = new Float32Array(n);
  return task(
    () => {
      for (let k = 0; k < times; k++) {
        const G = transposedProduct(problem, D, u);
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let r = 0; r < m; r++) sum += v[r] ** 2 * D[i * m + r] * dot(X, i, G, r, d);
          product[i] = sum / (m * d);
        }
      }
    },
    () => ({ product }),
  );
}
