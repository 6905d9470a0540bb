import { erf } from '../erf.ts';
import { logistic, logisticPrime, softplus } from '../logistic.ts';
import type { Node } from './node.ts';
import { inOrder } from './order.ts';

export interface Arguments {
  x?: number;
  z?: number;
  other?: number;
  gap?: number;
}

/** The value of a node in float64 from those of its arguments. */
export function evaluateNode(node: Node, args: readonly number[], at: Arguments = {}): number {
  // By index: this is where the time of a quadrature goes, and a pattern would walk over the array.
  const a = args[0];
  const b = args[1];
  switch (node.op) {
    case 'number':
      return node.value;
    case 'x':
    case 'z':
    case 'other':
    case 'gap':
      return at[node.op]!;
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'negate':
      return -a;
    case 'abs':
      return Math.abs(a);
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    case 'choose':
      return a < b ? args[2] : a > b ? args[3] : args[4];
    case 'exp':
      return Math.exp(a);
    case 'expm1':
      return Math.expm1(a);
    case 'log':
      return Math.log(a);
    case 'log1p':
      return Math.log1p(a);
    case 'sqrt':
      return Math.sqrt(a);
    case 'power':
      return a ** node.value;
    case 'sin':
      return Math.sin(a);
    case 'cos':
      return Math.cos(a);
    case 'tanh':
      return Math.tanh(a);
    case 'sech2':
      return (1 / Math.cosh(a)) ** 2;
    case 'erf':
      return erf(a);
    case 'bell':
      return (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a);
    case 'sigmoid':
      return logistic(a);
    case 'sigmoidPrime':
      return logisticPrime(a);
    case 'softplus':
      return softplus(a);
    default:
      return node.op satisfies never;
  }
}

/** A function of x that gives the values of some nodes, in one array that the next call overwrites. */
export function evaluator(roots: readonly Node[]): (at: Arguments) => Float64Array {
  const order = inOrder(roots);
  const slot = new Map(order.map(({ id }, k) => [id, k]));
  const from = order.map(({ args }) => args.map(({ id }) => slot.get(id)!));
  const values = new Float64Array(order.length);
  const results = new Float64Array(roots.length);
  const read = [0, 0, 0, 0, 0];
  return (at) => {
    for (let k = 0; k < order.length; k++) {
      const places = from[k];
      for (let p = 0; p < places.length; p++) read[p] = values[places[p]];
      values[k] = evaluateNode(order[k], read, at);
    }
    for (let r = 0; r < roots.length; r++) results[r] = values[slot.get(roots[r].id)!];
    return results;
  };
}
