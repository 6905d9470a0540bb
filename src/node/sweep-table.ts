import { greatestOf } from '../math/statistics.ts';
import type { FittedPower } from '../math/power-law.ts';
import type { Mean, SweepSummary } from '../experiment/sweep-summary.ts';
import type { Sweep } from '../experiment/sweep.ts';
import { fitted, grouped, oneLine, paint, plain, printable, short, tableRow, wrap } from './text.ts';

/** Lines on the terminal, of means and of slopes; the files have all of them. */
const mostRows = 30;
const mostSlopes = 16;
const mostFailures = 10;

/** Every point on a line, by its id, with what varies beside it. */
export function describePoints({ points }: Sweep): string {
  const names = [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
  const rows = [
    ['point', ...names],
    ...points.map(({ id, values }) => [id, ...names.map((name) => cellOf(values[name]))]),
  ];
  const widths = rows[0].map((_, k) => greatestOf(rows.map((row) => row[k].length)));
  const lines = rows.map((row) =>
    printable(row.map((text, k) => (k === 0 ? text.padEnd(widths[k]) : text.padStart(widths[k]))).join('  ')),
  );
  const count = `${grouped(points.length)} ${points.length === 1 ? 'point' : 'points'}; nothing was computed.`;
  return [paint('dim', lines[0]), ...lines.slice(1), '', count].join('\n');
}

const cellOf = (value: number | string | undefined): string =>
  typeof value === 'number' ? plain(value) : (value ?? '');

/** The end of a sweep, in at most 80 columns: means over seeds, slopes, and what failed. */
export function describeSweep(summary: SweepSummary): string {
  return [paint('bold', fitted(printable(summary.name), 80)), '', ...table(summary), ...slopes(summary)].join(
    '\n',
  );
}

/** Rows of which something was measured or failed, the first and the last of many. */
function table({ rows: all }: SweepSummary): string[] {
  const ended = all.filter(({ runs, failed }) => runs > 0 || failed > 0);
  const rows = ended.length > mostRows ? [...ended.slice(0, mostRows - 5), ...ended.slice(-5)] : ended;
  const between = ended.length - rows.length;
  const notRun = all.length - ended.length;
  const width = Math.min(26, greatestOf([5, ...rows.map(({ label }) => label.length)]));
  const head = `${''.padEnd(width)}  runs    training loss     discrepancy at t ≤ ½ T/c`;
  const below = `${''.padEnd(width)}        network   linear     on training points`;
  return [
    paint('dim', head),
    paint('dim', below),
    ...rows.flatMap(({ label, runs, diverged, failed, means }, k) => {
      const gap =
        between > 0 && k === rows.length - 5
          ? [paint('dim', `  … ${grouped(between)} more in summary.csv`)]
          : [];
      const notes = [
        ...(diverged > 0 ? [`${diverged} diverged`] : []),
        ...(failed > 0 ? [`${failed} failed`] : []),
      ];
      const cells = [
        String(runs).padStart(6),
        value(means, 'train_network_loss'),
        value(means, 'train_linear_loss'),
        `  ${withError(means['train_early_discrepancy'])}`,
      ].join('');
      const told = notes.join(', ');
      const beside = width + cells.length + 2 + told.length <= 80;
      return [
        ...gap,
        tableRow(label || 'all', width, beside ? `${cells}  ${told}` : cells),
        ...(beside ? [] : [`${''.padEnd(width)}  ${told}`]),
      ];
    }),
    ...(notRun > 0
      ? [paint('dim', `  ${grouped(notRun)} ${notRun === 1 ? 'row has' : 'rows have'} not been run`)]
      : []),
  ];
}

const value = (means: SweepSummary['rows'][number]['means'], measure: string): string =>
  short(means[measure]?.mean).padStart(9);

const withError = (mean: Mean | undefined): string =>
  mean === undefined
    ? short(undefined).padStart(9)
    : `${short(mean.mean).padStart(9)}${mean.standardError === null ? '' : ` ± ${short(mean.standardError)}`}`;

function slopes({ slopes: series, variable }: SweepSummary): string[] {
  if (variable === null) return [];
  const lines = series.flatMap(({ label, powers }) =>
    Object.entries(powers).flatMap(([measure, power]) =>
      power
        ? [
            tableRow(
              `  ${measure}${label ? ` (${label})` : ''}`,
              54,
              `  ${variable}^${formatExponent(power)}`,
            ),
          ]
        : [],
    ),
  );
  if (lines.length === 0) return [];
  const rest = lines.length - mostSlopes;
  return [
    '',
    paint('dim', `Fitted powers of ${variable}, ± standard error`),
    ...lines.slice(0, mostSlopes),
    ...(rest > 0 ? [paint('dim', `  and ${rest} more in summary.csv`)] : []),
  ];
}

/** "-0.25 ± 0.01" */
export const formatExponent = ({ exponent, standardError }: FittedPower): string =>
  `${hundredths(exponent)}${standardError === null ? '' : ` ± ${hundredths(standardError)}`}`;

/** Two decimals, and no minus before a zero. */
export const hundredths = (value: number): string => value.toFixed(2).replace(/^-(?=0\.00$)/, '');

/** The points that failed, each with its reason, wrapped to the terminal. */
export function describeFailures(failures: readonly { label: string; reason: string }[]): string {
  const rest = failures.length - mostFailures;
  return [
    ...failures
      .slice(0, mostFailures)
      .map(({ label, reason }) => wrap(printable(`${label}: ${oneLine(reason)}`), 80, '  ')),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n');
}
