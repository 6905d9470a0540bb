import { greatestOf } from '../math/statistics.ts';
import type { Condition, Quantity, Series, Setting } from './claim.ts';
import { agreementShare, alpha, horizon } from './horizon.ts';
import type { Ending, Findings, Moment } from './instrument.ts';
import type { Lab } from './lab.ts';
import { quantity } from './quantity.ts';

/** T = c · d log d/η with the c taken here. */
export const agreementTime = ({ d, eta1, eta2 }: Setting): number =>
  agreementShare * horizon(d, Math.max(eta1, eta2));

/** The last recorded step 1 ≤ t ≤ T; null where none is. By bisection: it is asked at each of them, however many. */
export function lastWithinTime({
  recordSteps,
  setting,
}: Pick<Lab, 'recordSteps' | 'setting'>): number | null {
  const T = agreementTime(setting);
  let [low, high] = [0, recordSteps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recordSteps[middle] <= T) low = middle + 1;
    else high = middle;
  }
  const last = low > 0 ? recordSteps[low - 1] : 0;
  return last >= 1 ? last : null;
}

/** The recorded steps 1 ≤ t ≤ T. */
export const withinTime = (moments: readonly Moment[], T: number): Moment[] =>
  moments.filter(({ step }) => step >= 1 && step <= T);

/** Whether the run goes as far as the claim speaks. */
export function reachesTime({ moments, divergedAt }: Ending, T: number): Condition {
  const last = moments.at(-1)?.step ?? 0;
  const until = divergedAt === null ? '' : `; it diverged at *t* = ${divergedAt}`;
  return {
    hypothesis: 'the run reaches *T* = ½ *d* log *d*/*η*',
    here: { symbol: 'steps/*T*', value: last / T },
    verdict: last >= Math.floor(T) && T >= 1 ? 'met' : 'not met',
    remark: T >= 1 ? until.replace('; ', '') : '*T* is less than one step',
  };
}

/** What claims 5 to 8 measure of a set of points: the largest of a measure over 1 ≤ t ≤ T, against a bound. */
function largestWithinTime(
  ending: Ending,
  T: number,
  measure: (moment: Moment) => number | undefined,
  given: Pick<Quantity, 'key' | 'symbol'> & { bound: { symbol: string; value: number } },
): Findings {
  const points = ending.moments.flatMap((moment) => {
    const value = measure(moment);
    return value === undefined || moment.step === 0 ? [] : [{ step: moment.step, value }];
  });
  const { key, symbol, bound } = given;
  const series: Series = {
    key,
    symbol,
    axis: 'step',
    x: points.map(({ step }) => step),
    y: points.map(({ value }) => value),
    bound: { symbol: bound.symbol, y: points.map(() => bound.value) },
  };
  const found = { series: [series], conditions: [reachesTime(ending, T)] };
  const { divergedAt } = ending;
  const within = points.filter(({ step }) => step <= T);
  if (divergedAt !== null && divergedAt <= T) {
    const remark = `diverged at *t* = ${divergedAt}`;
    return { ...found, quantities: [largest(given, Infinity, remark)] };
  }
  if (within.length === 0)
    return { ...found, quantities: [], remark: 'No step *t* ≥ 1 was recorded within *T*.' };
  return { ...found, quantities: [largest(given, greatestOf(within.map(({ value }) => value)), '')] };
}

const largest = (
  { key, symbol, bound }: Pick<Quantity, 'key' | 'symbol' | 'bound'>,
  value: number,
  remark: string,
): Quantity => quantity({ key, symbol: `max_{*t*≤*T*} ${symbol}`, value, bound, relation: 'falls', remark });

/** d^{−α}, which stands for the d^{−Ω(α)} of the theorems. */
const fallingBound = ({ d }: Setting): { symbol: string; value: number } => ({
  symbol: '*d*^{−*α*}',
  value: d ** -alpha,
});

/** mean_i (f_t(x_i) − f_lin,t(x_i))² on the training points, over t. */
export function trainingAgreement(ending: Ending, setting: Setting): Findings {
  const T = agreementTime(setting);
  return largestWithinTime(ending, T, ({ train }) => train.discrepancy, {
    key: 'train_discrepancy',
    symbol: 'mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))²',
    bound: fallingBound(setting),
  });
}

/** E min{(f_t − f_lin,t)², 1} on the test points, over t, against d^{−α} + √(log T/n) or d^{−α} alone. */
export function distributionAgreement(ending: Ending, setting: Setting, withSamples: boolean): Findings {
  const T = agreementTime(setting);
  const falling = fallingBound(setting);
  const bound = withSamples
    ? {
        symbol: `${falling.symbol} + √(log *T*/*n*)`,
        value: falling.value + Math.sqrt(Math.log(Math.max(1, T)) / setting.n),
      }
    : falling;
  return largestWithinTime(ending, T, ({ test }) => test?.clippedDiscrepancy, {
    key: 'test_discrepancy',
    symbol: 'E min{(*f*_{*t*} − *f*_{lin,*t*})², 1}',
    bound,
  });
}

/** Both at once: claims 7 and 8. */
export function agreementOnBoth(ending: Ending, setting: Setting): Findings {
  const train = trainingAgreement(ending, setting);
  if (!setting.tested) return train;
  const test = distributionAgreement(ending, setting, false);
  return {
    ...train,
    quantities: [...train.quantities, ...test.quantities],
    series: [...(train.series ?? []), ...(test.series ?? [])],
  };
}
