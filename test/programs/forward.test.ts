import { everyActivation } from '../activations.ts';
import { describe, expect, test } from 'vitest';
import { activationError } from '../../shaders/parts/accuracy.ts';
import { tiles } from '../../shaders/parts/tile.ts';
import { absolute } from '../../src/math/absolute.ts';
import { activationFunctions } from '../../src/math/activations.ts';
import { compileForward } from '../../src/programs/forward.ts';
import { offeredTiles } from '../../src/programs/tile-choice.ts';
import { forward, preactivation } from '../../src/reference/forward.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload, uploadVector } from '../gpu-device.ts';

const activations = everyActivation([0.25, -2]);

/** n, d, m: nothing a multiple of anything, one, and a shape of several workgroups. */
const shapes = [
  [1, 1, 2],
  [7, 5, 6],
  [67, 50, 134],
] as const;

const cases = [
  ...activations.map((activation) => ({ activation, tile: tiles['direct-8x8'], name: activation.name })),
  ...offeredTiles(gpu, 'forward').map((name) => ({ activation: activations[0], tile: tiles[name], name })),
];

describe.for(cases)('forward, $name', ({ activation, tile }) => {
  test.for(shapes)('n, d, m = %s: A and B within the bound, padding 0', async ([n, d, m]) => {
    const random = new Float32Numbers(n + d);
    const [x, w, factors] = [random.matrix(n, d), random.matrix(m, d), random.vector(m)];
    using X = upload(x);
    using W = upload(w);
    using v = uploadVector(factors);
    using A = poisonedMatrix(n, m);
    using B = poisonedMatrix(n, m);
    const program = await compileForward(gpu, { activation, phi: true, slopes: true }, tile);
    await run([program(X.whole(), W, 1 / Math.sqrt(d), { A: A.whole().binding, B: B.whole().binding }, v)]);

    const exact = forward(x, w, activation);
    const { supPhiPrime, supPhiSecond } = activationFunctions(activation);
    const error = activationError(activation);
    // d products and sums, the scale's rounding and the product with it.
    const errorZ = preactivation(absolute(x), absolute(w)).data.map((sum) => gamma(d + 2) * sum);
    expectWithin(
      `A, ${activation.name}`,
      await A.readAll(),
      exact.A.data,
      errorZ.map((dz, k) => supPhiPrime * dz + error.phi(Math.abs(exact.Z.data[k]) + dz)),
    );
    expectWithin(
      `B, ${activation.name}`,
      await B.readAll(),
      exact.D.data.map((slope, k) => factors[k % m] * slope),
      errorZ.map((dz, k) => {
        const z = exact.Z.data[k];
        // φ′ of a piecewise linear φ jumps by at most sup |φ′| at a z whose sign the rounding may change.
        const change = supPhiSecond ?? (Math.abs(z) <= dz ? supPhiPrime / dz : 0);
        const errorD =
          change * dz + Math.max(error.phiPrime(z - dz), error.phiPrime(z), error.phiPrime(z + dz));
        // And the rounding of the product with v.
        return Math.abs(factors[k % m]) * (errorD + u * (Math.abs(exact.D.data[k]) + errorD));
      }),
    );
    for (const matrix of [A, B]) {
      const padding = (await readPadded(matrix)).filter((_, k) => k % matrix.stride >= m);
      expect(padding.every((value) => value === 0)).toBe(true);
    }
  });
});

test('φ′ at exactly 0 is 1 for the piecewise linear activations', async () => {
  using X = upload(new Float32Numbers(1).matrix(3, 4));
  using W = upload({ rows: 2, cols: 4, data: new Float64Array(8) });
  using B = poisonedMatrix(3, 2);
  using v = uploadVector(Float64Array.of(1, -1));
  for (const activation of [{ name: 'relu' }, { name: 'leaky-relu', slope: 0.1 }] as const) {
    const program = await compileForward(gpu, { activation, phi: false, slopes: true }, tiles['direct-8x8']);
    await run([program(X.whole(), W, 0.5, { B: B.whole().binding }, v)]);
    expect([...(await B.readAll())]).toEqual([1, -1, 1, -1, 1, -1]);
  }
});
