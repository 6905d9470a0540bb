import { expect, test } from 'vitest';
import { relativeError } from '../../shaders/parts/accuracy.ts';
import { u } from '../../shaders/parts/roundoff.ts';
import { dense } from '../../src/math/dense.ts';
import { compileScaleRows } from '../../src/programs/scale-rows.ts';
import { random } from '../../src/math/random.ts';
import { ontoSphere, studentT } from '../../src/reference/scale-rows.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, readPadded, run, upload } from '../gpu-device.ts';

const shapes = [
  [1, 1],
  [70, 7],
  [65, 50],
] as const;
const source = { seed: 11, stream: 2 };

test.for(shapes)('sphere, n, d = %s', async ([n, d]) => {
  const x = new Float32Numbers(d).matrix(n, d);
  using X = upload(x);
  const program = await compileScaleRows(gpu, 'sphere');
  await run([program(X.whole(), d, source)]);
  const exact = ontoSphere(x);
  // ‖x‖² is right to γ_(d+1), so 1/‖x‖ to half of that; then inverseSqrt, √d (9u) and two products.
  const bound = exact.data.map(
    (value) => (gamma(d + 1) / 2 + (relativeError.inverseSqrt + 11) * u) * Math.abs(value),
  );
  expectWithin('sphere', await X.readAll(), exact.data, bound);
  const padding = (await readPadded(X)).filter((_, k) => k % X.stride >= d);
  expect(padding.every((value) => value === 0)).toBe(true);
});

test('sphere: a row of zeros becomes (√d, 0, …, 0)', async () => {
  using X = upload(dense(2, 4));
  const program = await compileScaleRows(gpu, 'sphere');
  await run([program(X.whole(), 4, source)]);
  expect([...(await X.readAll())]).toEqual([2, 0, 0, 0, 2, 0, 0, 0]);
});

test.for(shapes)('student-t, n, d = %s', async ([n, d]) => {
  const x = new Float32Numbers(d).matrix(n, d);
  using X = upload(x);
  const program = await compileScaleRows(gpu, 'student-t');
  await run([program(X.whole(), d, source)]);
  const exact = studentT(x, source);
  // χ² = g₁² + g₂² + g₃²: twice the error of a normal and γ₃; its square root half of that; then inverseSqrt and a product.
  const units = relativeError.normal + 2 + relativeError.inverseSqrt + 1;
  const bound = exact.data.map((value) => units * u * Math.abs(value));
  expectWithin('student-t', await X.readAll(), exact.data, bound);
});

test('student-t: the distribution of an entry is that of t₃/√3, 6 sigmas', () => {
  const n = 20_000;
  const { data } = studentT(random('normal', n, 1, { seed: 1, stream: 0 }), { seed: 1, stream: 1 });
  // The variance of the sample variance is infinite, so probabilities: P(|x| ≤ q) for t₃ = √3 x has the closed form below.
  for (const q of [0.1, 0.5, 1, 3, 10]) {
    const p = (2 / Math.PI) * (Math.atan(q) + q / (1 + q * q));
    const share = data.filter((value) => Math.abs(value) <= q).length / n;
    expect(Math.abs(share - p)).toBeLessThan(6 * Math.sqrt((p * (1 - p)) / n));
  }
});
