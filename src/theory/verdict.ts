import { type FittedPower, fitPowerLaw } from '../math/power-law.ts';
import { greatestOf, leastOf, meanOf } from '../math/statistics.ts';
import type { Condition, Relation, Verdict } from './claim.ts';

/**
 * How claims are judged: the one place, for a single run and for a group of runs alike. A quantity is judged by its samples
 * (`judge`), a claim by its quantities and conditions (`decide`). test/referee holds the rates at which this is wrong.
 */

/** One run's value of a quantity, and the claim's right-hand side there. */
export interface Sample {
  /** Value of the variable that is swept; null where there is none. */
  x: number | null;
  /** What the run shares with others at other sizes: its seed. */
  series: number | string;
  value: number;
  /** The error to expect of `value`; null where it is only float32's own. */
  error: number | null;
  bound: number | null;
}

/** What the samples of one quantity say. */
export interface Judgement {
  /** null where nothing is claimed of it. */
  verdict: Verdict | null;
  /** Power of the variable in what was measured; null for fewer than three different values of it. */
  fit: FittedPower | null;
  /** Power of the variable in measured/bound. */
  growth: FittedPower | null;
}

/**
 * A ratio whose power surely is below this does not grow as far as such sizes can show: over a factor of eight it gains less
 * than 23 %, which a logarithm does, too.
 */
export const resolution = 0.1;

/** Powers below this are rounding. */
const rounding = 1e-9;

/** Whether a sample is known well enough for a logarithm. */
const isKnown = ({ value, error }: Sample): boolean => (error ?? 0) <= Math.abs(value) / 2;

/** The power of the variable over samples that are known well enough for a logarithm. */
export function fitOver(
  samples: readonly Sample[],
  of: (sample: Sample) => number | null,
): FittedPower | null {
  const points = samples.flatMap((sample) => {
    const { x, series } = sample;
    const y = of(sample);
    const known = y !== null && Number.isFinite(y) && y > 0 && isKnown(sample);
    return x !== null && x > 0 && known ? [{ x, y, series }] : [];
  });
  if (new Set(points.map(({ x }) => x)).size < 3) return null;
  const fit = fitPowerLaw(points);
  return fit && { exponent: fit.exponent, standardError: fit.standardError, interval: fit.interval };
}

/** measured/bound; null without a bound to divide by. */
export const ratioOf = ({ value, bound }: Pick<Sample, 'value' | 'bound'>): number | null =>
  bound !== null && bound !== 0 && Number.isFinite(value / bound) ? value / bound : null;

/** Samples that powers of the variable are fitted to: d = 1 has none, and what is claimed there is 1 whatever goes with d. */
export const withPowers = <T extends Pick<Sample, 'x'>>(
  samples: readonly T[],
  variable: string | null,
): readonly T[] => (variable === 'd' ? samples.filter(({ x }) => x !== 1) : samples);

/**
 * The verdict on one quantity. With [p₋, p₊] the 95 % interval of the power of the variable, fitted over at least three of its
 * values:
 *
 *     at most        the power of measured/bound: fails if p₋ > 0 (it grows at these sizes), holds if p₊ ≤ 0.1, else
 *                    undecided. Whatever the constant: the paper leaves it open
 *     at least       the mirror image
 *     of order       likewise away from 1: where every ratio is above 1 it may fall, where every one is below it may grow;
 *                    where some are above and some below, it fails where the largest size is farther from 1 than the smallest, or
 *                    than the constant
 *     does not grow  the power of what was measured, as "at most" has the ratio's
 *     falls          the power of d in what was measured: holds if p₊ < 0, fails if p₋ > 0, else undecided
 *
 * Without a fit, and where the constant is 1 (the claim is exact), every run is held against constant · bound; within its error of it, it is undecided. Then "does not grow"
 * and "falls" can be broken, or left open, but what falls is not shown by one size. A value that is infinite is beyond every
 * constant; one that is none leaves undecided what does not fail anyway.
 *
 *     proved         a bound with its constant: no run may break it beyond its error, whatever its size
 *     shows          that something can be: one run that shows it is enough
 *     beside         a number to read; nothing is judged by it
 *
 * @param variable what is swept; null for runs of one setting
 */
