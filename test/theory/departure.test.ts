import { expect, test } from 'vitest';
import { type DepartureMoment, departure, departureShares } from '../../src/theory/departure.ts';

/** Differences as shares of ‖f_lin‖²/n = 4. */
const moment = (
  step: number,
  whole: number,
  kernel: number | null,
  movement: number | null,
): DepartureMoment => ({
  step,
  train: {
    discrepancies: { linear: 4 * whole, ...(movement !== null && { linearized: 4 * movement }) },
    linearSquare: step === 0 ? 0 : 4,
    fromLinear: kernel === null ? {} : { linearized: 4 * kernel },
  },
});
const start: DepartureMoment = {
  step: 0,
  train: { discrepancies: { linear: 0, linearized: 0 }, linearSquare: 0, fromLinear: { linearized: 0 } },
};

test('the first recorded step beyond the share, and the one before it', () => {
  const records = [start, moment(1, 0.01, 0.01, 0), moment(5, 0.04, 0.06, 0.01), moment(9, 0.2, 0.06, 0.1)];
  expect(departure(records, 0.05)).toEqual({
    share: 0.05,
    whole: { at: 9, after: 5, lasting: 9 },
    kernel: { at: 5, after: 1, lasting: 5 },
    movement: { at: 9, after: 5, lasting: 9 },
    cause: 'kernel',
  });
  expect(departure(records, 0.5)).toEqual({
    share: 0.5,
    whole: { at: null, after: 9, lasting: null },
    kernel: { at: null, after: 9, lasting: null },
    movement: { at: null, after: 9, lasting: null },
    cause: null,
  });
  expect(departure(records, 0.005)!.kernel).toEqual({ at: 1, after: 0, lasting: 1 });
  const shares = departureShares(records[3]);
  expect(shares.kernel).toBeCloseTo(0.06, 12);
  expect(shares.movement).toBeCloseTo(0.1, 12);
});

test('models that part early may come together again, and part for good later', () => {
  const wholes = (...shares: number[]) =>
    departure([start, ...shares.map((share, k) => moment(k + 1, share, null, null))], 0.05)!.whole;
  expect(wholes(0.1, 0.01, 0.02, 0.06, 0.2)).toEqual({ at: 1, after: 0, lasting: 4 });
  expect(wholes(0.1, 0.1, 0.02)).toEqual({ at: 1, after: 0, lasting: null });
});

test('the cause: what parts first', () => {
  const cause = (...records: DepartureMoment[]) => departure([start, ...records], 0.05)!.cause;
  expect(cause(moment(1, 0.1, 0.01, 0.1), moment(2, 0.1, 0.1, 0.1))).toBe('movement');
  expect(cause(moment(1, 0.1, 0.1, 0.1))).toBe('both');
  expect(cause(moment(1, 0.1, 0.04, 0.04))).toBeNull();
});

test('a share that is exactly reached is not exceeded; a difference from nothing is', () => {
  const exactly = {
    ...moment(1, 0, 0, 0),
    train: { discrepancies: { linear: 0.25 }, linearSquare: 1 },
  };
  expect(departure([start, exactly], 0.25)!.whole.at).toBeNull();
  const nothing = { step: 1, train: { discrepancies: { linear: 1e-9 }, linearSquare: 0 } };
  expect(departure([start, nothing], 0.25)!.whole.at).toBe(1);
});

test('without a linearized network there is no cause; without records nothing', () => {
  const plain = [0, 1].map((step) => moment(step, 0.1 * step, null, null));
  expect(departure(plain, 0.05)).toEqual({
    share: 0.05,
    whole: { at: 1, after: 0, lasting: 1 },
    kernel: null,
    movement: null,
    cause: null,
  });
  expect(departure([], 0.05)).toBeNull();
});
