import { greatestOf, leastOf } from '../../src/math/statistics.ts';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An integer exponent in Unicode superscripts. */
const raised = (exponent: number): string =>
  String(exponent)
    .replace('-', '⁻')
    .replaceAll(/\d/g, (digit) => superscripts[Number(digit)]);

const withMinus = (text: string): string => text.replace('-', '−');

/** Thousands apart by a thin space from five digits on. */
const grouped = (digits: string): string =>
  digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, '\u202f') : digits;

/** Three significant digits (or as many as asked for): 0.257, 68.4, 20 000, 1.02 × 10⁻⁵; "—" for what is no number. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (value === Infinity) return '∞';
  if (typeof value !== 'number' || !Number.isFinite(value)) return '—';
  if (value === 0) return '0';
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return formatCount(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) {
    const [whole, fraction = ''] = Number(value.toPrecision(digits))
      .toFixed(decimalsOf(value, digits))
      .split('.');
    return withMinus(grouped(whole) + (fraction && `.${fraction}`));
  }
  return formatScientific(value, digits);
}

/** A number that somebody chose, as it was given: 0.5, not 0.500. */
export const formatGiven = (value: number): string =>
  Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7 ? withMinus(String(value)) : formatNumber(value);

export function formatScientific(value: number, digits = 3): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  return withMinus(`${mantissa}\u202f×\u202f10${raised(Number(exponent))}`);
}

/** A mean and its standard error to the same decimals: 0.0123 ± 0.0004, (4.94 ± 0.54) × 10⁻⁷. */
export function formatMean(value: number, standardError: number | null): string {
  if (standardError === null || !(standardError > 0) || !Number.isFinite(value)) return formatNumber(value);
  const size = Math.max(Math.abs(value), standardError);
  const exponent = size >= 1e-3 && size < 1e5 ? 0 : Math.floor(Math.log10(size));
  const [mean, error] = [value, standardError].map((number) => number / 10 ** exponent);
  // Six decimals at most: an error far below them is none to speak of.
  const decimals = Math.min(decimalsOf(error, 2), 6);
  const set = (number: number): string => {
    const [whole, fraction] = number.toFixed(decimals).split('.');
    return withMinus(grouped(whole) + (fraction ? `.${fraction}` : ''));
  };
  const both = `${set(mean)} ± ${set(error)}`;
  return exponent === 0 ? both : `(${both})\u202f×\u202f10${raised(exponent)}`;
}

export const formatCount = (value: number): string => {
  const digits = grouped(String(Math.abs(value)));
  return value < 0 ? `−${digits}` : digits;
};

/** Decimals that show `digits` significant digits of a value. */
function decimalsOf(value: number, digits: number): number {
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  return Math.max(0, digits - 1 - exponent);
}

/** One format for a column, so that its decimal points stand under each other once set in tabular figures. */
export function formatColumn(values: readonly (number | null)[], digits = 3): string[] {
  const shown = values
    .filter((value): value is number => Number.isFinite(value) && value !== 0)
    .map(Math.abs);
  const least = leastOf(shown);
  const greatest = greatestOf(shown);
  if (shown.length > 0 && (least < 1e-4 || greatest >= 1e5)) {
    return values.map((value) =>
      value === 0 || !Number.isFinite(value) ? formatNumber(value) : formatScientific(value!, digits),
    );
  }
  // At most four decimals: beyond that the smallest values of a column show fewer digits.
  const decimals = shown.map((value) => decimalsOf(value, digits));
  const most = Math.min(greatestOf([0, ...decimals]), 4);
  return values.map((value) => {
    if (value === 0) return '0' + padding(most);
    if (typeof value !== 'number' || !Number.isFinite(value)) return '—' + padding(most);
    const own = Math.min(decimalsOf(value, digits), most);
    const [whole, fraction = ''] = value.toFixed(own).split('.');
    return withMinus(grouped(whole) + (fraction ? `.${fraction}${figureSpaces(most - own)}` : padding(most)));
  });
}

/** Blanks as wide as a point and `decimals` digits. */
const padding = (decimals: number): string => (decimals > 0 ? '\u2008' + figureSpaces(decimals) : '');
const figureSpaces = (count: number): string => '\u2007'.repeat(count);

/** A span of time in the unit that suits it; milliseconds in. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return '—';
  if (milliseconds < 1) return `${formatNumber(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${formatNumber(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${formatNumber(milliseconds / 1000)} s`;
  return `${formatNumber(milliseconds / 60_000)} min`;
}

/** 10^k as markup, for the ticks of a log axis. */
export const powerOfTen = (exponent: number): string =>
  exponent === 0 || exponent === 1 ? String(10 ** exponent) : `10^{${withMinus(String(exponent))}}`;
