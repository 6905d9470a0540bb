import { describe, expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { forward } from '../../src/reference/forward.ts';
import { type TangentPoint, firstKernel, secondKernel, tangentKernel } from '../../src/reference/ntk.ts';
import { output } from '../../src/reference/output.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { tangent } from '../../src/reference/tangent.ts';
import { centralDifference, u } from './central-difference.ts';
import { outputRounding } from './output-rounding.ts';
import { RandomNumbers } from './random-numbers.ts';

const [d, m] = [3, 4];

/** The Jacobian of the outputs by central differences, n × parameters, with its error bound. */
interface Jacobian {
  J: Dense;
  bound: Dense;
}

function jacobian(values: () => Float64Array, parameters: Float64Array, rounding: number): Jacobian {
  const n = values().length;
  const J = dense(n, parameters.length);
  const bound = dense(n, parameters.length);
  for (let p = 0; p < parameters.length; p++) {
    const column = centralDifference(values, parameters, p, rounding);
    for (let i = 0; i < n; i++) {
      J.data[i * J.cols + p] = column.derivative[i]!;
      bound.data[i * J.cols + p] = column.bound[i]!;
    }
  }
  return { J, bound };
}

/** A random parameter point and inputs: what the formulas say and what differences say. */
function view(activation: Activation, n: number, seed: number) {
  const random = new RandomNumbers(seed);
  const X = random.normalMatrix(n, d);
  const W = random.normalMatrix(m, d);
  const v = random.normals(m);
  const values = (): Float64Array => output(forward(X, W, activation).A, v);
  const rounding = 2 * Math.max(...outputRounding(X, W, v, activation));
  const point: TangentPoint = { X, v: v.slice(), ...forward(X, W, activation) };
  return { point, J1: jacobian(values, W.data, rounding), J2: jacobian(values, v, rounding) };
}

/** JJ̃ᵀ against `kernel`, within what the errors of the two Jacobians allow. */
function expectProduct(kernel: Dense, { J, bound }: Jacobian, { J: Jt, bound: boundt }: Jacobian): void {
  expect([kernel.rows, kernel.cols]).toEqual([J.rows, Jt.rows]);
  for (let i = 0; i < J.rows; i++) {
    for (let j = 0; j < Jt.rows; j++) {
      let product = 0;
      let allowed = 0;
      for (let p = 0; p < J.cols; p++) {
        const [a, b] = [J.data[i * J.cols + p], Jt.data[j * J.cols + p]];
        const [da, db] = [bound.data[i * J.cols + p], boundt.data[j * J.cols + p]];
        product += a * b;
        allowed += Math.abs(a) * db + da * Math.abs(b) + da * db + (J.cols + 16) * u * Math.abs(a * b);
      }
      expect(Math.abs(kernel.data[i * Jt.rows + j] - product)).toBeLessThanOrEqual(allowed);
      expect(allowed).toBeLessThan(1e-4); // kernels are of the order 1
    }
  }
}

const activations: readonly Activation[] = [
  { name: 'erf' },
  { name: 'gelu' },
  { name: 'leaky-relu', slope: 0.3 },
];

describe.for(activations)('%o', (activation) => {
  const here = view(activation, 5, 12);
  const there = view(activation, 3, 13);

  test('Θ₁ = J₁J₁ᵀ, Θ₂ = J₂J₂ᵀ', () => {
    expectProduct(firstKernel(here.point), here.J1, here.J1);
    expectProduct(secondKernel(here.point), here.J2, here.J2);
  });

  test('between two sets of inputs and two parameter points', () => {
    expectProduct(firstKernel(here.point, there.point), here.J1, there.J1);
    expectProduct(secondKernel(here.point, there.point), here.J2, there.J2);
  });

  test('η₁Θ₁ + η₂Θ₂', () => {
    const first = firstKernel(here.point, there.point);
    const second = secondKernel(here.point, there.point);
    const [sum, weighted] = [undefined, [0.5, 2]].map(
      (rates) => tangentKernel(here.point, there.point, rates).data,
    );
    expect(sum).toEqual(first.data.map((value, k) => value + second.data[k]));
    expect(weighted).toEqual(first.data.map((value, k) => 0.5 * value + 2 * second.data[k]));
  });

  test('tangent = J₁ vec Δ + J₂δ', () => {
    const random = new RandomNumbers(14);
    const [moveW, moveV] = [random.normalMatrix(m, d), random.normals(m)];
    const change = tangent(here.point, moveW, moveV);
    for (const [i, value] of change.entries()) {
      let product = 0;
      let allowed = 0;
      for (const [{ J, bound }, move] of [
        [here.J1, moveW.data],
        [here.J2, moveV],
      ] as const) {
        for (let p = 0; p < J.cols; p++) {
          product += J.data[i * J.cols + p] * move[p];
          allowed +=
            Math.abs(move[p]) * (bound.data[i * J.cols + p] + 32 * u * Math.abs(J.data[i * J.cols + p]));
        }
      }
      expect(Math.abs(value - product)).toBeLessThanOrEqual(allowed);
      expect(allowed).toBeLessThan(1e-4);
    }
  });

  test('Θu = J(Jᵀu): the kernel, the gradients and the tangent are one', () => {
    const { X, A, D, v } = here.point;
    const n = X.rows;
    const w = new RandomNumbers(15).normals(n);
    // The gradients are Jᵀe/n.
    const through = tangent(here.point, firstGradient(D, X, v, w), secondGradient(A, w));
    const K = tangentKernel(here.point);
    const sizes = tangentKernel({ X: absolute(X), A: absolute(A), D: absolute(D), v: absolute(v) });
    for (const [i, value] of through.entries()) {
      let product = 0;
      let size = 0;
      for (let j = 0; j < n; j++) {
        product += (K.data[i * n + j] * w[j]) / n;
        size += (sizes.data[i * n + j] * Math.abs(w[j])) / n;
      }
      expect(Math.abs(value - product)).toBeLessThanOrEqual(2 * (n + m + d + 16) * u * size);
    }
  });
});
