import { greatestOf } from '../src/math/statistics.ts';
import { type Outcome, type Row } from './competition.ts';

export type Cell = string;

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
  if (!time) return [contestant, form, `absent: ${absent ?? ''}`];
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

/** Lines of text under the size. */
export function textTable(outcome: Outcome): string[] {
  const { label, peakGflops } = outcome;
  const meanwhile = peakGflops === undefined ? '' : `; peak meanwhile ${digits(peakGflops)} GFLOP/s`;
  return [
    '',
    `  ${label}${meanwhile}`,
    ...alignedLines([headings(outcome.unit), ...outcome.rows.map(cells)], 2),
  ];
}

/** Columns of text: so many to the left, numbers to the right; what ends a row of fewer cells than the first is of no column. */
export function alignedLines([head, ...rows]: readonly Cell[][], left: number): string[] {
  const widths = head.map((cell, column) => {
    const inColumn = rows.filter((row) => column < left || row.length === head.length);
    return greatestOf([cell, ...inColumn.map((row) => row[column])].map(({ length }) => length));
  });
  const aligned = (cell: Cell, column: number, { length }: readonly Cell[]): Cell => {
    if (column < left) return cell.padEnd(widths[column]);
    return length === head.length ? cell.padStart(widths[column]) : cell;
  };
  return [head, ...rows].map((row) => `  ${row.map(aligned).join('  ')}`);
}