export function judge(
  { relation, constant }: { relation: Relation; constant: number },
  samples: readonly Sample[],
  variable: string | null,
): Judgement {
  const fitted = withPowers(samples, variable);
  const fit = fitOver(fitted, ({ value }) => value);
  const growth = fitOver(fitted, ratioOf);
  return { fit, growth, verdict: verdictOn(relation, constant, samples, variable === 'd', fit, growth) };
}

function verdictOn(
  relation: Relation,
  constant: number,
  samples: readonly Sample[],
  inDimension: boolean,
  fit: FittedPower | null,
  growth: FittedPower | null,
): Verdict | null {
  const bounded = samples.filter(({ bound }) => bound !== null);
  const finite = bounded.filter(({ value }) => Number.isFinite(value));
  switch (relation) {
    case 'beside':
      return null;
    case 'shows':
      return bounded.length === 0
        ? null
        : bounded.some(({ value, error, bound }) => value - (error ?? 0) >= bound!)
          ? 'shown'
          : 'not shown here';
    case 'proved': {
      if (bounded.length === 0) return null;
      const broken = bounded.some(({ value, error, bound }) => value - (error ?? 0) > bound!);
      if (broken) return 'fails';
      return finite.length < bounded.length ? 'undecided' : 'proved; checked to float32';
    }
  }
  if (relation !== 'at least' && bounded.some(({ value }) => value === Infinity)) return 'fails';
  const verdict = trendOf(relation, constant, samples, inDimension, fit, growth);
  const lost = bounded.length > finite.length;
  return lost && (verdict === 'holds' || verdict === null) ? 'undecided' : verdict;
}

type Trend = Exclude<Relation, 'beside' | 'shows' | 'proved'>;

function trendOf(
  relation: Trend,
  constant: number,
  samples: readonly Sample[],
  inDimension: boolean,
  fit: FittedPower | null,
  growth: FittedPower | null,
): 'holds' | 'fails' | 'undecided' | null {
  const bounded = samples.filter(({ value, bound }) => bound !== null && Number.isFinite(value));
  if (relation === 'falls' || relation === 'does not grow') {
    if (inDimension && fit?.interval) {
      return fit.interval[0] > rounding
        ? 'fails'
        : fit.interval[1] < (relation === 'falls' ? -rounding : resolution)
          ? 'holds'
          : 'undecided';
    }
    if (inDimension && manySizes(samples) && samples.every(isNothing)) return 'holds';
    if (bounded.length === 0) return null;
    const pointwise = pointwiseOf('at most', constant, bounded);
    // A universal constant that is left open cannot be broken at one size; a bound that is to fall can.
    if (relation === 'does not grow') return pointwise === 'holds' ? 'holds' : 'undecided';
    return pointwise === 'fails' ? 'fails' : 'undecided';
  }
  if (bounded.length === 0) return null;
  // What is claimed with its constant is held against it at every size.
  if (constant === 1 || !growth?.interval) return pointwiseOf(relation, constant, bounded);
  const [low, high] = growth.interval;
  const [grows, bounds] = [low > rounding, high <= resolution];
  const [shrinks, stays] = [high < -rounding, low >= -resolution];
  const known = withPowers(bounded, inDimension ? 'd' : null).filter(
    (sample) => sample.value > 0 && isKnown(sample),
  );
  const above = known.every(({ value, bound }) => value >= bound!);
  const below = known.every(({ value, bound }) => value <= bound!);
  const [first, last] = firstAndLast(known);
  const far = Math.min(Math.abs(first), Math.log(constant));
  const [breaks, kept] = {
    'at most': [grows, bounds],
    'at least': [shrinks, stays],
    'of order': above
      ? [grows, bounds]
      : below
        ? [shrinks, stays]
        : [(grows && last > far) || (shrinks && last < -far), bounds && stays],
  }[relation];
  return breaks ? 'fails' : kept ? 'holds' : 'undecided';
}

