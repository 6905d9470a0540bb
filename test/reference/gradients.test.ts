import { everyActivation } from '../activations.ts';
import { describe, expect, test } from 'vitest';
import { linearFeatures } from '../../src/math/linear-features.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { forward } from '../../src/reference/forward.ts';
import { linearGradient } from '../../src/reference/linear-gradient.ts';
import { linearOutput } from '../../src/reference/linear-output.ts';
import { normFeature } from '../../src/reference/norm-feature.ts';
import { output, residual } from '../../src/reference/output.ts';
import { sumOfSquares } from '../../src/reference/reduce.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { centralDifference, largestStep, u } from './central-difference.ts';
import { outputRounding } from './output-rounding.ts';
import { RandomNumbers } from './random-numbers.ts';

const activations = everyActivation([0.1, -2]);

const [n, d, m] = [7, 3, 6];

describe.for(activations)('%o', (activation) => {
  const random = new RandomNumbers(3);
  const X = random.normalMatrix(n, d);
  const W = random.normalMatrix(m, d);
  const v = random.normals(m);
  const y = random.normals(n);

  const errors = (): Float64Array => residual(output(forward(X, W, activation).A, v), y);
  const loss = (): Float64Array => Float64Array.of(sumOfSquares(errors()) / (2 * n));
  const e = errors();
  const roundings = outputRounding(X, W, v, activation);
  const rounding = e.reduce(
    (sum, value, i) => sum + (Math.abs(value) * (roundings[i] + (n + 4) * u * Math.abs(value))) / n,
    0,
  );
  const { Z, A, D } = forward(X, W, activation);

  test('no kink within reach of the differences', () => {
    const reach = (largestStep * Math.max(...X.data.map(Math.abs))) / Math.sqrt(d);
    expect(Math.min(...Z.data.map(Math.abs))).toBeGreaterThan(reach);
  });

  test.for([
    ['∇_W L', W.data, firstGradient(D, X, v, e).data],
    ['∇_v L', v, secondGradient(A, e)],
  ] as const)('%s is the slope of the loss', ([, parameters, gradient]) => {
    expect(gradient.length).toBe(parameters.length);
    for (let index = 0; index < parameters.length; index++) {
      const { derivative, bound } = centralDifference(loss, parameters, index, rounding);
      expect(Math.abs(gradient[index] - derivative[0])).toBeLessThanOrEqual(bound[0]);
      expect(bound[0]).toBeLessThan(1e-5); // the bound says something: gradients are of the order 0.1
    }
  });
});

test("the linear model's gradient is the slope of its loss", () => {
  const random = new RandomNumbers(4);
  const X = random.normalMatrix(n, d);
  const y = random.normals(n);
  const beta = random.normals(d + 2);
  const features = linearFeatures(gaussianConstants({ name: 'softplus' }, 1.5), d, [2, 3]);
  const q = normFeature(X, features);
  const errors = (): Float64Array => residual(linearOutput(features, X, q, beta), y);
  const loss = (): Float64Array => Float64Array.of(sumOfSquares(errors()) / (2 * n));
  // The loss is quadratic: only rounding is left. Outputs and targets here are below 16 in size.
  const size = Math.max(...errors().map(Math.abs)) + Math.max(...y.map(Math.abs)) + 8;
  const rounding = (n + d + 16) * u * size ** 2;
  const gradient = linearGradient(features, X, q, errors());
  for (let index = 0; index < beta.length; index++) {
    const { derivative, bound } = centralDifference(loss, beta, index, rounding);
    expect(Math.abs(gradient[index] - derivative[0])).toBeLessThanOrEqual(bound[0]);
    expect(bound[0]).toBeLessThan(1e-8);
  }
});
