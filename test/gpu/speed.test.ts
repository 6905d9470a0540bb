import { expect, test } from 'vitest';
import { Speed } from '../../src/gpu/speed.ts';

test('is slow until measured, then half-way to every measurement', () => {
  const speed = new Speed();
  expect(speed.known).toBe(false);
  expect(speed.millisecondsPerUnit).toBe(1e-6);
  speed.learn(10, 1e9);
  expect(speed.known).toBe(true);
  expect(speed.millisecondsPerUnit).toBeCloseTo(1e-8, 15);
  speed.learn(30, 1e9);
  expect(speed.millisecondsPerUnit).toBeCloseTo(2e-8, 15);
});

test('of a short submission it learns only that it is no slower', () => {
  const speed = new Speed();
  speed.learn(0.1, 1e9);
  expect(speed.millisecondsPerUnit).toBeCloseTo(5e-10, 15);
  speed.learn(0.1, 1e6);
  expect(speed.millisecondsPerUnit).toBeCloseTo(5e-10, 15);
});

test('learns nothing from a clock that stood still, ran backwards or timed nothing', () => {
  const speed = new Speed();
  for (const [milliseconds, work] of [
    [0, 1e9],
    [-1, 1e9],
    [NaN, 1e9],
    [10, 0],
  ]) {
    speed.learn(milliseconds, work);
  }
  expect(speed.known).toBe(false);
});
