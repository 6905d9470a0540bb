import { expect, test } from 'vitest';
import { type DepartureMoment, departure, departureParts } from '../../src/theory/departure.ts';

const scale = (share: number) => ({ share, fastest: null, towers: 0 });
/** ½‖y‖²/n */
const losses = { linear: 8 };

/** Differences as shares of ‖f_lin‖²/n = 4. */
const moment = (
  step: number,
  whole: number,
  kernel: number | null,
  movement: number | null,
): DepartureMoment => ({
  step,
  train: {
    losses,
    discrepancies: { linear: 4 * whole, ...(movement !== null && { linearized: 4 * movement }) },
    linearSquare: step === 0 ? 0 : 4,
    fromLinear: kernel === null ? {} : { linearized: 4 * kernel },
  },
});
const start: DepartureMoment = {
  step: 0,
  train: {
    losses,
    discrepancies: { linear: 0, linearized: 0 },
    linearSquare: 0,
    fromLinear: { linearized: 0 },
  },
};

test('the first recorded step beyond the share, and the one before it', () => {
  const records = [start, moment(1, 0.01, 0.01, 0), moment(5, 0.04, 0.06, 0.01), moment(9, 0.2, 0.06, 0.1)];
  expect(departure(records, scale(0.05))).toEqual({
    share: 0.05,
    whole: { at: 9, after: 5, lasting: 9 },
    kernel: { at: 5, after: 1, lasting: 5 },
    movement: { at: 9, after: 5, lasting: 9 },
    cause: 'kernel',
  });
  expect(departure(records, scale(0.5))).toEqual({
    share: 0.5,
    whole: { at: null, after: 9, lasting: null },
    kernel: { at: null, after: 9, lasting: null },
    movement: { at: null, after: 9, lasting: null },
    cause: null,
  });
  expect(departure(records, scale(0.005))!.kernel).toEqual({ at: 1, after: 0, lasting: 1 });
  expect(departureParts(records[3])).toEqual({ kernel: 4 * 0.06, movement: 4 * 0.1, linear: 4 });
});

test('models that part early may come together again, and part for good later', () => {
  const wholes = (...shares: number[]) =>
    departure([start, ...shares.map((share, k) => moment(k + 1, share, null, null))], scale(0.05))!.whole;
  expect(wholes(0.1, 0.01, 0.02, 0.06, 0.2)).toEqual({ at: 1, after: 0, lasting: 4 });
  expect(wholes(0.1, 0.1, 0.02)).toEqual({ at: 1, after: 0, lasting: null });
});

test('the cause: what parts first', () => {
  const cause = (...records: DepartureMoment[]) => departure([start, ...records], scale(0.05))!.cause;
  expect(cause(moment(1, 0.1, 0.01, 0.1), moment(2, 0.1, 0.1, 0.1))).toBe('movement');
  expect(cause(moment(1, 0.1, 0.1, 0.1))).toBe('both');
  expect(cause(moment(1, 0.1, 0.04, 0.04))).toBeNull();
  // Beside a linear model that learns next to nothing everything is large, and yet one part is all of it.
  expect(cause(moment(1, 1e12, 1e12, 1e4))).toBe('kernel');
  expect(cause(moment(1, 1e12, 1e4, 1e12))).toBe('movement');
  expect(cause(moment(1, 1e12, 1e11, 1e12))).toBe('both');
});

test('what float32 leaves open of outputs that have come so far is no difference', () => {
  const rounding = (step: number, difference: number) =>
    departure(
      [start, { step, train: { losses, discrepancies: { linear: difference }, linearSquare: 1e-20 } }],
      { share: 0.05, fastest: 0.1, towers: 0 },
    )!.whole.at;
  // 2⁻²⁰ of ‖y‖/√n = 4 and, so early, a tenth of that.
  const noise = (0.1 * 4 * 2 ** -20) ** 2;
  expect(rounding(1, 0.9 * noise)).toBeNull();
  expect(rounding(1, 1.1 * noise)).toBe(1);
  expect(rounding(40, 90 * noise)).toBeNull();
  expect(rounding(40, 110 * noise)).toBe(40);
});

test('a share that is exactly reached is not exceeded; a difference from nothing is', () => {
  const exactly = {
    ...moment(1, 0, 0, 0),
    train: { losses, discrepancies: { linear: 0.25 }, linearSquare: 1 },
  };
  expect(departure([start, exactly], scale(0.25))!.whole.at).toBeNull();
  const nothing = { step: 1, train: { losses, discrepancies: { linear: 1e-9 }, linearSquare: 0 } };
  expect(departure([start, nothing], scale(0.25))!.whole.at).toBe(1);
});

test('without a linearized network there is no cause; without records nothing', () => {
  const plain = [0, 1].map((step) => moment(step, 0.1 * step, null, null));
  expect(departure(plain, scale(0.05))).toEqual({
    share: 0.05,
    whole: { at: 1, after: 0, lasting: 1 },
    kernel: null,
    movement: null,
    cause: null,
  });
  expect(departure([], scale(0.05))).toBeNull();
});

test('what float32 leaves open of the towers of a deep network is no movement, and hides no difference of kernels', () => {
  const small = (whole: number, kernel: number, movement: number): DepartureMoment => ({
    step: 1,
    train: {
      losses,
      discrepancies: { linear: 1e-13 * whole, linearized: 1e-13 * movement },
      linearSquare: 1e-13,
      fromLinear: { linearized: 1e-13 * kernel },
    },
  });
  const records = [{ ...start, train: { ...start.train, losses: { linear: 5e-13 } } }, small(0.5, 0.2, 0.3)];
  const at = (towers: number) => departure(records, { share: 0.05, fastest: 0.5, towers });
  expect(at(0)).toMatchObject({ whole: { at: 1 }, kernel: { at: 1 }, movement: { at: 1 }, cause: 'both' });
  expect(at(1)).toMatchObject({
    whole: { at: null },
    kernel: { at: 1 },
    movement: { at: null },
    cause: 'kernel',
  });
});
