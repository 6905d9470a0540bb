import * as jax from '@jax-js/jax';
import { numpy as np } from '@jax-js/jax';
import { ritzPairs } from '../../src/spectral/ritz.ts';
import { unitVector } from '../unit-vector.ts';

type Values = np.Array;
/** Basis, its newest vector, and T's diagonal and off-diagonal. */
type State = [Q: Values, q: Values, alphas: Values, betas: Values];
type Step = (theta: Values, ...rest: [...State, here: Values, next: Values]) => State;

const array = (entries: Float32Array<ArrayBuffer>, shape: number[]): Values => np.array(entries, { shape });

const floats = async (values: Values): Promise<Float32Array> => (await values.data()) as Float32Array;

/**
 * The largest eigenvalue of a symmetric matrix by Lanczos in jax-js: full reorthogonalization, twice a step as ours does,
 * one jit for the step; everything stays on the device until the end. (The library's own eigenvalues are by Jacobi's
 * rotations of the whole matrix, which is no competition.)
 */
export class JaxLanczos {
  readonly #count: number;
  readonly #start: Float32Array<ArrayBuffer>;
  /** Row j of the identity: what writes the j-th entry. */
  readonly #units: Values[];
  readonly #step: jax.OwnedFunction<Step>;

  /** `start` is where the process starts; `count` its steps. */
  constructor(start: Float32Array, count: number) {
    this.#count = count;
    this.#start = unitVector(start);
    this.#units = Array.from({ length: count + 1 }, (_, j) => {
      const unit = new Float32Array(count + 1);
      unit[j] = 1;
      return array(unit, [count + 1]);
    });
    this.#step = jax.jit<Step>((theta, Q, q, alphas, betas, here, next) => {
      const orthogonal = (w: Values) => w.ref.sub(np.matmul(np.matmul(Q.ref, w), Q.ref));
      const w = np.matmul(theta, q.ref);
      const alpha = q.mul(w.ref).sum();
      const rest = orthogonal(orthogonal(w));
      const beta = np.sqrt(np.square(rest.ref).sum());
      const qNext = rest.div(beta.ref);
      return [
        Q.add(next.reshape([count + 1, 1]).mul(qNext.ref)),
        qNext,
        alphas.add(here.ref.mul(alpha)),
        betas.add(here.mul(beta)),
      ];
    });
  }

  /** Takes the matrix. */
  async norm(theta: Values): Promise<number> {
    const [count, n] = [this.#count, this.#start.length];
    const basis = new Float32Array((count + 1) * n);
    basis.set(this.#start);
    let state: State = [
      array(basis, [count + 1, n]),
      array(this.#start, [n]),
      np.zeros([count + 1]),
      np.zeros([count + 1]),
    ];
    for (let j = 0; j < count; j++) {
      state = this.#step(theta.ref, ...state, this.#units[j].ref, this.#units[j + 1].ref);
    }
    const [Q, q, alphas, betas] = state;
    const [alpha, beta] = [await floats(alphas), await floats(betas)];
    for (const values of [theta, Q, q]) values.dispose();
    return ritzPairs(Array.from({ length: count }, (_, j) => ({ alpha: alpha[j], beta: beta[j] }))).values[0];
  }

  dispose(): void {
    for (const unit of this.#units) unit.dispose();
    this.#step.dispose();
  }
}
