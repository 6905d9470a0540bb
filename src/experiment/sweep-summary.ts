import { type FittedPower, fitPowerLaw } from '../math/power-law.ts';
import { meanOf, standardErrorOf } from '../math/statistics.ts';
import type { PointMeasures } from './point-measures.ts';
import { type Sweep, type SweepPoint, isShared, pointsAlike, sharedLabel, sharedValue } from './sweep.ts';

/** How a point of a sweep ended. */
export type PointOutcome =
  | { kind: 'measured'; diverged: boolean; measures: PointMeasures }
  | { kind: 'failed'; reason: string };

/** Mean over seeds. */
export interface Mean {
  mean: number;
  /** Of the mean; null for a single run. */
  standardError: number | null;
  /** How many runs it is of: those that have this number. */
  runs: number;
}

/** Runs that differ in their seed alone. */
export interface SummaryRow {
  label: string;
  values: Record<string, number | string>;
  runs: number;
  diverged: number;
  failed: number;
  means: Partial<Record<string, Mean>>;
}

/** Powers of the sweep's variable, where all else that is swept, but for the seed, is the same. */
export interface SummarySlope {
  label: string;
  values: Record<string, number | string>;
  powers: Partial<Record<string, FittedPower>>;
}

/** A sweep in numbers: summary.json. */
export interface SweepSummary {
  format: 'first-light/summary';
  version: 1;
  name: string;
  variable: string | null;
  /** Names of what was measured, in order. */
  measures: string[];
  rows: SummaryRow[];
  slopes: SummarySlope[];
  failures: { id: string; label: string; reason: string }[];
  /** Ids of points that have not been run yet. */
  notRun: string[];
}

/** Means over seeds, and slopes of log measure on log variable by least squares over all runs. */
export function summarizeSweep(sweep: Sweep, outcomes: ReadonlyMap<string, PointOutcome>): SweepSummary {
  const { name, axes, variable, points } = sweep;
  const measured = points.flatMap((point) => {
    const outcome = outcomes.get(point.id);
    return outcome?.kind === 'measured' ? [outcome] : [];
  });
  const measures = [...new Set(measured.flatMap((outcome) => [...outcome.measures.keys()]))];
  const swept = axes.filter((axis) => axis !== 'seed');
  return {
    format: 'first-light/summary',
    version: 1,
    name,
    variable: variable?.name ?? null,
    measures,
    rows: pointsAlike(points, swept).map((group) =>
      rowOf(
        group,
        {
          axes: swept,
          // People read widths rather than the powers of d that they follow from.
          called: swept.map((axis) => (axis === variable?.axis ? variable.name : axis)),
        },
        outcomes,
        measures,
      ),
    ),
    slopes:
      variable === null
        ? []
        : pointsAlike(
            points,
            swept.filter((axis) => axis !== variable.axis),
          ).map((group) =>
            slopeOf(
              group,
              variable.name,
              swept.filter((axis) => axis !== variable.axis),
              outcomes,
              measures,
            ),
          ),
    failures: points.flatMap(({ id, label }) => {
      const outcome = outcomes.get(id);
      return outcome?.kind === 'failed' ? [{ id, label, reason: outcome.reason }] : [];
    }),
    notRun: points.filter(({ id }) => !outcomes.has(id)).map(({ id }) => id),
  };
}

/** The values that a group shares; of `axes`, in which its points have the same entries, the formula where those have several. */
function sharedValues(
  points: readonly SweepPoint[],
  axes: readonly string[],
): Record<string, number | string> {
  return Object.fromEntries(
    Object.keys(points[0].values).flatMap((name): [string, number | string][] =>
      name !== 'seed' && (axes.includes(name) || isShared(points, name))
        ? [[name, sharedValue(points, name)]]
        : [],
    ),
  );
}

function rowOf(
  group: readonly SweepPoint[],
  { axes, called }: { axes: readonly string[]; called: readonly string[] },
  outcomes: ReadonlyMap<string, PointOutcome>,
  measures: readonly string[],
): SummaryRow {
  const ended = group.map(({ id }) => outcomes.get(id));
  const measured = ended.flatMap((outcome) => (outcome?.kind === 'measured' ? [outcome] : []));
  const means = measures.flatMap((measure): [string, Mean][] => {
    const values = measured.flatMap((outcome) => finite(outcome.measures.get(measure)));
    if (values.length === 0) return [];
    const mean = { mean: meanOf(values), standardError: standardErrorOf(values), runs: values.length };
    return [[measure, mean]];
  });
  return {
    label: sharedLabel(group, called),
    values: sharedValues(group, axes),
    runs: measured.length,
    diverged: measured.filter(({ diverged }) => diverged).length,
    failed: ended.filter((outcome) => outcome?.kind === 'failed').length,
    means: Object.fromEntries(means),
  };
}

const finite = (value: number | undefined): number[] =>
  value !== undefined && Number.isFinite(value) ? [value] : [];

function slopeOf(
  group: readonly SweepPoint[],
  variable: string,
  axes: readonly string[],
  outcomes: ReadonlyMap<string, PointOutcome>,
  measures: readonly string[],
): SummarySlope {
  const powers = measures.flatMap((measure): [string, FittedPower][] => {
    const runs = group.flatMap(({ id, values }) => {
      const outcome = outcomes.get(id);
      if (outcome?.kind !== 'measured') return [];
      const [x, series] = [Number(values[variable]), values['seed']];
      return finite(outcome.measures.get(measure)).map((y) => ({ x, y, series }));
    });
    // Seeds of one value of the variable have no slope, whatever rounding makes of their logarithms.
    const fit = new Set(runs.map(({ x }) => x)).size > 1 ? fitPowerLaw(runs) : null;
    if (!fit) return [];
    const { exponent, standardError, interval } = fit;
    return [[measure, { exponent, standardError, interval }]];
  });
  return {
    label: sharedLabel(group, axes),
    values: sharedValues(group, axes),
    powers: Object.fromEntries(powers),
  };
}
