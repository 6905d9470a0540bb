import { greatestOf, leastOf } from '../../../src/math/statistics.ts';
import { valueAxis } from '../../figures/axes.ts';
import { type Axis, linearTicks, logTicks } from '../../figures/ticks.ts';

/** An axis in pixels. */
export interface Scale {
  type: 'log' | 'linear';
  ticks: Axis['ticks'];
  /** The same for the same places: what was placed then stands where it stood. */
  key: string;
  /** Where a value stands, origin + factor · (the value or its logarithm); NaN for what has no place on the axis. */
  place: (value: number) => number;
  origin: number;
  factor: number;
}

/** Pixels from `from` to `to` for an axis's domain. */
export function scaleOf({ type, domain: [least, greatest], ticks }: Axis, from: number, to: number): Scale {
  const [a, b] = type === 'log' ? [Math.log(least), Math.log(greatest)] : [least, greatest];
  const factor = (to - from) / (b - a);
  const origin = from - factor * a;
  return {
    type,
    ticks,
    key: [type, least, greatest, from, to].join(' '),
    place:
      type === 'log'
        ? (value) => (value > 0 ? origin + factor * Math.log(value) : Number.NaN)
        : (value) => origin + factor * value,
    origin,
    factor,
  };
}

/** The y axis around all values; a chosen logarithm falls back to linear where nothing is positive. */
export function valueScale(
  wanted: 'log' | 'linear' | 'auto',
  values: readonly number[],
  bottom: number,
  top: number,
): Scale {
  const shown = values.filter(Number.isFinite);
  return scaleOf(valueAxis('', wanted, shown.length > 0 ? shown : [0, 1]), bottom, top);
}

/** An axis from the least to the greatest value. */
export function spanScale(
  type: 'log' | 'linear',
  values: readonly number[],
  left: number,
  right: number,
): Scale {
  const shown = values.filter((value) => Number.isFinite(value) && (type === 'linear' || value > 0));
  const least = shown.length > 0 ? leastOf(shown) : 1;
  const greatest = Math.max(greatestOf(shown), type === 'log' ? 3 * least : least + 1e-12);
  const ticks = (type === 'log' ? logTicks : linearTicks)(least, greatest);
  return scaleOf({ label: '', type, domain: [least, greatest], ticks }, left, right);
}
