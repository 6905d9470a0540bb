import type { PointOutcome } from '../experiment/sweep-summary.ts';
import type { Sweep } from '../experiment/sweep.ts';
import { type Cell, csvText } from './csv-text.ts';

/**
 * A row for each run that has ended: its folder, what is swept and what follows from it, its seed, how it ended, and its
 * measures, which are empty where it has none. Numbers that are not finite are written as NumPy and pandas read them.
 */
export function runsCsv({ points }: Sweep, outcomes: ReadonlyMap<string, PointOutcome>): string {
  const runs = points.flatMap((point) => {
    const outcome = outcomes.get(point.id);
    return outcome ? [{ ...point, outcome }] : [];
  });
  const values = [...new Set(runs.flatMap((run) => Object.keys(run.values)))].filter(
    (name) => name !== 'seed',
  );
  const measures = [
    ...new Set(
      runs.flatMap(({ outcome }) => (outcome.kind === 'measured' ? [...outcome.measures.keys()] : [])),
    ),
  ];
  return csvText([
    ['run', ...values, 'seed', 'status', ...measures],
    ...runs.map(({ id, values: own, spec, outcome }) => [
      id,
      ...values.map((name) => own[name]),
      spec.seed,
      outcome.kind === 'failed' ? 'failed' : outcome.diverged ? 'diverged' : 'completed',
      ...measures.map((measure) =>
        outcome.kind === 'measured' ? number(outcome.measures.get(measure)) : null,
      ),
    ]),
  ]);
}

const number = (value: number | undefined): Cell =>
  value === undefined ? null : String(value).replace('Infinity', 'inf');
