import { describe, expect, test } from 'vitest';
import { activationError } from '../../shaders/parts/accuracy.ts';
import { tiles } from '../../shaders/parts/tile.ts';
import { absolute } from '../../src/math/absolute.ts';
import { activationFunctions } from '../../src/math/activations.ts';
import { compileCurvature } from '../../src/programs/curvature.ts';
import { curvature } from '../../src/reference/curvature.ts';
import { preactivation } from '../../src/reference/forward.ts';
import { everyActivation } from '../activations.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload } from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

const h = 1 / 64;

const cases = [
  ...everyActivation([0.25]).map((activation) => ({
    activation,
    tile: tiles['direct-8x8'],
    name: activation.name,
  })),
  ...tilesToTry('forward').map(({ tile: name }) => ({
    activation: { name: 'erf' } as const,
    tile: tiles[name],
    name,
  })),
];

describe.for(cases)('curvature, $name', ({ activation, tile }) => {
  test.for([
    [1, 1, 2],
    [67, 20, 34],
  ] as const)('n, d, m = %s', async ([n, d, m]) => {
    const random = new Float32Numbers(n + d);
    const [x, w, g] = [random.matrix(n, d), random.matrix(m, d), random.matrix(m, d)];
    using X = upload(x);
    using W = upload(w);
    using G = upload(g);
    using C = poisonedMatrix(n, m);
    const program = await compileCurvature(gpu, activation, tile);
    await run([program(X.whole(), W, G, 1 / Math.sqrt(d), h, C.whole().binding)]);

    const exact = curvature(x, w, g, activation, h);
    const { phiPrime, supPhiPrime, supPhiSecond } = activationFunctions(activation);
    const error = activationError(activation);
    const [Z, S] = [preactivation(x, w), preactivation(x, g)];
    const [sizeZ, sizeS] = [w, g].map((weights) => preactivation(absolute(x), absolute(weights)));
    const bound = exact.data.map((_, k) => {
      const [z, s] = [Z.data[k], Math.abs(S.data[k])];
      // d products and sums, the scale's rounding and the product with it; then z ± h is rounded.
      const dz = gamma(d + 2) * sizeZ.data[k] + u * (Math.abs(z) + h);
      const ds = gamma(d + 2) * sizeS.data[k];
      const slopeError = (at: number) => {
        const change = supPhiSecond ?? (Math.abs(at) <= dz ? supPhiPrime / dz : 0);
        return change * dz + Math.max(error.phiPrime(at - dz), error.phiPrime(at), error.phiPrime(at + dz));
      };
      const [above, below] = [phiPrime(z + h), phiPrime(z - h)];
      const quotient = Math.abs(above - below) / (2 * h);
      // The two slopes, their difference's rounding, a division (5u) and 2h's own product.
      const quotientError = (slopeError(z + h) + slopeError(z - h)) / (2 * h) + 7 * u * quotient;
      return s * quotientError + ds * (quotient + quotientError) + u * s * quotient;
    });
    expectWithin(`C, ${activation.name}`, await C.readAll(), exact.data, bound);
    const padding = (await readPadded(C)).filter((_, k) => k % C.stride >= m);
    expect(padding.every((value) => value === 0)).toBe(true);
  });
});
