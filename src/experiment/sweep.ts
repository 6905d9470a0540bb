import { type Formula, FormulaError, formulaFunctions, parseFormula } from './formula.ts';
import { type Spec, parseSpec } from './spec.ts';
import { SpecError } from './spec-error.ts';
import { aliases, listFields, nameOf, numericFields } from './sweep-fields.ts';
import { SweepRangeError, isRange, mostPoints, rangeValues } from './sweep-range.ts';

/** A spec as a user writes it, with lists, ranges and formulas in place of scalars; parseSweep says what is wrong. */
export type SweepInput = Readonly<Record<string, unknown>>;

/** One point of a sweep: a run. */
export interface SweepPoint {
  /** Names its folder: the same for the same values, unique within the sweep. */
  id: string;
  label: string;
  /** Values of what is swept and of what follows from it, by name. */
  values: Record<string, number | string>;
  spec: Spec;
}

export interface Sweep {
  name: string;
  /** Names of what is swept, in the order of the file, the seed last. */
  axes: string[];
  /**
   * What slopes are fitted in: the first swept number that is no seed, or the field that follows from it where it is a
   * free variable. `axis` is the swept one. null where no number is swept.
   */
  variable: { name: string; axis: string } | null;
  points: SweepPoint[];
}

type Scalar = number | string | boolean;

/** A list or range of the file. */
interface Axis {
  name: string;
  /** Path of the field, or of the free variable below "variables". */
  path: string;
  values: Scalar[];
}

/**
 * Expands a spec in which fields may be lists, ranges or formulas into its points: every combination, in the order in
 * which the lists appear in the file, the seed changing fastest. Every point is a valid spec.
 * @throws SpecError naming field, formula, value and point of what is wrong, and what to write instead.
 */
export function parseSweep(input: unknown): Sweep {
  if (!isObject(input)) return { ...single(input), axes: [], variable: null };
  checkVariables(input['variables']);
  const axes = findAxes(input);
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostPoints) {
    const sizes = axes.map(({ path, values }) => `${path}: ${values.length}`).join(', ');
    throw new SpecError([
      `This sweep has ${count.toLocaleString('en-US')} points (${sizes}); at most ${mostPoints.toLocaleString('en-US')} are allowed. Shorten a list or a range.`,
    ]);
  }
  const formulas = new Formulas();
  const problems = new Problems(count);
  const ids = new Set<string>();
  const points: SweepPoint[] = [];
  for (const chosen of combinations(axes)) {
    const point = expand(input, axes, chosen, formulas, problems);
    if (point) points.push({ ...point, id: unique(point.id, ids) });
  }
  problems.report();
  return {
    name: points[0].spec.name,
    axes: axes.map(({ name }) => name),
    variable: variableOf(input, axes, formulas),
    points,
  };
}

