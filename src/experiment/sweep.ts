import { type Spec, parseSpec } from './spec.ts';
import { requirePlain } from './plain-input.ts';
import { showSome } from './show-value.ts';
import { SpecError } from './spec-error.ts';
import { type Axis, type Scalar, checkVariables, combinations, findAxes } from './sweep-axes.ts';
import { axisName, isListEntry, isObject, isVariable, nameOf, numericFields } from './sweep-fields.ts';
import { Problems, withFormula } from './sweep-problems.ts';
import { mostPoints } from './sweep-range.ts';
import { Formulas, build, collect, evaluateAll } from './sweep-values.ts';

/** A spec as a user writes it, with lists, ranges and formulas in place of scalars; parseSweep says what is wrong. */
export type SweepInput = Readonly<Record<string, unknown>>;

/** One point of a sweep: a run. */
export interface SweepPoint {
  /** Names its folder: the same for the same values, unique within the sweep. */
  id: string;
  label: string;
  /** Values of what is swept and of what follows from it, by name. */
  values: Record<string, number | string>;
  /** What the lists and ranges of the file have for it, by the names of the axes: values, or formulas as they stand there. */
  entries: Record<string, number | string>;
  spec: Spec;
}

/** A sweep as it runs: its points, and what they vary in. */
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

/**
 * Expands a spec in which fields may be lists, ranges or formulas into its points: every combination, in the order in
 * which the lists appear in the file, the seed changing fastest. Every point is a valid spec.
 * @throws SpecError naming field, formula, value and point of what is wrong, and what to write instead.
 */
export function parseSweep(input: unknown): Sweep {
  if (!isObject(input)) return { ...single(input), axes: [], variable: null };
  const size = requirePlain(input);
  checkVariables(input['variables']);
  const axes = findAxes(input);
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostPoints) {
    const sizes = showSome(
      axes.filter(({ values }) => values.length > 1).map(({ path, values }) => `${path}: ${values.length}`),
    );
    throw new SpecError([
      `This sweep has ${shownCount(count)} points (${sizes}); at most ${mostPoints.toLocaleString('en-US')} are allowed. Shorten a list or a range.`,
    ]);
  }
  const held = count * (size - axes.reduce((sum, { values }) => sum + values.length, 0));
  if (held > mostValues) {
    throw new SpecError([
      `This sweep has ${shownCount(count)} points, whose specs hold ${shownCount(held)} values in all; at most ${mostValues.toLocaleString('en-US')} are allowed. Shorten the lists within the spec, or split the sweep.`,
    ]);
  }
  const formulas = new Formulas();
  const problems = new Problems(count);
  const names = new UniqueNames();
  const points: SweepPoint[] = [];
  for (const chosen of combinations(axes)) {
    const point = expand(input, axes, chosen, formulas, problems);
    if (point) points.push({ ...point, id: names.of(point.id) });
  }
  problems.report();
  const variable = variableOf(input, axes, formulas);
  if (variable) requireDifferent(points, variable.axis);
  return { name: points[0].spec.name, axes: axes.map(({ name }) => name), variable, points };
}

/**
 * A formula may come to the value that another entry of the variable's list has, and the experiment would be run, and counted in
 * fits, twice. What other lists make equal is of families of their own, as two powers that round to one width at a small d.
 * @throws SpecError
 */
function requireDifferent(points: readonly SweepPoint[], variable: string): void {
  const known = new Map<string, string>();
  const twice = points.flatMap(({ label, values, entries }) => {
    const text = JSON.stringify({ ...entries, [variable]: values[variable] });
    const first = known.get(text);
    if (first === undefined) known.set(text, label);
    return first === undefined ? [] : [{ first, label }];
  });
  if (twice.length === 0) return;
  const [{ first, label }] = twice;
  const rest = twice.length - 1;
  const others = rest > 0 ? ` (so are ${shownCount(rest)} more with others)` : '';
  throw new SpecError([
    `The points "${first}" and "${label}" are the same experiment${others}; each is run once. Take one of the values away, or change what follows from it.`,
  ]);
}

/** Values of the specs of all points: what a sweep holds in memory. */
const mostValues = 10_000_000;

const shownCount = (count: number): string =>
  count < 1e15 ? count.toLocaleString('en-US') : count.toPrecision(2);

/** Not even an object: parseSpec says so. */
function single(input: unknown): { name: string; points: SweepPoint[] } {
  const spec = parseSpec(input);
  return { name: spec.name, points: [{ id: 'run', label: spec.name, values: {}, entries: {}, spec }] };
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
  const paths = new Set(axes.map(({ path }) => path));
  const following = [...given]
    .filter(([path, value]) => typeof value === 'string' && !paths.has(path) && !isListEntry(path))
    .map(([path]): [string, number] => [axisName(path), numbers.get(path)!]);
  const id = axes.map(({ name }, k) => `${plainName(name)}-${plainName(String(chosen[k]))}`).join('_');
  return {
    id: id || 'run',
    label: labelOf(axes, chosen) || spec.name,
    values: Object.fromEntries([...swept, ...following]),
    entries: Object.fromEntries(axes.map(({ name }, k) => [name, entryOf(chosen[k])])),
  };
}

const entryOf = (chosen: Scalar): number | string => (typeof chosen === 'boolean' ? String(chosen) : chosen);

/** Only letters, digits, dots and hyphens: fit for a folder on every system. */
const plainName = (text: string): string => text.replace(/[^A-Za-z0-9.-]+/g, '-');

/** Folder names: the same name again gets -2, -3, … */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** The next number for a name that came before: many points may have the same one. */
  readonly #next = new Map<string, number>();

  of(name: string): string {
    const key = name.toLowerCase(); // some file systems take capitals for small letters
    let next = this.#next.get(key) ?? 1;
    const numbered = (): string => (next === 1 ? name : `${name}-${next}`);
    while (this.#taken.has(numbered().toLowerCase())) next++;
    const free = numbered();
    this.#taken.add(free.toLowerCase());
    this.#next.set(key, next + 1);
    return free;
  }
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
  const found = [...given].find(([path, value]) => !isVariable(path) && !isListEntry(path) && follows(value));
  return found && nameOf(found[0]);
}

/**
 * Points with the same entries of the axes' lists, in the order of their first ones: a formula makes one family, whatever its
 * values are.
 */
export function pointsAlike(points: readonly SweepPoint[], axes: readonly string[]): SweepPoint[][] {
  const groups = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = JSON.stringify(axes.map((axis) => point.entries[axis]));
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  return [...groups.values()];
}

/** Whether points have the same value of what this names. */
export const isShared = ([first, ...rest]: readonly SweepPoint[], name: string): boolean =>
  rest.every(({ values }) => values[name] === first.values[name]);

/** The value that points with the same entry have; the entry, which is a formula, where its values differ. */
export const sharedValue = (points: readonly SweepPoint[], axis: string): number | string => {
  const [{ values, entries }] = points;
  return isShared(points, axis) ? values[axis] : (entries[axis] ?? values[axis]);
};

/** What points with the same entries of the axes have in common: "activation = erf, eta = 600*d". */
export const sharedLabel = (points: readonly SweepPoint[], axes: readonly string[]): string =>
  axes.map((axis) => `${axis} = ${sharedValue(points, axis)}`).join(', ');
