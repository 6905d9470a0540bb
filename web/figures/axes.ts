import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import { type Axis, linearTicks, logTicks } from './ticks.ts';

/**
 * An axis around all values, each of them finite: `log` where there are positive ones, `auto` logarithmic where they
 * span more than a factor 30 and none is below 0.
 */
export function valueAxis(label: string, wanted: 'log' | 'linear' | 'auto', values: number[]): Axis {
  const positive = values.filter((value) => value > 0);
  const least = leastOf(positive);
  const greatest = greatestOf(positive);
  const spans = positive.length > 0 && greatest / least > 30 && values.every((value) => value >= 0);
  if (positive.length > 0 && (wanted === 'log' || (wanted === 'auto' && spans))) {
    // A decade of room at least, and a little above and below.
    const room = Math.max((greatest / least) ** 0.06, 1.3);
    const narrow = greatest / least < 10 ? Math.sqrt(10 / (greatest / least)) : 1;
    const domain: [number, number] = [least / room / narrow, greatest * room * narrow];
    return { label, type: 'log', domain, ticks: logTicks(...domain) };
  }
  const from = Math.min(0, leastOf(values));
  const to = Math.max(greatestOf(values), from === 0 ? 1e-12 : from + 1e-12);
  const flat = values.every((value) => value === 0);
  const room = flat ? 0.5 : 0.06 * (to - from);
  const domain: [number, number] = [from < 0 ? from - room : 0, flat ? 1 : to + room];
  return { label, type: 'linear', domain, ticks: linearTicks(...domain) };
}

/** An axis from the least to the greatest value, each finite; `room` is the share of it that is added at both ends. */
export function spanAxis(label: string, type: Axis['type'], values: readonly number[], room = 0): Axis {
  const shown = values.filter((value) => type === 'linear' || value > 0);
  const [least, greatest] = [leastOf(shown), greatestOf(shown)];
  if (!Number.isFinite(least)) return { label, type: 'linear', domain: [0, 1], ticks: linearTicks(0, 1) };
  if (type === 'log') {
    const factor = Math.max(1.08, (greatest / least) ** 0.03);
    const domain: [number, number] = [least / factor, greatest * factor];
    return { label, type, domain, ticks: logTicks(...domain), minorFrom: least };
  }
  const around = least < greatest ? room * (greatest - least) : 0.5;
  const domain: [number, number] = [least - around, greatest + around];
  return { label, type, domain, ticks: linearTicks(...domain) };
}

/** Around all values of a log axis, at least a factor `span` wide. */
export function paddedDomain(values: readonly number[], span: number): [number, number] {
  if (values.length === 0) return [1, 10];
  const least = leastOf(values);
  const greatest = greatestOf(values);
  const room = Math.max(1.15, (greatest / least) ** 0.08, Math.sqrt(span / (greatest / least)));
  return [least / room, greatest * room];
}

/** Those of the ascending values that stand far enough apart on a log axis for their labels. */
export function separated(values: readonly number[]): number[] {
  const span = Math.log(values.at(-1)! / values[0]);
  const kept: number[] = [];
  for (const value of values) {
    if (kept.length === 0 || Math.log(value / kept.at(-1)!) > span / 12) kept.push(value);
  }
  return kept;
}