/** Not even an object: parseSpec says so. */
function single(input: unknown): { name: string; points: SweepPoint[] } {
  const spec = parseSpec(input);
  return { name: spec.name, points: [{ id: 'run', label: spec.name, values: {}, spec }] };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const show = (value: unknown): string => JSON.stringify(value);

/** Free variables stand beside the fields in formulas, so their names must be free. */
function checkVariables(variables: unknown): void {
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

/** The lists and ranges of the file, in order, but for the seeds, which come last. */
function findAxes(input: Record<string, unknown>): Axis[] {
  const axes: Axis[] = [];
  const visit = (value: unknown, path: string): void => {
    if (listFields.has(path)) return;
    if (Array.isArray(value) || isRange(value)) axes.push(axisOf(path, value));
    else if (isObject(value)) for (const [key, entry] of Object.entries(value)) visit(entry, join(path, key));
  };
  visit(input, '');
  const isSeed = ({ path }: Axis) => path === 'seed';
  return [...axes.filter((axis) => !isSeed(axis)), ...axes.filter(isSeed)];
}

const variablePrefix = 'variables.';
const isVariable = (path: string): boolean => path.startsWith(variablePrefix);
const axisName = (path: string): string =>
  isVariable(path) ? path.slice(variablePrefix.length) : nameOf(path);

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
function* combinations(axes: readonly Axis[]): Generator<Scalar[]> {
  if (axes.length === 0) {
    yield [];
    return;
  }
  const [first, ...rest] = axes;
  for (const value of first.values) for (const tail of combinations(rest)) yield [value, ...tail];
}

/** Formulas by their text: a sweep has few, and many points. */
class Formulas {
  readonly #known = new Map<string, Formula>();

  /** @throws FormulaError */
  of(text: string): Formula {
    const known = this.#known.get(text);
    if (known) return known;
    const formula = parseFormula(text);
    this.#known.set(text, formula);
    return formula;
  }
}

/** What is wrong with the points, each said once, with the first point that has it. */
class Problems {
  readonly #points: number;
  readonly #found = new Map<string, { first: string; count: number }>();

  constructor(points: number) {
    this.#points = points;
  }

  add(problem: string, label: string): void {
    const found = this.#found.get(problem);
    if (found) found.count++;
    else this.#found.set(problem, { first: label, count: 1 });
  }

  /** @throws SpecError where there are any; of many the first few. */
  report(): void {
    if (this.#found.size === 0) return;
    const problems = [...this.#found].map(([problem, { first, count }]) =>
      count === this.#points || first === '' ? problem : `At ${first}: ${problem}`,
    );
    const most = 8;
    const rest = problems.length - most;
    throw new SpecError(rest > 0 ? [...problems.slice(0, most), `${rest} more of this kind.`] : problems);
  }
}

function expand(
  input: Record<string, unknown>,
  axes: readonly Axis[],
  chosen: readonly Scalar[],
  formulas: Formulas,
  problems: Problems,
): SweepPoint | undefined {
  const picked = new Map(axes.map(({ path }, k) => [path, chosen[k]]));
  const given = new Map<string, unknown>(); // numeric fields and free variables of this point
  collect(input, '', picked, given);
  const label = labelOf(axes, chosen);
  try {
    const numbers = evaluateAll(given, formulas);
    const spec = parseSpec(build(input, '', picked, numbers));
    return { ...describePoint(axes, chosen, given, numbers, spec), spec };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const problem of error.problems) problems.add(withFormula(problem, given), label);
    return undefined;
  }
}

/** The numeric fields and free variables as this point has them: numbers, or formulas yet. */
function collect(
  value: unknown,
  path: string,
  picked: ReadonlyMap<string, Scalar>,
  into: Map<string, unknown>,
): void {
  const here = picked.get(path) ?? value;
  if (numericFields.has(path) || isVariable(path)) into.set(path, here);
  else if (isObject(here)) {
    for (const [key, entry] of Object.entries(here)) collect(entry, join(path, key), picked, into);
  }
}

/**
 * The value of every numeric field and free variable, each after those that its formula names.
 * @throws SpecError for formulas that are none, unknown names and circles.
 */
function evaluateAll(given: ReadonlyMap<string, unknown>, formulas: Formulas): Map<string, number> {
  const pathOf = new Map([...given.keys()].map((path) => [axisName(path), path]));
  for (const [alias, name] of aliases) {
    const path = pathOf.get(name);
    if (path !== undefined) pathOf.set(alias, path);
  }
  const values = new Map<string, number>();
  const visit = (path: string, above: readonly string[]): number => {
    const known = values.get(path);
    if (known !== undefined) return known;
    const own = given.get(path);
    if (typeof own === 'number') return keep(path, own);
    if (typeof own !== 'string') return keep(path, NaN); // parseSpec names what stands there
    if (above.includes(path)) {
      const circle = [...above.slice(above.indexOf(path)), path].join(' → ');
      throw new SpecError([`${circle}: these formulas go in a circle; give one of them a number.`]);
    }
    const formula = readFormula(path, own, formulas);
    const scope = new Map<string, number>();
    for (const name of formula.names) {
      const needed = pathOf.get(name);
      if (needed === undefined) {
        throw new SpecError([
          `${path} is "${own}", but there is no ${name} here; a formula may use ${[...pathOf.keys()].filter((key) => pathOf.get(key) !== path).join(', ') || 'numbers only'}.`,
        ]);
      }
      scope.set(name, visit(needed, [...above, path]));
    }
    return keep(path, formula.evaluate(scope));
  };
  const keep = (path: string, value: number): number => {
    values.set(path, value);
    return value;
  };
  for (const path of given.keys()) visit(path, []);
  for (const [path, value] of values) {
    // A field that is not finite is refused by parseSpec; nothing else looks at free variables.
    if (isVariable(path) && !Number.isFinite(value)) {
      throw new SpecError([`${path} is ${show(given.get(path))}; its value must be a finite number.`]);
    }
  }
  return values;
}

function readFormula(path: string, text: string, formulas: Formulas): Formula {
  try {
    return formulas.of(text);
  } catch (error) {
    if (error instanceof FormulaError) throw new SpecError([`${path} is "${text}", ${error.message}.`]);
    throw error;
  }
}

/** The spec of a point: the file with this point's values in place of lists and formulas. */
function build(
  value: unknown,
  path: string,
  picked: ReadonlyMap<string, Scalar>,
  numbers: ReadonlyMap<string, number>,
): unknown {
  const here = picked.get(path) ?? value;
  if (typeof here === 'string' && numbers.has(path)) return numbers.get(path);
  if (!isObject(here)) return here;
  return Object.fromEntries(
    Object.entries(here)
      .filter(([key]) => join(path, key) !== 'variables')
      .map(([key, entry]) => [key, build(entry, join(path, key), picked, numbers)]),
  );
}

/** What parseSpec says of a value, with the formula that it came from and how to mend it. */
function withFormula(problem: string, given: ReadonlyMap<string, unknown>): string {
  const [, path = '', value = '', rest = ''] = /^([\w.]+) is (\S+); (.*)$/s.exec(problem) ?? [];
  const formula = given.get(path);
  if (typeof formula !== 'string') return problem;
  const mend = rest.startsWith('it must be an integer')
    ? ` Wrap it in ceil(…), floor(…) or round(…).`
    : rest.startsWith('it must be even')
      ? ` Take twice a whole number, for example 2*ceil(…/2).`
      : '';
  return `${path} is "${formula}", which gives ${value}; ${rest}${mend}`;
}

const labelOf = (axes: readonly Axis[], chosen: readonly Scalar[]): string =>
  axes
    .map(({ path, name }, k) =>
      path === 'seed' ? `seed ${String(chosen[k])}` : `${name} = ${String(chosen[k])}`,
    )
    .join(', ');

function describePoint(
  axes: readonly Axis[],
  chosen: readonly Scalar[],
  given: ReadonlyMap<string, unknown>,
  numbers: ReadonlyMap<string, number>,
  spec: Spec,
): Omit<SweepPoint, 'spec'> {
  const swept = axes.map(({ name, path }, k): [string, number | string] => [
    name,
    numbers.get(path) ?? String(chosen[k]),
  ]);
  const following = [...given]
    .filter(([path, value]) => typeof value === 'string' && !axes.some((axis) => axis.path === path))
    .map(([path]): [string, number] => [axisName(path), numbers.get(path)!]);
  const id = axes.map(({ name }, k) => `${plainName(name)}-${plainName(String(chosen[k]))}`).join('_');
  return {
    id: id || 'run',
    label: labelOf(axes, chosen) || spec.name,
    values: Object.fromEntries([...swept, ...following]),
  };
}

/** Only letters, digits, dots and hyphens: fit for a folder on every system. */
const plainName = (text: string): string => text.replace(/[^A-Za-z0-9.-]+/g, '-');

function unique(id: string, taken: Set<string>): string {
  let free = id;
  for (let k = 2; taken.has(free.toLowerCase()); k++) free = `${id}-${k}`;
  taken.add(free.toLowerCase()); // some file systems take capitals for small letters
  return free;
}

function variableOf(
  input: Record<string, unknown>,
  axes: readonly Axis[],
  formulas: Formulas,
): Sweep['variable'] {
  const first = axes.find(({ path }) => path !== 'seed' && (numericFields.has(path) || isVariable(path)));
  if (!first) return null;
  const field = isVariable(first.path) ? followerOf(first.name, input, formulas) : undefined;
  return { name: field ?? first.name, axis: first.name };
}

/** The first field of the file whose formula names a free variable. */
function followerOf(
  variable: string,
  input: Record<string, unknown>,
  formulas: Formulas,
): string | undefined {
  const given = new Map<string, unknown>();
  collect(input, '', new Map(), given);
  const follows = (value: unknown): boolean =>
    Array.isArray(value)
      ? value.some(follows)
      : typeof value === 'string' && formulas.of(value).names.includes(variable);
  const found = [...given].find(([path, value]) => !isVariable(path) && follows(value));
  return found && nameOf(found[0]);
}
