import type { AdapterDescription } from '../gpu/device.ts';
import {
  type ClaimMeasurement,
  type ClaimNumber,
  type Condition,
  type Quantity,
  type Verdict,
  claimNumbers,
} from '../theory/claim.ts';
import type {
  ClaimSummary,
  ClaimsDocument,
  ClaimsGroup,
  FittedPower,
  QuantitySummary,
} from './claims-document.ts';
import { greatestOf, meanOf, standardErrorOf } from '../math/statistics.ts';
import { type Sample, fitOver, judge, ratioOf, worst } from './claims-verdict.ts';
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
    version: 1,
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
  measurement: ClaimMeasurement;
}

function summarizeClaim(claim: ClaimNumber, group: ClaimsGroup): ClaimSummary[] {
  const runs = group.points.flatMap(({ claims, values }): Measured[] => {
    const x = group.variable === null ? null : values[group.variable];
    return (claims ?? [])
      .filter((measurement) => measurement.claim === claim)
      .map((measurement) => ({ x: typeof x === 'number' ? x : null, measurement }));
  });
  if (runs.length === 0) return [];
  const at = runs.at(-1)!.x;
  // Where the claim says nothing, its numbers are none for or against it, unless they are all there are to show.
  const speaking = runs.filter(({ measurement }) => !measurement.silent);
  const counted = speaking.length > 0 ? speaking : runs;
  const keys = new Set(counted.flatMap(({ measurement }) => measurement.quantities.map(({ key }) => key)));
  const quantities = [...keys].map((key) => summarizeQuantity(key, counted, group.variable));
  return [
    {
      claim,
      group: group.slug,
      at,
      quantities,
      conditions: worstConditions(runs),
      ...conclude(runs, quantities),
    },
  ];
}

function summarizeQuantity(key: string, runs: readonly Measured[], variable: string | null): QuantitySummary {
  const taken = runs.flatMap(({ x, measurement }): { sample: Sample; quantity: Quantity }[] =>
    measurement.quantities
      .filter((quantity) => quantity.key === key)
      .map((quantity) => ({
        sample: { x, value: quantity.value, error: quantity.error, bound: quantity.bound?.value ?? null },
        quantity,
      })),
  );
  const samples = taken.map(({ sample }) => sample);
  const last = samples.filter(({ x }) => x === samples.at(-1)!.x);
  const { symbol, relation, constant, bound: lastBound, remark } = taken.at(-1)!.quantity;
  const values = last.map(({ value }) => value).filter(Number.isFinite);
  const errors = last.flatMap(({ error }) => (error === null ? [] : [error]));
  const bounds = last.flatMap(({ bound }) => (bound === null ? [] : [bound]));
  const measured = last.some(({ value }) => value === Infinity) ? Infinity : meanOf(values);
  const bound = bounds.length > 0 ? meanOf(bounds) : null;
  const fit = powerOf(fitOver(samples, ({ value }) => value));
  const growth = powerOf(fitOver(samples, ratioOf));
  return {
    key,
    symbol,
    relation,
    constant,
    boundSymbol: lastBound?.symbol ?? null,
    remark,
    measured,
    standardError: standardErrorOf(values),
    error: errors.length > 0 ? greatestOf(errors) : null,
    bound,
    ratio: ratioOf({ value: measured, bound }),
    fit,
    claimed: powerOf(fitOver(samples, (sample) => sample.bound)),
    growth,
    verdict: judge({ relation, constant, variable, samples, fit, growth }),
  };
}

/**
 * The verdict on the claim: the worst of its quantities, or of the runs' own verdicts where no quantity is held against
 * a bound. Where a hypothesis is not met, only a failure is still said to be one. Runs in which the claim says nothing
 * count neither way; where all are such, so is the whole.
 */
function conclude(
  runs: readonly Measured[],
  quantities: readonly QuantitySummary[],
): { verdict: Verdict; remark: string } {
  const of = (count: number): string => (count < runs.length ? ` (in ${count} of ${runs.length} runs)` : '');
  const silent = runs.filter(({ measurement }) => measurement.silent);
  if (silent.length === runs.length) {
    return { verdict: 'conditions not met', remark: silent.at(-1)!.measurement.remark };
  }
  const judged = quantities.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
  const verdict = worst(judged.length > 0 ? judged : runs.map(({ measurement }) => measurement.verdict));
  const speaking = runs.filter(({ measurement }) => !measurement.silent);
  const own = speaking.at(-1)!.measurement.remark;
  const unmet = worstConditions(runs).filter((condition) => condition.verdict === 'not met');
  if (unmet.length === 0) return { verdict, remark: own };
  const names = unmet.map(({ hypothesis }) => {
    const count = runs.filter(({ measurement }) =>
      measurement.conditions.some((other) => other.hypothesis === hypothesis && other.verdict === 'not met'),
    ).length;
    return hypothesis + of(count);
  });
  const sentence = `Not met: ${names.join('; ')}.`;
  return {
    verdict: verdict === 'fails' ? 'fails' : 'conditions not met',
    remark: own === '' ? sentence : `${sentence} ${own}`,
  };
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

const powerOf = (power: FittedPower | null): FittedPower | null =>
  power && { exponent: power.exponent, standardError: power.standardError };
