import { FormulaError, parseFormula } from './formula.ts';
import { showName, showValue } from './show-value.ts';

/** As many values as a range may have, and points a sweep. */
export const mostPoints = 10_000;

/** Slack for the last value of a range, which rounding may leave a little past the end. */
const slack = 1e-9;

/** Whether a value of a spec is a range: {"from", "to"} with "times" or "plus". */
export const isRange = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && ['from', 'to', 'times', 'plus'].some((key) => key in value);

/** A range that has no values; the message goes on after the field and the range. */
export class SweepRangeError extends Error {
  override readonly name = 'SweepRangeError';
}

/**
 * The values from, from·times, from·times², … or from, from + plus, … that do not pass `to`.
 * @throws SweepRangeError where they never end, never begin or are too many, saying what would end.
 */
export function rangeValues(range: Record<string, unknown>): number[] {
  const unknown = Object.keys(range).find((key) => !['from', 'to', 'times', 'plus'].includes(key));
  if (unknown !== undefined) throw new SweepRangeError(`where ${showName(unknown)} has no meaning; ${form}`);
  if ('times' in range === 'plus' in range) {
    throw new SweepRangeError(`which needs either "times" or "plus"; ${form}`);
  }
  const [from, to] = [numberIn(range, 'from'), numberIn(range, 'to')];
  return 'times' in range
    ? geometric(from, to, numberIn(range, 'times'))
    : arithmetic(from, to, numberIn(range, 'plus'));
}

const form = 'a range is {"from": 10, "to": 80, "times": 2} or {"from": 1, "to": 9, "plus": 2}';

/** A number, or a formula without names such as "sqrt(2)". */
function numberIn(range: Record<string, unknown>, key: string): number {
  const given = range[key];
  if (given === undefined) throw new SweepRangeError(`which lacks ${JSON.stringify(key)}; ${form}`);
  const value = typeof given === 'string' ? constantIn(given, key) : given;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new SweepRangeError(`where ${JSON.stringify(key)} is ${showValue(given)}; it must be a number`);
  }
  return value;
}

function constantIn(text: string, key: string): number {
  try {
    const formula = parseFormula(text);
    if (formula.names.length === 0) return formula.evaluate(new Map());
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
  }
  throw new SweepRangeError(
    `where ${JSON.stringify(key)} is ${showValue(text)}; it must be a number, or a formula of numbers such as "sqrt(2)"`,
  );
}

function geometric(from: number, to: number, times: number): number[] {
  if (from <= 0 || to <= 0 || times <= 0) {
    const [key, value] =
      from <= 0 ? ['from', from] : to <= 0 ? ['to', to] : (['times', times] as [string, number]);
    throw new SweepRangeError(
      `which never ends: by multiplication only numbers above 0 are reached, and "${key}" is ${value}. Take one above 0, or "plus" in place of "times"`,
    );
  }
  if (from === to) return [from];
  if (to > from ? times <= 1 : times >= 1) {
    throw new SweepRangeError(
      `which never ends: ${from} multiplied by ${times} again and again does not reach ${to}. Take "times" ${to > from ? 'above' : 'below'} 1`,
    );
  }
  const count = counted(Math.log(to / from) / Math.log(times));
  return Array.from({ length: count }, (_, k) => tidy(from * times ** k));
}

function arithmetic(from: number, to: number, plus: number): number[] {
  if (from === to) return [from];
  if (to > from ? plus <= 0 : plus >= 0) {
    throw new SweepRangeError(
      `which never ends: adding ${plus} to ${from} again and again does not reach ${to}. Take "plus" ${to > from ? 'above' : 'below'} 0`,
    );
  }
  const count = counted((to - from) / plus);
  return Array.from({ length: count }, (_, k) => tidy(from + k * plus));
}

function counted(strides: number): number {
  const count = Math.floor(strides + slack) + 1;
  if (count <= mostPoints) return count;
  throw new SweepRangeError(
    `which has more than ${mostPoints.toLocaleString('en-US')} values. Take larger strides`,
  );
}

/** Twelve digits: 0.1 + 2 · 0.1 is meant to be 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));
