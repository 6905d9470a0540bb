import type { SpecInput } from '../../src/experiment/spec.ts';
import type { Random } from '../fuzz/random.ts';

/** A small experiment of those that the lab's controls make: every kind of data, target and layer, at times two or three hidden ones, rates of four decades. */
export function randomSpec(random: Random): SpecInput {
  const d = 2 + random.below(11);
  const even = (most: number): number => 2 * (1 + random.below(most / 2));
  const distribution = random.pick([
    'gaussian',
    'gaussian',
    'hypercube',
    'uniform',
    'sphere',
    'spiked',
    'student-t',
    'uncentred',
  ] as const);
  // Most have two layers: programs of deeper ones take long to compile.
  const depth = Math.max(1, random.below(20) - 16);
  const [width, activation] = [even(64), random.pick(['erf', 'relu'] as const)];
  return {
    name: `random ${random.below(1000)}`,
    seed: random.below(50),
    data: { distribution, d, n: 10 + random.below(70), nTest: random.pick([0, 30, 60]) },
    target: random.pick([
      { kind: 'sign-linear' },
      { kind: 'sign-quadratic', lambda: random.below(20) / 10 },
      { kind: 'hermite', coefficients: [1, -0.5, 0.25] },
      { kind: 'teacher', width: even(16), activation: 'tanh' },
    ] as const),
    network: depth === 1 ? { width, activation } : { kind: 'deep', depth, width, activation },
    training: {
      ...(depth === 1 && { layers: random.pick(['first', 'second', 'both'] as const) }),
      eta: Number((0.01 * 10 ** (random.below(400) / 100)).toPrecision(2)),
      steps: 10 + random.below(90),
    },
  };
}
