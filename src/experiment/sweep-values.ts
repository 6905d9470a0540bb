import { type Formula, FormulaError, parseFormula } from './formula.ts';
import { SpecError } from './spec-error.ts';
import type { Scalar } from './sweep-axes.ts';
import { aliases, axisName, isObject, isVariable, numericFields, pathTo } from './sweep-fields.ts';

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
  if (numericFields.has(path) || isVariable(path)) into.set(path, here);
  else if (isObject(here)) {
    for (const [key, entry] of Object.entries(here)) collect(entry, pathTo(path, key), picked, into);
  }
}

/**
 * The value of every numeric field and free variable, each after those that its formula names.
 * @throws SpecError for formulas that are none, unknown names and circles.
 */
export function evaluateAll(given: ReadonlyMap<string, unknown>, formulas: Formulas): Map<string, number> {
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
      throw new SpecError([
        `${path} is ${JSON.stringify(given.get(path))}; its value must be a finite number.`,
      ]);
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
export function build(
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
      .filter(([key]) => pathTo(path, key) !== 'variables')
      .map(([key, entry]) => [key, build(entry, pathTo(path, key), picked, numbers)]),
  );
}
