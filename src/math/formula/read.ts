import { Graph } from './graph.ts';
import type { Node } from './node.ts';
import { type Expression, FormulaError, parseExpression } from './parse.ts';

const functions: Record<string, { arity: number; make: (graph: Graph, args: Node[]) => Node }> = {
  exp: { arity: 1, make: (graph, [a]) => graph.unary('exp', a) },
  log: { arity: 1, make: (graph, [a]) => graph.unary('log', a) },
  sqrt: { arity: 1, make: (graph, [a]) => graph.unary('sqrt', a) },
  sin: { arity: 1, make: (graph, [a]) => graph.unary('sin', a) },
  cos: { arity: 1, make: (graph, [a]) => graph.unary('cos', a) },
  tanh: { arity: 1, make: (graph, [a]) => graph.unary('tanh', a) },
  erf: { arity: 1, make: (graph, [a]) => graph.unary('erf', a) },
  sigmoid: { arity: 1, make: (graph, [a]) => graph.unary('sigmoid', a) },
  abs: { arity: 1, make: (graph, [a]) => graph.abs(a) },
  min: { arity: 2, make: (graph, args) => args.reduce((least, a) => graph.min(least, a)) },
  max: { arity: 2, make: (graph, args) => args.reduce((most, a) => graph.max(most, a)) },
};

const constants: Record<string, number> = { pi: Math.PI, e: Math.E };

/** What a formula of an activation may call. */
const activationFunctionNames = Object.keys(functions);

/** Beyond this many nodes φ and φ′ are no longer something to compile into every matrix product. */
const mostNodes = 160;

/**
 * φ of a formula in x, and its graph.
 * @throws FormulaError where it is no formula in x.
 */
export function readFormula(text: string): { graph: Graph; phi: Node } {
  const expression = parseExpression(text);
  const graph = new Graph();
  const phi = build(expression, graph);
  graph.derivative(phi);
  if (graph.size > mostNodes) {
    throw new FormulaError(
      `whose value and slope take ${graph.size} operations, of ${mostNodes} at most; shorten it`,
    );
  }
  return { graph, phi };
}

function build(expression: Expression, graph: Graph): Node {
  switch (expression.kind) {
    case 'number':
      return graph.number(finite(expression.value, expression));
    case 'name':
      return named(expression.name, expression.at, graph);
    case 'sign': {
      const of = build(expression.of, graph);
      return expression.sign === '-' ? graph.negate(of) : of;
    }
    case 'call': {
      const { name, args, at } = expression;
      if (!Object.hasOwn(functions, name)) throw unknown(name, at, true);
      const { arity, make } = functions[name];
      if (arity === 1 ? args.length !== 1 : args.length < 2) {
        throw new FormulaError(
          `where ${name}, at character ${at}, has ${args.length} argument${args.length === 1 ? '' : 's'}; it takes ${arity === 1 ? 'one' : 'two or more'}`,
        );
      }
      return folded(
        make(
          graph,
          args.map((arg) => build(arg, graph)),
        ),
        expression,
      );
    }
    case 'binary': {
      const [left, right] = [build(expression.left, graph), build(expression.right, graph)];
      return folded(combine(expression, left, right, graph), expression);
    }
  }
}

function combine(
  { sign, at }: Extract<Expression, { kind: 'binary' }>,
  left: Node,
  right: Node,
  graph: Graph,
): Node {
  switch (sign) {
    case '+':
      return graph.add(left, right);
    case '-':
      return graph.subtract(left, right);
    case '*':
      return graph.multiply(left, right);
    case '/':
      return graph.divide(left, right);
    case '^':
      if (left.op === 'number' && left.value <= 0 && right.op !== 'number') {
        throw new FormulaError(
          `where ^, at character ${at}, has ${left.value} raised to what x changes; only numbers above 0 have such powers`,
        );
      }
      return graph.power(left, right);
  }
}

/** A number that arithmetic on numbers made must be one. */
function folded(node: Node, { at }: { at: number }): Node {
  if (node.op === 'number') finite(node.value, { at });
  return node;
}

function finite(value: number, { at }: { at: number }): number {
  if (Number.isFinite(value) && Math.abs(value) <= 1e30) return value;
  throw new FormulaError(
    `where the number at character ${at} is ${value}; float32 computes with numbers up to 1e30`,
  );
}

function named(name: string, at: number, graph: Graph): Node {
  if (name === 'x') return graph.x;
  if (Object.hasOwn(constants, name)) return graph.number(constants[name]);
  throw Object.hasOwn(functions, name)
    ? new FormulaError(`where ${name}, at character ${at}, lacks its brackets: ${name}(x)`)
    : unknown(name, at, false);
}

function unknown(name: string, at: number, called: boolean): FormulaError {
  const near = closest(
    name,
    called ? activationFunctionNames : ['x', ...Object.keys(constants), ...activationFunctionNames],
  );
  const hint = near ? ` (did you mean ${near}?)` : '';
  return new FormulaError(
    called
      ? `which calls ${name}, at character ${at}${hint}; the functions are ${activationFunctionNames.join(', ')}`
      : `where ${name}, at character ${at}, is not known${hint}; the variable is x, the numbers have the names pi and e`,
  );
}

/** The known name that differs least, by at most two letters and half of them. */
export function closest(name: string, known: readonly string[]): string | null {
  const [best] = known
    .map((other) => ({ other, distance: lettersBetween(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= 2 && distance <= other.length / 2)
    .sort((p, q) => p.distance - q.distance);
  return (best as typeof best | undefined)?.other ?? null;
}

/** Letters to insert, remove or change (Levenshtein). */
function lettersBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    }
    row = next;
  }
  return row[b.length];
}
