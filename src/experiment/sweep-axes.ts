import { formulaFunctions } from './formula.ts';
import { SpecError } from './spec-error.ts';
import {
  aliases,
  axisName,
  isObject,
  isVariable,
  listFields,
  numericFields,
  pathTo,
} from './sweep-fields.ts';
import { SweepRangeError, isRange, rangeValues } from './sweep-range.ts';

export type Scalar = number | string | boolean;

/** A list or range of the file. */
export interface Axis {
  name: string;
  /** Path of the field, or of the free variable below "variables". */
  path: string;
  values: Scalar[];
}

/** The lists and ranges of the file, in order, but for the seeds, which come last. */
export function findAxes(input: Record<string, unknown>): Axis[] {
  const axes: Axis[] = [];
  const visit = (value: unknown, path: string): void => {
    if (listFields.has(path)) return;
    if (Array.isArray(value) || isRange(value)) axes.push(axisOf(path, value));
    else if (isObject(value))
      for (const [key, entry] of Object.entries(value)) visit(entry, pathTo(path, key));
  };
  visit(input, '');
  const isSeed = ({ path }: Axis) => path === 'seed';
  return [...axes.filter((axis) => !isSeed(axis)), ...axes.filter(isSeed)];
}

function axisOf(path: string, given: unknown[] | Record<string, unknown>): Axis {
  const name = axisName(path);
  if (Array.isArray(given)) {
    if (given.length === 0) throw new SpecError([`${path} is an empty list; give at least one value.`]);
    const strange = given.find((value) => !['number', 'string', 'boolean'].includes(typeof value));
    if (strange !== undefined) {
      throw new SpecError([
        `${path} has ${show(strange)} in its list; a list holds one number or word for each point.`,
      ]);
    }
    const values = given as Scalar[];
    const twice = values.find((value, k) => values.indexOf(value) !== k);
    if (twice !== undefined) {
      throw new SpecError([`${path} has ${show(twice)} twice; each point is run once.`]);
    }
    return { name, path, values };
  }
  if (!numericFields.has(path) && !isVariable(path)) {
    throw new SpecError([`${path} is ${show(given)}; only numbers have ranges.`]);
  }
  try {
    const step = numericFields.get(path)?.step ?? null;
    const values = rangeValues(given);
    // A geometric range seldom meets whole numbers: the nearest are meant.
    if (step === null || !('times' in given)) return { name, path, values };
    return { name, path, values: [...new Set(values.map((value) => step * Math.round(value / step)))] };
  } catch (error) {
    if (error instanceof SweepRangeError) {
      throw new SpecError([`${path} is ${show(given)}, ${error.message}.`]);
    }
    throw error;
  }
}

/** Every choice of one value an axis; the last axis changes fastest. */
export function* combinations(axes: readonly Axis[]): Generator<Scalar[]> {
  if (axes.length === 0) {
    yield [];
    return;
  }
  const [first, ...rest] = axes;
  for (const value of first.values) for (const tail of combinations(rest)) yield [value, ...tail];
}

/** Free variables stand beside the fields in formulas, so their names must be free. */
export function checkVariables(variables: unknown): void {
  if (variables === undefined) return;
  if (!isObject(variables)) {
    throw new SpecError([
      `variables is ${show(variables)}; it must be an object of free variables, for example {"p": {"from": 0.5, "to": 2, "plus": 0.25}}.`,
    ]);
  }
  const taken = new Set([...[...numericFields.values()].map(({ name }) => name), ...aliases.keys()]);
  for (const name of Object.keys(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new SpecError([
        `variables.${name} cannot be named in a formula; take a letter or a word, for example "p".`,
      ]);
    }
    if (taken.has(name) || Object.hasOwn(formulaFunctions, name)) {
      throw new SpecError([
        `variables.${name} has the name of a ${taken.has(name) ? 'field' : 'function'}; call it otherwise, for example "p".`,
      ]);
    }
  }
}

const show = (value: unknown): string => JSON.stringify(value);
