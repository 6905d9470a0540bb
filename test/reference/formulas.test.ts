import { expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { dense } from '../../src/math/dense.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { forward, preactivation } from '../../src/reference/forward.ts';
import { linearGradient } from '../../src/reference/linear-gradient.ts';
import { linearOutput } from '../../src/reference/linear-output.ts';
import { normFeature } from '../../src/reference/norm-feature.ts';
import { firstKernel, secondKernel, tangentKernel } from '../../src/reference/ntk.ts';
import { output, residual } from '../../src/reference/output.ts';
import {
  sumOfClippedSquaredDifferences,
  sumOfSquaredDifferences,
  sumOfSquares,
} from '../../src/reference/reduce.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { tangent } from '../../src/reference/tangent.ts';

// d = 4 and m = 4, so that √d, √m and √(md) are whole and every number below is exact and found by hand.
const X = dense(2, 4, [1, -2, 0, 3, 2, 0, -1, 1]);
const W = dense(4, 4, [2, 0, 0, 0, 0, 2, 0, 2, 0, 0, 4, 0, -2, 0, 0, 0]);
const v = Float64Array.of(1, -1, 2, 3);
const { Z, A, D } = forward(X, W, { name: 'leaky-relu', slope: 0.5 });
const y = Float64Array.of(1, 1);
const e = residual(output(A, v), y);

test('forward: Z = XWᵀ/√d, A = φ(Z), D = φ′(Z)', () => {
  expect(Z).toEqual(dense(2, 4, [1, 1, 0, -1, 2, 1, -2, -2]));
  expect(A).toEqual(dense(2, 4, [1, 1, 0, -0.5, 2, 1, -1, -1]));
  expect(D).toEqual(dense(2, 4, [1, 1, 1, 0.5, 1, 1, 0.5, 0.5]));
});

test('preactivation of absolute values', () => {
  expect(preactivation(absolute(X), absolute(W)).data).toEqual(Float64Array.of(1, 5, 0, 1, 2, 1, 2, 2));
});

test('output f = Av/√m and residual', () => {
  // (1 − 1 + 0 − 1.5)/2 and (2 − 1 − 2 − 3)/2
  expect(output(A, v)).toEqual(Float64Array.of(-0.75, -2));
  expect(e).toEqual(Float64Array.of(-1.75, -3));
});

test('gradients', () => {
  // Row r is v_r Σ_i D_ir e_i x_i/(n√(md)) with n√(md) = 8.
  const rows = [
    [1, [-1.75, -3]],
    [-1, [-1.75, -3]],
    [2, [-1.75, -1.5]],
    [3, [-0.875, -1.5]],
  ] as const;
  const expected = rows.flatMap(([vr, [a, b]]) =>
    [0, 1, 2, 3].map((k) => (vr * (a * X.data[k] + b * X.data[4 + k])) / 8),
  );
  expect(firstGradient(D, X, v, e)).toEqual(dense(4, 4, expected));
  // Aᵀe/(n√m), n√m = 4
  expect(secondGradient(A, e)).toEqual(
    Float64Array.of((-1.75 - 6) / 4, (-1.75 - 3) / 4, 3 / 4, (0.875 + 3) / 4),
  );
});

test('kernels', () => {
  // XXᵀ/d = [[14, 5], [5, 6]]/4; D diag(v²)Dᵀ/m = [[1 + 1 + 4 + 9/4, 1 + 1 + 2 + 9/4], [·, 1 + 1 + 1 + 9/4]]/4
  expect(firstKernel({ X, D, v })).toEqual(
    dense(2, 2, [(8.25 / 4) * 3.5, (6.25 / 4) * 1.25, (6.25 / 4) * 1.25, (5.25 / 4) * 1.5]),
  );
  expect(secondKernel({ A })).toEqual(dense(2, 2, [2.25 / 4, 3.5 / 4, 3.5 / 4, 7 / 4]));
  expect(tangentKernel({ X, A, D, v }, { X, A, D, v }, [2, 4]).data[1]).toBe(
    2 * ((6.25 / 4) * 1.25) + 4 * (3.5 / 4),
  );
});

test('tangent', () => {
  const moveW = dense(4, 4, [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
  // Products ⟨Δ_r, x_i⟩: 4 and 24 for x_1, 8 and 8 for x_2; √(md) = 4, √m = 2.
  expect(tangent({ X, A, D, v }, moveW, Float64Array.of(0, 2, 0, 0))).toEqual(
    Float64Array.of((4 + 3 * 0.5 * 24) / 4 + 1, (8 + 3 * 0.5 * 8) / 4 + 1),
  );
});

test('norm feature, linear output and gradient', () => {
  // ‖x‖/√d: 2/2 and 6/2
  const points = dense(2, 4, [1, 1, 1, 1, 3, -3, 3, -3]);
  const features = { scale: 0.5, bias: 2, normScale: 4, theta0: 1, theta1: 0.5, theta2: 0.25 };
  const q = normFeature(points, features);
  expect(q).toEqual(Float64Array.of(1, 1 + 1 + 1));
  expect(linearOutput(features, points, q, Float64Array.of(1, 0, 0, 2, 3, -1))).toEqual(
    Float64Array.of(1.5 + 6 - 4, -1.5 + 6 - 12),
  );
  expect(linearGradient(features, points, q, Float64Array.of(1, -1))).toEqual(
    Float64Array.of(-0.5, 1, -0.5, 1, 0, -4),
  );
});

test('reductions', () => {
  const a = Float64Array.of(1, -2, 3);
  const b = Float64Array.of(1.5, -2, 0);
  expect(sumOfSquares(a)).toBe(14);
  expect(sumOfSquaredDifferences(a, b)).toBe(9.25);
  expect(sumOfClippedSquaredDifferences(a, b)).toBe(1.25);
});
