import { type Axis, placeOf } from '../../figures/ticks.ts';

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
  /** The middle of the break behind a 0 that stands apart; null where there is none. */
  gap: number | null;
}

/** Pixels from `from` to `to` for an axis's domain. */
export function scaleOf(axis: Axis, from: number, to: number): Scale {
  const { type, domain, ticks, apart } = axis;
  const [a, b] = type === 'log' ? domain.map(Math.log) : domain;
  const factor = (to - from) / (b - a);
  const origin = from - factor * a;
  const logarithmic = (value: number): number => (value > 0 ? origin + factor * Math.log(value) : Number.NaN);
  return {
    type,
    ticks,
    key: [type, ...domain, apart?.zero, from, to].join(' '),
    place: type === 'log' ? (value) => logarithmic(placeOf(axis, value)) : (value) => origin + factor * value,
    origin,
    factor,
    gap: apart ? logarithmic(apart.gap) : null,
  };
}
