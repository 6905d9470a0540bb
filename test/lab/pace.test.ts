import { expect, test, vi } from 'vitest';
import { Pace } from '../../web/lab/pace.ts';

/** Whether a promise has settled once everything that is due has run. */
async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setTimeout(resolve));
  return done;
}

function slowPace() {
  const stands: number[] = [];
  // So slow that no wait ends by itself here.
  const pace = new Pace({ standAt: null, speed: 0.001 }, (step) => stands.push(step));
  return { pace, stands };
}

test('a pause during the wait of a step without a record stands at the next step, which has one', async () => {
  const { pace, stands } = slowPace();
  expect(pace.holds(5)).toBe(true);
  expect(pace.records(5)).toBe(true); // the first of those beside the spec's
  expect(pace.holds(6)).toBe(true);
  expect(pace.records(6)).toBe(false); // too soon after it
  const waiting = pace.opened(6);
  expect(await settled(waiting)).toBe(false);
  pace.pause();
  expect(await settled(waiting)).toBe(true);
  expect(stands).toEqual([]);

  expect(pace.holds(7)).toBe(true);
  expect(pace.records(7)).toBe(true);
  const standing = pace.opened(7);
  expect(await settled(standing)).toBe(false);
  expect(stands).toEqual([7]);
  pace.step();
  expect(await settled(standing)).toBe(true);
});

test('a pause between the record and the wait of such a step does likewise', async () => {
  const { pace, stands } = slowPace();
  pace.records(5);
  expect(pace.records(6)).toBe(false);
  pace.pause();
  expect(await settled(pace.opened(6))).toBe(true);
  expect(stands).toEqual([]);
});

test('a pause during the wait of a recorded step stands there', async () => {
  const { pace, stands } = slowPace();
  expect(pace.records(5)).toBe(true);
  const waiting = pace.opened(5);
  await settled(waiting);
  pace.pause();
  expect(await settled(waiting)).toBe(false);
  expect(stands).toEqual([5]);
});

test.each([20, 400])(
  '%i steps a second are never passed, and are made where the machine has them',
  async (speed) => {
    vi.useFakeTimers();
    try {
      const pace = new Pace({ standAt: null, speed }, () => undefined);
      let step = 0;
      const steps = async (): Promise<void> => {
        while (step < 5 * speed) if (pace.holds(++step)) await pace.opened(step);
      };
      void steps();
      for (let k = 1; k <= 40; k++) {
        await vi.advanceTimersByTimeAsync(50);
        const due = (speed * 50 * k) / 1000;
        expect(step).toBeLessThanOrEqual(due + 1);
        // A wait of 16 ms may be under way.
        expect(step).toBeGreaterThanOrEqual(due - 0.016 * speed - 1);
      }
    } finally {
      vi.useRealTimers();
    }
  },
);

test('50,000 steps at 25 a second are recorded to their end, in no more records than a page keeps', () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { pace } = slowPace();
  const recorded: number[] = [];
  for (let step = 1; step <= 50_000; step++) {
    now = 40 * step;
    if (pace.records(step)) recorded.push(step);
  }
  clock.mockRestore();
  expect(recorded.length).toBeLessThan(1500);
  // No stretch without one is longer than a hundredth of the way until then, after the first seconds.
  for (const [k, step] of recorded.entries()) {
    const next = recorded[k + 1] ?? 50_000;
    expect(next - step).toBeLessThanOrEqual(Math.max(3, step / 100));
  }
});
