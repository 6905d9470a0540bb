import jsep from 'jsep';

/** A number of a sweep that follows from others, such as ceil(d^1.25). */
export interface Formula {
  text: string;
  /** What it needs to know, in order of appearance. */
  names: readonly string[];
  /** Its value, without what rounding has left of an integer or of twelve digits; infinite or NaN where arithmetic has none. Every name must be in `values`. */
  evaluate: (values: ReadonlyMap<string, number>) => number;
}

/** A text that is no formula; the message goes on after the text: 'is "d^", …'. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
}

export const formulaFunctions: Readonly<Record<string, (...values: number[]) => number>> = {
  ceil: (value) => Math.ceil(settled(value)),
  floor: (value) => Math.floor(settled(value)),
  // Halves are rounded up, and what is a half but for rounding is one.
  round: (value) => Math.round(settled(2 * value) / 2),
  sqrt: Math.sqrt,
  log: Math.log,
  exp: Math.exp,
  min: Math.min,
  max: Math.max,
};

/** What is an integer but for the rounding of the arithmetic that led to it: 1.1 · 100 is meant to be 110. */
function settled(value: number): number {
  const near = Math.round(value);
  return Math.abs(value - near) <= Math.min(1e-2, 1e-12 * Math.max(1, Math.abs(value))) ? near : value;
}

/** Twelve digits, as the values of ranges have, where only rounding leads away from them: 0.1 · 3 is meant to be 0.3. */
function tidied(value: number): number {
  const near = Number(value.toPrecision(12));
  return Math.abs(value - near) <= 1e-14 * Math.abs(value) ? near : value;
}

const operators: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

// Above * and /, and 2^3^2 is 2^(3^2); JavaScript's own ^ is another operator.
jsep.addBinaryOp('^', 11, true);

/** A formula is read by functions that call themselves: what is longer, or deeper in brackets, is none. */
const most = { characters: 1000, brackets: 64 };

/**
 * Reads a formula of numbers, names, + - * / ^, brackets and the functions above.
 * @throws FormulaError where it is none.
 */
export function parseFormula(text: string): Formula {
  requireShort(text);
  const names = new Set<string>();
  const evaluate = compile(parseTree(text), names);
  return { text, names: [...names], evaluate: (values) => tidied(evaluate(values)) };
}

function requireShort(text: string): void {
  if (text.length > most.characters) {
    throw new FormulaError(
      `which is too long for a formula (${text.length.toLocaleString('en-US')} characters, of ${most.characters.toLocaleString('en-US')} at most); name its parts under "variables"`,
    );
  }
  let open = 0;
  for (const character of text) {
    if ('([{'.includes(character)) open++;
    else if (')]}'.includes(character)) open--;
    if (open > most.brackets) {
      throw new FormulaError(`which has more than ${most.brackets} brackets within brackets`);
    }
  }
}

function parseTree(text: string): jsep.CoreExpression {
  try {
    return jsep(text) as jsep.CoreExpression;
  } catch (error) {
    throw new FormulaError(`which is no formula: ${(error as Error).message}`);
  }
}

type Evaluate = Formula['evaluate'];

function compile(node: jsep.CoreExpression, names: Set<string>): Evaluate {
  switch (node.type) {
    case 'Literal': {
      const { value, raw } = node;
      if (typeof value !== 'number') throw new FormulaError(`where ${raw} is no number`);
      return () => value;
    }
    case 'Identifier': {
      const { name } = node;
      if (Object.hasOwn(formulaFunctions, name)) throw new FormulaError(`where ${name} lacks its brackets`);
      names.add(name);
      return (values) => values.get(name)!;
    }
    case 'UnaryExpression': {
      if (node.operator !== '-' && node.operator !== '+') throw unknownSign(node.operator);
      const sign = node.operator === '-' ? -1 : 1;
      const argument = compile(node.argument as jsep.CoreExpression, names);
      return (values) => sign * argument(values);
    }
    case 'BinaryExpression': {
      if (!Object.hasOwn(operators, node.operator)) throw unknownSign(node.operator);
      // The parser takes −d^2 for (−d)^2, and the tree does not tell which was written.
      if (node.operator === '^' && node.left.type === 'UnaryExpression') {
        throw new FormulaError('where a sign stands before a power: write 0 - a^b or (0 - a)^b');
      }
      const operator = operators[node.operator];
      const left = compile(node.left as jsep.CoreExpression, names);
      const right = compile(node.right as jsep.CoreExpression, names);
      return (values) => operator(left(values), right(values));
    }
    case 'CallExpression': {
      const name = node.callee.type === 'Identifier' ? (node.callee as jsep.Identifier).name : '';
      if (!Object.hasOwn(formulaFunctions, name)) {
        const known = Object.keys(formulaFunctions).join(', ');
        throw new FormulaError(`which calls ${name || 'what is no function'}; the functions are ${known}`);
      }
      const several = name === 'min' || name === 'max';
      const count = node.arguments.length;
      if (count === 0 || (count > 1 && !several)) {
        throw new FormulaError(`where ${name} has ${count} arguments; it takes ${several ? 'some' : 'one'}`);
      }
      const list = node.arguments.map((argument) => compile(argument as jsep.CoreExpression, names));
      return (values) => formulaFunctions[name](...list.map((argument) => argument(values)));
    }
    default:
      throw new FormulaError('which is no formula: one expression of numbers, names, + - * / ^ and brackets');
  }
}

const unknownSign = (sign: string): FormulaError =>
  new FormulaError(`where ${sign} has no meaning; the signs are + - * / ^`);
