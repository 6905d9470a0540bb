import { test } from 'vitest';
import { compileElementwise } from '../../src/programs/elementwise.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { elementwise } from '../../src/reference/elementwise.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, uploadVector } from '../gpu-device.ts';

const factors = { a: Math.fround(0.7), b: Math.fround(-1.3) };

test.for(
  [1, 7, 1001].flatMap((length) =>
    (['sum', 'accumulate'] as const).map((operation) => [operation, length] as const),
  ),
)('%s of %s entries', async ([operation, length]) => {
  const random = new Float32Numbers(length);
  const [xs, ys] = [random.vector(length), random.vector(length)];
  using x = uploadVector(xs);
  using y = uploadVector(ys);
  using fresh = poisonedVector(length);
  const sum = operation === 'sum';
  const out = sum ? fresh : y;
  const program = await compileElementwise(gpu, operation);
  const operands = { x: x.binding, ...(sum && { y: y.binding }), out: out.binding };
  await run([program(operands, strideOf(length), factors)]);

  const exact = elementwise(xs, ys, factors);
  const sizes = { a: Math.abs(factors.a), b: Math.abs(factors.b) };
  // Two products and a sum.
  const bound = elementwise(xs.map(Math.abs), ys.map(Math.abs), sizes);
  expectWithin(
    operation,
    await out.read(),
    exact,
    bound.map((value) => gamma(2) * value),
  );
});
