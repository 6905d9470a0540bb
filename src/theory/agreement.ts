import { together } from '../gpu/together.ts';
import { standardErrorOf } from '../math/statistics.ts';
import { agreementTime } from './agreement-time.ts';
import { boundWithAlpha, needsOfTheorem, needsSamples, noPowers } from './alpha.ts';
import type { Bound, Condition, Quantity, Series, Setting } from './claim.ts';
import type { Ending, Findings, Instrument, Moment } from './instrument.ts';
import type { Lab } from './lab.ts';
import { quantity } from './quantity.ts';
import { roundingOf } from './rounding.ts';

/** The recorded steps 1 ≤ t ≤ T. */
export const withinTime = (moments: readonly Moment[], T: number): Moment[] =>
  moments.filter(({ step }) => step >= 1 && step <= T);

/** Whether the run goes as far as the claim speaks. */
export function reachesTime({ moments, divergedAt }: Ending, setting: Setting): Condition {
  const T = agreementTime(setting);
  const last = moments.at(-1)?.step ?? 0;
  const remark = divergedAt === null ? '' : `it diverged at *t* = ${divergedAt}`;
  return {
    hypothesis: `the run reaches *T* = ½ *d* log *d*/${setting.deep ? '(*ηk*_{1})' : '*η*'}`,
    here: T > 0 ? { symbol: 'steps/*T*', value: last / T } : { symbol: '*T*', value: T },
    verdict: last >= Math.floor(T) && T >= 1 ? 'met' : 'not met',
    remark: T >= 1 ? remark : T > 0 ? '*T* is less than one step' : noPowers,
    role: 'run',
  };
}

/** A measure over the recorded steps, with its error. */
interface Course {
  step: number;
  value: number;
  error: number;
}

/** What claims 5 to 8 measure of a set of points: the largest of a measure over 1 ≤ t ≤ T, against a bound. */
function largestWithinTime(
  ending: Ending,
  setting: Setting,
  points: readonly Course[],
  { key, symbol, bound }: Pick<Quantity, 'key' | 'symbol'> & { bound: Bound },
): Findings {
  const T = agreementTime(setting);
  const { deep } = setting;
  const series: Series = {
    key,
    symbol,
    axis: deep ? 'clock' : 'step',
    x: points.map(({ step }) => step * (deep?.clock ?? 1)),
    y: points.map(({ value }) => value),
    bound: { symbol: bound.symbol, y: points.map(() => bound.value) },
  };
  const found = { series: [series], conditions: [reachesTime(ending, setting)] };
  const largest = (value: number, error: number | null, remark: string): Findings => ({
    ...found,
    quantities: [
      quantity({ key, symbol: `max_{*t*≤*T*} ${symbol}`, value, error, bound, relation: 'falls', remark }),
    ],
  });
  const { divergedAt } = ending;
  if (divergedAt !== null && divergedAt <= T)
    return largest(Infinity, null, `diverged at *t* = ${divergedAt}`);
  const within = points.filter(({ step }) => step <= T);
  if (within.length === 0)
    return { ...found, quantities: [], remark: 'No step *t* ≥ 1 was recorded within *T*.' };
  const peak = within.reduce((most, point) => (point.value > most.value ? point : most));
  return largest(peak.value, peak.error, '');
}

/**
 * d^{−α}, which stands for the d^{−Ω(α)} of the theorems. For deep networks none states which powers of d the sizes must
 * exceed, so a sweep's sizes decide nothing there.
 */
export function fallingBound(setting: Setting): Bound {
  const asks = setting.deep ? needsSamples : needsOfTheorem(setting);
  const bound = boundWithAlpha(setting, asks, { symbol: '*d*^{−*α*}', fixed: 0, share: 1 });
  return setting.deep ? { symbol: bound.symbol, value: bound.value } : bound;
}

/** mean_i (f_t(x_i) − f_lin,t(x_i))² on the training points, over t. */
export function trainingAgreement(ending: Ending, setting: Setting): Findings {
  const points = ending.moments
    .filter(({ step }) => step > 0)
    .map(({ step, train: { discrepancies } }) => {
      const { linear: value } = discrepancies;
      return { step, value, error: roundingOf(value, setting) };
    });
  return largestWithinTime(ending, setting, points, {
    key: 'train_discrepancy',
    symbol: 'mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))²',
    bound: fallingBound(setting),
  });
}

/** Twice the standard errors of means over the test points, by recorded step within T. */
export type SamplingErrors = Map<number, number>;

/** Notes at a recorded step what a finite test set leaves open of E min{(f_t − f_lin,t)², 1}. */
export async function noteSamplingError(lab: Lab, { step }: Moment, errors: SamplingErrors): Promise<void> {
  const { network, linear } = lab.outputs;
  if (!network.test || !linear.test || step === 0 || step > agreementTime(lab.setting)) return;
  const [f, lin] = await together([network.test.read(), linear.test.read()]);
  const clipped = Array.from(f, (value, i) => Math.min((value - lin[i]) ** 2, 1));
  errors.set(step, 2 * (standardErrorOf(clipped) ?? 0));
}

/** E min{(f_t − f_lin,t)², 1} on the test points, over t, against d^{−α} + √(log T/n) or d^{−α} alone. */
export function distributionAgreement(
  ending: Ending,
  setting: Setting,
  errors: SamplingErrors,
  withSamples: boolean,
): Findings {
  const falling = fallingBound(setting);
  const bound: Bound = withSamples
    ? {
        symbol: `${falling.symbol} + √(log *T*/*n*)`,
        value: falling.value + Math.sqrt(Math.log(Math.max(1, agreementTime(setting))) / setting.n),
        // A sum, of which only a part goes with α: the value stays, and the sweep learns what the sizes have to do.
        ...(falling.alpha && { alpha: { ...falling.alpha, share: 0 } }),
      }
    : falling;
  const points = ending.moments.flatMap(({ step, test }) => {
    if (!test || step === 0) return [];
    const value = test.clippedDiscrepancy;
    // Of squares that count for 1 at most, no more than that is open.
    return [{ step, value, error: Math.min(1, roundingOf(value, setting)) + (errors.get(step) ?? 0) }];
  });
  return largestWithinTime(ending, setting, points, {
    key: 'test_discrepancy',
    symbol: 'E min{(*f*_{*t*} − *f*_{lin,*t*})², 1}',
    bound,
  });
}

/** Both at once: claims 7 and 8. */
export function agreementOnBoth(): Instrument {
  const errors: SamplingErrors = new Map();
  return {
    step: (lab, moment) => noteSamplingError(lab, moment, errors),
    finish: (ending, setting) => {
      const train = trainingAgreement(ending, setting);
      if (!setting.tested) return train;
      const test = distributionAgreement(ending, setting, errors, false);
      return {
        ...train,
        quantities: [...train.quantities, ...test.quantities],
        series: [...(train.series ?? []), ...(test.series ?? [])],
      };
    },
  };
}
