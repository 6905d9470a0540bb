import { formulaFunctions } from './formula.ts';
import { SpecError } from './spec-error.ts';
import { aliases, axisName, holdsList, isObject, isVariable, numericFields, pathTo } from './sweep-fields.ts';
import { showName, showValue } from './show-value.ts';
import { SweepRangeError, isRange, mostPoints, rangeValues } from './sweep-range.ts';

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
    if (holdsList(path, input)) return;
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
    if (given.length > mostPoints) {
      throw new SpecError([
        `${path} is a list of ${given.length.toLocaleString('en-US')} values; a sweep has at most ${mostPoints.toLocaleString('en-US')} points. Shorten it.`,
      ]);
    }
    const strange = given.find((value) => !['number', 'string', 'boolean'].includes(typeof value));
    if (strange !== undefined) {
      throw new SpecError([
        `${path} has ${showValue(strange)} in its list; a list holds one number or word for each point.`,
      ]);
    }
    const values = given as Scalar[];
    const seen = new Set<Scalar>();
    const twice = values.find((value) => seen.size === seen.add(value).size);
    if (twice !== undefined) {
      throw new SpecError([`${path} has ${showValue(twice)} twice; each point is run once.`]);
    }
    return { name, path, values };
  }
  if (!numericFields.has(path) && !isVariable(path)) {
    throw new SpecError([`${path} is ${showValue(given)}; only numbers have ranges.`]);
  }
  try {
    const step = numericFields.get(path)?.step ?? null;
    const values = rangeValues(given);
    // A geometric range seldom meets whole numbers: the nearest are meant.
    if (step === null || !('times' in given)) return { name, path, values };
    return { name, path, values: [...new Set(values.map((value) => step * Math.round(value / step)))] };
  } catch (error) {
    if (error instanceof SweepRangeError) {
      throw new SpecError([`${path} is ${showValue(given)}, ${error.message}.`]);
    }
    throw error;
  }
}

/** Every choice of one value an axis; the last axis changes fastest. */
export function* combinations(axes: readonly Axis[]): Generator<Scalar[]> {
  const at = axes.map(() => 0);
  for (;;) {
    yield axes.map(({ values }, k) => values[at[k]]);
    let turning = axes.length - 1;
    while (turning >= 0 && ++at[turning] === axes[turning].values.length) at[turning--] = 0;
    if (turning < 0) return;
  }
}

/** Free variables stand beside the fields in formulas, so their names must be free. */
export function checkVariables(variables: unknown): void {
  if (variables === undefined) return;
  if (!isObject(variables)) {
    throw new SpecError([
      `variables is ${showValue(variables)}; it must be an object of free variables, for example {"p": {"from": 0.5, "to": 2, "plus": 0.25}}.`,
    ]);
  }
  const taken = new Set([...[...numericFields.values()].map(({ name }) => name), ...aliases.keys()]);
  for (const name of Object.keys(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new SpecError([
        `variables.${showName(name)} cannot be named in a formula; take a letter or a word, for example "p".`,
      ]);
    }
    if (taken.has(name) || Object.hasOwn(formulaFunctions, name)) {
      throw new SpecError([
        `variables.${name} has the name of a ${taken.has(name) ? 'field' : 'function'}; call it otherwise, for example "p".`,
      ]);
    }
  }
}
