import type { AdapterDescription } from '../gpu/device.ts';
import {
  type ClaimMeasurement,
  type ClaimNumber,
  type Condition,
  type Quantity,
  type Verdict,
  claimNumbers,
} from '../theory/claim.ts';
import { greatestOf, meanOf, standardErrorOf } from '../math/statistics.ts';
import { alphaFromPowers, boundAt } from '../theory/alpha.ts';
import { sampleOf } from '../theory/conclude.ts';
import { type Sample, decide, fitOver, isWithin, judge, ratioOf, withPowers } from '../theory/verdict.ts';
import type { ClaimSummary, ClaimsDocument, ClaimsGroup, QuantitySummary } from './claims-document.ts';
import type { Provenance } from './result.ts';

/** All that the groups' runs say of the claims: means at the last value, powers over all values, verdicts. */
export function summarizeClaims(input: {
  title: string;
  provenance: Provenance;
  adapter: AdapterDescription | null;
  groups: ClaimsGroup[];
}): ClaimsDocument {
  return {
    format: 'first-light/claims',
    version: 2,
    title: input.title,
    provenance: input.provenance,
    adapter: input.adapter,
    claims: claimNumbers.flatMap((claim) => input.groups.flatMap((group) => summarizeClaim(claim, group))),
    groups: input.groups,
  };
}

/** What one run measured of one claim, and where on the group's variable. */
interface Measured {
  x: number | null;
  seed: number | string;
  measurement: ClaimMeasurement;
}

function summarizeClaim(claim: ClaimNumber, group: ClaimsGroup): ClaimSummary[] {
  const { variable } = group;
  const runs = group.points.flatMap(({ claims, values }): Measured[] => {
    const x = variable === null ? null : values[variable];
    return (claims ?? [])
      .filter((measurement) => measurement.claim === claim)
      .map((measurement) => ({
        x: typeof x === 'number' ? x : null,
        seed: values['seed'] ?? 0,
        measurement,
      }));
  });
  if (runs.length === 0) return [];
  const at = runs.at(-1)!.x;
  // Where the claim says nothing, its numbers are none for or against it, unless they are all there are to show.
  const speaking = runs.filter(({ measurement }) => !measurement.silent);
  const counted = speaking.length > 0 ? speaking : runs;
  const powers = variable === 'd' ? sizePowers(counted) : null;
  const keys = new Set(counted.flatMap(({ measurement }) => measurement.quantities.map(({ key }) => key)));
  const quantities = [...keys].map((key) => summarizeQuantity(key, counted, variable, powers));
  const conditions = [
    ...worstConditions(runs),
    ...(powers ? [...alphaConditions(counted, powers), ...windowConditions(powers)] : []),
  ];
  return [
    { claim, group: group.slug, at, quantities, conditions, ...conclude(runs, quantities, conditions) },
  ];
}

/** The powers of d that n, m and the window of a convolution go as in a sweep of d. */
interface SizePowers {
  n: number;
  m: number;
  window: number | undefined;
}

/** null for fewer than three values of d above 1. */
function sizePowers(runs: readonly Measured[]): SizePowers | null {
  const power = (size: keyof SizePowers): number | undefined =>
    fitOver(
      withPowers(
        runs.flatMap(({ x, measurement: { sizes } }) => {
          const value = sizes[size];
          return value === undefined ? [] : [{ x, series: 0, value, error: null, bound: null }];
        }),
        'd',
      ),
      ({ value }) => value,
    )?.exponent;
  const [n, m, window] = [power('n'), power('m'), power('window')];
  return n === undefined || m === undefined ? null : { n, m, window };
}

/** Whether a convolution's filter grows with d as the theory asks: at a fixed one nothing falls, whatever single runs allow. */
function windowConditions({ window }: SizePowers): Condition[] {
  if (window === undefined) return [];
  return [
    {
      hypothesis: '*QC*_{0} grows faster than *d*^{½}',
      here: { symbol: 'its power of *d*', value: window },
      verdict: window > 0.5 + 1e-3 ? 'met' : 'not met',
      remark: Math.abs(window) < 1e-3 ? 'the filter is the same at every *d*' : '',
    },
  ];
}

/** Whether the sizes grow as fast as the bounds ask: with α = 0 the theorem is silent, whatever single runs allow. */
function alphaConditions(runs: readonly Measured[], powers: SizePowers): Condition[] {
  const asked = runs.flatMap(({ measurement }) =>
    measurement.quantities.flatMap(({ bound }) => (bound?.alpha ? [bound.alpha.asks] : [])),
  );
  if (asked.length === 0) return [];
  const asks = asked[0];
  const value = alphaFromPowers(powers, asks);
  const goes = (size: 'n' | 'm', base: number): string =>
    `*${size}* goes as *d*^{${powers[size].toFixed(2).replace('-', '−')}}, where *d*^{${base}+*α*} is asked for`;
  return [
    {
      hypothesis: '*n* and *m* grow with *d* as an *α* > 0 asks',
      here: { symbol: '*α*', value },
      verdict: value > 0 ? 'met' : 'not met',
      remark: [goes('n', asks.n), ...(asks.m === null ? [] : [goes('m', asks.m)])].join('; '),
    },
  ];
}

