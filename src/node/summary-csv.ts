import { csvText } from './csv-text.ts';
import type { SweepSummary } from '../experiment/sweep-summary.ts';

/**
 * The summary as one table: a row "mean" for each combination of what is swept but the seed, then a row "slope" for
 * each series of them; every measure with its standard error beside it. What a row has no value for stays empty.
 */
export function summaryCsv({ measures, rows, slopes }: SweepSummary): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const header = [
    'row',
    ...names,
    'runs',
    'diverged',
    'failed',
    ...measures.flatMap((measure) => [measure, `${measure}_standard_error`]),
  ];
  const lines = [
    header,
    ...rows.map(({ values, runs, diverged, failed, means }) => [
      'mean',
      ...names.map((name) => values[name]),
      runs,
      diverged,
      failed,
      ...measures.flatMap((measure) => [means[measure]?.mean, means[measure]?.standardError]),
    ]),
    ...slopes.map(({ values, powers }) => [
      'slope',
      ...names.map((name) => values[name]),
      undefined,
      undefined,
      undefined,
      ...measures.flatMap((measure) => [powers[measure]?.exponent, powers[measure]?.standardError]),
    ]),
  ];
  return csvText(lines);
}
