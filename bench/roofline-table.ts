import { type ProgramRow, type Roofline, together } from './roofline.ts';
import { type Cell, alignedLines, digits } from './table.ts';

/** The columns of a table of programs, the same in the terminal and on the page; the first two are words. */
export const rooflineHeadings = (unit: string): Cell[] => [
  'program',
  'bound by',
  'dispatches',
  'MFLOP',
  'MB',
  'FLOP/B',
  'ms at best',
  `ms a ${unit}`,
  '% of the best',
];

export const rooflineCells = (row: ProgramRow): Cell[] => [
  row.program,
  row.bound ?? '',
  Number.isInteger(row.dispatches) ? String(row.dispatches) : digits(row.dispatches),
  digits(row.operations / 1e6),
  digits(row.bytes / 1e6),
  digits(row.intensity),
  digits(row.least),
  digits(row.time),
  (100 * row.fraction).toFixed(1),
];

/** The programs, and where they are several, all of them together. */
export const rooflineRows = ({ rows }: Roofline): ProgramRow[] =>
  rows.length > 1 ? [...rows, together(rows)] : rows;

export const rooflineText = (roofline: Roofline, unit: string): string[] => [
  `  ours by program; at best ${digits(roofline.peakGflops)} GFLOP/s and ${digits(roofline.copyGigabytes)} GB/s`,
  ...alignedLines([rooflineHeadings(unit), ...rooflineRows(roofline).map(rooflineCells)], 2),
];
