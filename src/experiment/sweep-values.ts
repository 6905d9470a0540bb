import { type Formula, FormulaError, parseFormula } from './formula.ts';
import { showName, showSome, showValue } from './show-value.ts';
import { SpecError } from './spec-error.ts';
import type { Scalar } from './sweep-axes.ts';
import {
  aliases,
  axisName,
  isListEntry,
  isObject,
  isVariable,
  numericFields,
  numericLists,
  pathTo,
} from './sweep-fields.ts';

/** Formulas by their text: a sweep has few, and many points. */
export class Formulas {
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

/** The numeric fields and free variables as this point has them: numbers, or formulas yet. */
export function collect(
  value: unknown,
  path: string,
  picked: ReadonlyMap<string, Scalar>,
  into: Map<string, unknown>,
): void {
  const here = picked.get(path) ?? value;
  if (Array.isArray(here) && numericLists.has(path)) {
    for (const [k, entry] of here.entries()) {
      if (typeof entry === 'string') into.set(pathTo(path, String(k)), entry);
    }
  } else if (numericFields.has(path) || isVariable(path)) into.set(path, here);
  else if (isObject(here)) {
    for (const [key, entry] of Object.entries(here)) collect(entry, pathTo(path, key), picked, into);
  }
}

/**
 * The value of every numeric field and free variable, each after those that its formula names.
 * @throws SpecError for formulas that are none, unknown names and circles.
 */
export function evaluateAll(given: ReadonlyMap<string, unknown>, formulas: Formulas): Map<string, number> {
  const pathOf = pathsByName(given.keys());
  const formulaAt = new Map<string, Formula>();
  const needs = new Map<string, string[]>();
  for (const [path, own] of given) {
    if (typeof own !== 'string') continue;
    const formula = readFormula(path, own, formulas);
    formulaAt.set(path, formula);
    const needed = formula.names.map((name) => pathOf.get(name) ?? unknownName(name, path, own, pathOf));
    needs.set(path, needed);
  }
  const values = new Map<string, number>();
  for (const path of eachAfterItsNeeds([...given.keys()], needs)) {
    const formula = formulaAt.get(path);
    const own = given.get(path);
    if (formula) {
      const scope = new Map(formula.names.map((name) => [name, values.get(pathOf.get(name)!)!]));
      values.set(path, formula.evaluate(scope));
    } else {
      values.set(path, typeof own === 'number' ? own : NaN); // parseSpec names what stands there
    }
    // A field that is not finite is refused by parseSpec; nothing else looks at free variables.
    if (isVariable(path) && !Number.isFinite(values.get(path))) {
      throw new SpecError([`${path} is ${showValue(own)}; its value must be a finite number.`]);
    }
  }
  return values;
}

/** What formulas call each field and free variable, and where it is. */
function pathsByName(paths: Iterable<string>): Map<string, string> {
  const named = [...paths].filter((path) => !isListEntry(path));
  const pathOf = new Map(named.map((path) => [axisName(path), path]));
  for (const [alias, name] of aliases) {
    const path = pathOf.get(name);
    if (path !== undefined) pathOf.set(alias, path);
  }
  return pathOf;
}

function unknownName(name: string, path: string, text: string, pathOf: ReadonlyMap<string, string>): never {
  const known = [...pathOf.keys()].filter((key) => pathOf.get(key) !== path);
  throw new SpecError([
    `${path} is ${showValue(text)}, but there is no ${showName(name)} here; a formula may use ${showSome(known, 24) || 'numbers only'}.`,
  ]);
}

/**
 * All paths, each after those that it needs. A chain of them is followed on a list, not on the stack: it may be long.
 * @throws SpecError where they need each other in a circle
 */
function* eachAfterItsNeeds(
  paths: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): Generator<string> {
  const done = new Set<string>();
  for (const start of paths) {
    /** Each needed by the one before it. */
    const chain = done.has(start) ? [] : [start];
    const under = new Set(chain);
    while (chain.length > 0) {
      const path = chain.at(-1)!;
      const next = needs.get(path)?.find((needed) => !done.has(needed));
      if (next === undefined) {
        yield path;
        done.add(path);
        under.delete(path);
        chain.pop();
        continue;
      }
      if (under.has(next)) {
        const circle = [...chain.slice(chain.indexOf(next)), next];
        const shown =
          circle.length > 12 ? [...circle.slice(0, 11), `… (${circle.length - 1} in all)`] : circle;
        throw new SpecError([
          `${shown.join(' → ')}: these formulas go in a circle; give one of them a number.`,
        ]);
      }
      chain.push(next);
      under.add(next);
    }
  }
}

function readFormula(path: string, text: string, formulas: Formulas): Formula {
  try {
    return formulas.of(text);
  } catch (error) {
    if (error instanceof FormulaError) {
      throw new SpecError([`${path} is ${showValue(text)}, ${error.message}.`]);
    }
    throw error;
  }
}

/** The spec of a point: the file with this point's values in place of lists and formulas. */
export function build(
  value: unknown,
  path: string,
  picked: ReadonlyMap<string, Scalar>,
  numbers: ReadonlyMap<string, number>,
): unknown {
  const here = picked.get(path) ?? value;
  if (typeof here === 'string' && numbers.has(path)) return numbers.get(path);
  if (Array.isArray(here)) {
    if (!numericLists.has(path)) return here;
    return here.map((entry, k) => build(entry, pathTo(path, String(k)), picked, numbers));
  }
  if (!isObject(here)) return here;
  return Object.fromEntries(
    Object.entries(here)
      .filter(([key]) => pathTo(path, key) !== 'variables')
      .map(([key, entry]) => [key, build(entry, pathTo(path, key), picked, numbers)]),
  );
}