/** The mean logarithm of measured/bound at the smallest size, and at the largest. */
function firstAndLast(samples: readonly Sample[]): [number, number] {
  const sizes = samples.map(({ x }) => x ?? 0);
  const at = (size: number): number =>
    meanOf(samples.filter((_, i) => sizes[i] === size).map(({ value, bound }) => Math.log(value / bound!)));
  return [at(leastOf(sizes)), at(greatestOf(sizes))];
}

const manySizes = (samples: readonly Sample[]): boolean => new Set(samples.map(({ x }) => x)).size >= 3;

/** What cannot be told from 0. */
const isNothing = ({ value, error }: Sample): boolean => error !== Infinity && value <= (error ?? 0);

const pointwiseOf = (
  relation: 'at most' | 'at least' | 'of order',
  constant: number,
  samples: readonly Sample[],
) => worst(samples.map((sample) => judgeValue(relation, constant, sample)));

/** How one value stands to its bound, up to the constant granted; undecided within its error. */
function judgeValue(
  relation: 'at most' | 'at least' | 'of order',
  constant: number,
  { value, error, bound }: Sample,
): 'holds' | 'fails' | 'undecided' {
  const above = value - constant * bound!;
  const below = bound! / constant - value;
  const excess = { 'at most': above, 'at least': below, 'of order': Math.max(above, below) }[relation];
  if (Number.isNaN(excess)) return 'undecided';
  if (excess > (error ?? 0)) return 'fails';
  return excess <= 0 && -excess >= (error ?? 0) ? 'holds' : 'undecided';
}

/** Whether a run lies within constant · bound, for the share of seeds that do; null where nothing bounds it. */
export function isWithin(
  { relation, constant }: { relation: Relation; constant: number },
  { value, bound }: Sample,
): boolean | null {
  if (bound === null || relation === 'beside') return null;
  switch (relation) {
    case 'at least':
      return value >= bound / constant;
    case 'shows':
      return value >= bound;
    case 'of order':
      return value <= constant * bound && value >= bound / constant;
    default:
      return value <= constant * bound;
  }
}

const severity: readonly Verdict[] = [
  'proved; checked to float32',
  'shown',
  'holds',
  'not shown here',
  'conditions not met',
  'undecided',
  'fails outside',
  'fails',
];

/** The verdict of several together: what fails anywhere fails. */
export const worst = <Some extends Verdict>(verdicts: readonly Some[]): Some =>
  verdicts.reduce((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a));

/**
 * The verdict on a claim, from those on its quantities (null: none) and its conditions. What is proved with its constants
 * needs no conditions, and what is only to be shown neither. Else: where a hypothesis is not met the claim says nothing,
 * and its verdict is "conditions not met", or "fails outside" where the numbers break it there; a condition of the run
 * (it was too short) takes nothing from a failure. Without a verdict on any quantity nothing is decided.
 *
 * @param silent whether a measured hypothesis is not met, so that the numbers count neither way
 */
export function decide({
  verdicts,
  conditions,
  silent,
}: {
  verdicts: readonly (Verdict | null)[];
  conditions: readonly Pick<Condition, 'verdict' | 'role'>[];
  silent: boolean;
}): Verdict {
  if (silent) return 'conditions not met';
  const judged = verdicts.filter((verdict) => verdict !== null);
  const verdict = judged.length > 0 ? worst(judged) : 'undecided';
  const exact = judged.some(
    (one) => one === 'proved; checked to float32' || one === 'shown' || one === 'not shown here',
  );
  if (exact) return verdict;
  const unmet = conditions.filter(
    (condition) => condition.verdict === 'not met' && condition.role !== 'beside',
  );
  const outside = unmet.some(({ role }) => role !== 'run');
  if (verdict === 'fails') return outside ? 'fails outside' : 'fails';
  return unmet.length > 0 ? 'conditions not met' : verdict;
}