/** The α that a sweep's sizes allow the bound of a quantity; null where it has none, or nothing is swept in d. */
const sweptAlpha = ({ bound }: Quantity, powers: SizePowers | null): number | null =>
  bound?.alpha && powers ? alphaFromPowers(powers, bound.alpha.asks) : null;

/** A run's quantity as a sample, its bound at the α that the sweep's sizes allow. */
function sweptSample(
  quantity: Quantity,
  { x, seed, measurement }: Measured,
  powers: SizePowers | null,
): Sample {
  const alpha = sweptAlpha(quantity, powers);
  const sample = sampleOf(quantity, { x, series: seed });
  return { ...sample, bound: boundAt(quantity.bound, measurement.sizes.d, alpha) };
}

function summarizeQuantity(
  key: string,
  runs: readonly Measured[],
  variable: string | null,
  powers: SizePowers | null,
): QuantitySummary {
  const taken = runs.flatMap((run): { sample: Sample; quantity: Quantity }[] =>
    run.measurement.quantities
      .filter((quantity) => quantity.key === key)
      .map((quantity) => ({ sample: sweptSample(quantity, run, powers), quantity })),
  );
  const samples = taken.map(({ sample }) => sample);
  const last = samples.filter(({ x }) => x === samples.at(-1)!.x);
  const { quantity } = taken.at(-1)!;
  const { symbol, relation, constant, bound: lastBound, remark } = quantity;
  const values = last.map(({ value }) => value).filter(Number.isFinite);
  const errors = last.flatMap(({ error }) => (error === null ? [] : [error]));
  const bounds = last.flatMap(({ bound }) => (bound === null ? [] : [bound]));
  const measured = last.some(({ value }) => value === Infinity) ? Infinity : meanOf(values);
  const bound = bounds.length > 0 ? meanOf(bounds) : null;
  const within = last.flatMap((sample) => isWithin(quantity, sample) ?? []);
  const { fit, growth, verdict } = judge(quantity, samples, variable);
  return {
    key,
    symbol,
    relation,
    constant,
    boundSymbol: lastBound?.symbol ?? null,
    alpha: sweptAlpha(quantity, powers),
    remark,
    measured,
    standardError: standardErrorOf(values),
    error: errors.length > 0 ? greatestOf(errors) : null,
    bound,
    ratio: ratioOf({ value: measured, bound }),
    fit,
    claimed: fitOver(withPowers(samples, variable), (sample) => sample.bound),
    growth,
    within: within.length > 0 ? { runs: within.filter(Boolean).length, of: within.length } : null,
    verdict,
  };
}

/** The verdict on the claim, and what to say with it. Runs in which the claim says nothing count neither way. */
function conclude(
  runs: readonly Measured[],
  quantities: readonly QuantitySummary[],
  conditions: readonly Condition[],
): { verdict: Verdict; remark: string } {
  const of = (count: number): string => (count < runs.length ? ` (in ${count} of ${runs.length} runs)` : '');
  const silent = runs.every(({ measurement }) => measurement.silent);
  const verdict = decide({ verdicts: quantities.map((quantity) => quantity.verdict), conditions, silent });
  const own = (runs.findLast(({ measurement }) => measurement.silent === silent) ?? runs.at(-1)!).measurement
    .remark;
  const unmet = conditions.filter(({ verdict, role }) => verdict === 'not met' && role !== 'beside');
  if (silent || unmet.length === 0) return { verdict, remark: own };
  const names = unmet.map(({ hypothesis }) => {
    const count = runs.filter(({ measurement }) =>
      measurement.conditions.some((other) => other.hypothesis === hypothesis && other.verdict === 'not met'),
    ).length;
    return hypothesis + (count > 0 ? of(count) : '');
  });
  const sentence = `Not met: ${names.join('; ')}.`;
  return { verdict, remark: own === '' ? sentence : `${sentence} ${own}` };
}

const gravity = ['met', 'borderline', 'not known', 'not met'] as const;

/** Of each hypothesis the run where it stands worst, the last of equals. */
function worstConditions(runs: readonly Measured[]): Condition[] {
  const found = new Map<string, Condition>();
  for (const condition of runs.flatMap(({ measurement }) => measurement.conditions)) {
    const before = found.get(condition.hypothesis);
    if (!before || gravity.indexOf(condition.verdict) >= gravity.indexOf(before.verdict)) {
      found.set(condition.hypothesis, condition);
    }
  }
  return [...found.values()];
}
