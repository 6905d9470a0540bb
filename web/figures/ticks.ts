import { formatCount, powerOfTen } from './format.ts';

/** An axis of a figure and what stands along it. */
export interface Axis {
  /** Markup of notation.ts. */
  label: string;
  type: 'linear' | 'log';
  domain: [number, number];
  ticks: { at: number; label: string }[];
  /** Log axes: no minor ticks below this value. */
  minorFrom?: number;
  /** Log axes: where 0 stands, left of a break in the axis, and the middle of that; absent where 0 has no place. */
  apart?: { zero: number; gap: number };
}

/** Where a value stands in units of its axis: itself, but for a 0 that stands apart. */
export const placeOf = ({ apart }: Axis, value: number): number =>
  value === 0 && apart ? apart.zero : value;

/** Where a value stands along an axis, from 0 at its beginning to 1 at its end; not a number for what has no place. */
export function shareAlong(axis: Axis, value: number): number {
  const [from, to] = axis.domain;
  const at = placeOf(axis, value);
  if (axis.type === 'linear') return (at - from) / (to - from);
  return at > 0 ? Math.log(at / from) / Math.log(to / from) : Number.NaN;
}

/** Exponents of the powers of ten around [least, greatest]. */
export const decades = (least: number, greatest: number): number[] => {
  const from = Math.floor(Math.log10(least));
  return Array.from({ length: Math.ceil(Math.log10(greatest)) - from + 1 }, (_, k) => from + k);
};

/** Ticks of a log axis: powers of ten, thinned to at most seven; where those are fewer than three, digits between them. */
export function logTicks(least: number, greatest: number): Axis['ticks'] {
  const inside = (at: number): boolean => at >= least * (1 - 1e-9) && at <= greatest * (1 + 1e-9);
  const powers = decades(least, greatest)
    .map((exponent) => ({ at: Number(`1e${exponent}`), exponent }))
    .filter(({ at }) => inside(at));
  if (powers.length >= 3) {
    const every = Math.ceil(powers.length / 7);
    const kept = powers.filter(({ exponent }) => exponent % every === 0);
    const short = kept.every(({ exponent }) => exponent >= -2 && exponent <= 3);
    return kept.map(({ at, exponent }) => ({ at, label: short ? String(at) : powerOfTen(exponent) }));
  }
  const digits = (kept: number[]): number[] =>
    decades(least, greatest)
      .flatMap((exponent) => kept.map((digit) => Number(`${digit}e${exponent}`)))
      .filter(inside);
  const few = digits([1, 2, 5]);
  const ticks = few.length >= 3 ? few : digits([1, 2, 3, 4, 5, 6, 8]);
  return ticks.map((at) => ({ at, label: plainTick(at) }));
}

export function linearTicks(least: number, greatest: number, about = 5): Axis['ticks'] {
  const rough = (greatest - least) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((digit) => digit * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(greatest / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => {
    const at = Number(((first + k) * step).toPrecision(12));
    return { at, label: plainTick(at) };
  });
}

function plainTick(at: number): string {
  const size = Math.abs(at);
  if (size !== 0 && (size < 1e-4 || size >= 1e5)) {
    const [mantissa, exponent] = at.toExponential().split('e');
    const power = `10^{${exponent.replace('+', '').replace('-', '−')}}`;
    return mantissa === '1' ? power : `${mantissa.replace('-', '−')}·${power}`;
  }
  return Number.isInteger(at) ? formatCount(at) : String(at).replace('-', '−');
}
