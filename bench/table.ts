import { greatestOf } from '../src/math/statistics.ts';
import { type Outcome, type Row } from './competition.ts';

type Cell = string;

/** The columns of a table of contestants, the same in the terminal and on the page. */
export const headings = (unit: string): Cell[] => [
  'contestant',
  'form',
  `ms a ${unit}`,
  'least–most',
  'runs',
  'GFLOP/s',
  '% of peak',
  '× ours',
  'MB',
  'difference',
];

export function cells(row: Row): Cell[] {
  const { contestant, form, time, runs, gflops, fractionOfPeak, ratio, bytes, difference, absent } = row;
  if (!time) return [contestant, form, 'absent', absent ?? ''];
  return [
    contestant,
    form,
    digits(time.median),
    `${digits(time.least)}–${digits(time.most)}`,
    String(runs),
    given(gflops, digits),
    given(fractionOfPeak, (fraction) => (100 * fraction).toFixed(1)),
    given(ratio, (value) => value.toFixed(2)),
    given(bytes, (value) => digits(value / 1e6)),
    given(difference, (value) => value.toExponential(1)),
  ];
}

/** Three significant digits, and all that stand before the point. */
export const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

const given = (value: number | undefined, format: (value: number) => string): Cell =>
  value === undefined ? '' : format(value);

/** Lines of text under the size: the first two columns to the left, numbers to the right. */
export function textTable(outcome: Outcome): string[] {
  const { label, peakGflops } = outcome;
  const meanwhile = peakGflops === undefined ? '' : `; peak meanwhile ${digits(peakGflops)} GFLOP/s`;
  const head = headings(outcome.unit);
  const table = [head, ...outcome.rows.map(cells)];
  const widths = head.map((_, column) =>
    greatestOf(table.filter((row) => row[2] !== 'absent' || column < 2).map((row) => row[column].length)),
  );
  const lines = table.map((row) =>
    row[2] === 'absent'
      ? `  ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  absent: ${row[3]}`
      : `  ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')}`,
  );
  return ['', `  ${label}${meanwhile}`, ...lines];
}
