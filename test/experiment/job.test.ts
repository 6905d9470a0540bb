import { expect, test } from 'vitest';
import { fromWire, toWire } from '../../src/experiment/job.ts';

test('values survive the wire, numbers that are not finite among them', () => {
  const value = {
    a: [NaN, Infinity, -Infinity, 0.1],
    name: 'NaN',
    nested: { number: 'x', more: 1 },
    none: null,
  };
  expect(fromWire(toWire(value))).toEqual(value);
});
