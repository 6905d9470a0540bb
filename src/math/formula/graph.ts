import { evaluateNode } from './evaluate.ts';
import type { Node, Operation } from './node.ts';

type Unary = Extract<
  Operation,
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'erf'
  | 'sigmoid'
  | 'softplus'
  | 'sech2'
  | 'bell'
  | 'sigmoidPrime'
>;

/**
 * The nodes of one formula, equal ones once, with their derivatives and differences as further nodes of the same kind. What
 * evaluates φ in float64, what bounds its float32 and what writes its WGSL walk over the same nodes, so that they agree.
 */
export class Graph {
  readonly #known = new Map<string, Node>();
  readonly #derivatives = new Map<number, Node>();
  readonly #differences = new Map<number, Node>();
  readonly #moved = new Map<string, Node>();
  readonly zero = this.number(0);
  readonly one = this.number(1);
  readonly x = this.#node('x', []);

  get size(): number {
    return this.#known.size;
  }

  #node(op: Operation, args: readonly Node[], value = 0): Node {
    const key = `${op} ${args.map(({ id }) => id).join(' ')} ${Object.is(value, -0) ? '-0' : value}`;
    let node = this.#known.get(key);
    if (!node) this.#known.set(key, (node = { op, args, value, id: this.#known.size }));
    return node;
  }

  number(value: number): Node {
    return this.#node('number', [], value);
  }

  add(a: Node, b: Node): Node {
    if (a.op === 'number' && b.op === 'number') return this.number(a.value + b.value);
    if (isNumber(a, 0)) return b;
    if (isNumber(b, 0)) return a;
    if (a.op === 'exp' && isNumber(b, -1)) return this.unary('expm1', a.args[0]);
    if (b.op === 'negate') return this.subtract(a, b.args[0]);
    return this.#node('add', [a, b]);
  }

  subtract(a: Node, b: Node): Node {
    if (a.op === 'number' && b.op === 'number') return this.number(a.value - b.value);
    if (isNumber(b, 0)) return a;
    if (isNumber(a, 0)) return this.negate(b);
    if (a === b) return this.zero;
    if (a.op === 'exp' && isNumber(b, 1)) return this.unary('expm1', a.args[0]);
    if (b.op === 'negate') return this.add(a, b.args[0]);
    return this.#node('subtract', [a, b]);
  }

  negate(a: Node): Node {
    if (a.op === 'number') return this.number(-a.value);
    return a.op === 'negate' ? a.args[0] : this.#node('negate', [a]);
  }

  multiply(a: Node, b: Node): Node {
    if (a.op === 'number' && b.op === 'number') return this.number(a.value * b.value);
    if (isNumber(a, 0) || isNumber(b, 0)) return this.zero;
    if (isNumber(a, 1)) return b;
    if (isNumber(b, 1)) return a;
    if (isNumber(a, -1)) return this.negate(b);
    if (isNumber(b, -1)) return this.negate(a);
    if (a.op === 'negate') return this.negate(this.multiply(a.args[0], b));
    if (b.op === 'negate') return this.negate(this.multiply(a, b.args[0]));
    return this.#node('multiply', [a, b]);
  }

  divide(a: Node, b: Node): Node {
    if (a.op === 'number' && b.op === 'number') return this.number(a.value / b.value);
    if (isNumber(a, 0) && !isNumber(b, 0)) return this.zero;
    if (isNumber(b, 1)) return a;
    // 1/(1 + e^b), whose exponential need not overflow.
    const exponent = onePlusExp(b);
    if (exponent) return this.multiply(a, this.unary('sigmoid', this.negate(exponent)));
    return this.#node('divide', [a, b]);
  }

  abs(a: Node): Node {
    if (a.op === 'number') return this.number(Math.abs(a.value));
    return this.#node('abs', [a.op === 'negate' ? a.args[0] : a]);
  }

  max(a: Node, b: Node): Node {
    if (a.op === 'number' && b.op === 'number') return this.number(Math.max(a.value, b.value));
    return a === b ? a : this.#node('max', [a, b]);
  }

  min(a: Node, b: Node): Node {
    if (a.op === 'number' && b.op === 'number') return this.number(Math.min(a.value, b.value));
    return a === b ? a : this.#node('min', [a, b]);
  }

  choose(a: Node, b: Node, less: Node, greater: Node, equal: Node): Node {
    return less === greater && greater === equal ? less : this.#node('choose', [a, b, less, greater, equal]);
  }

  unary(op: Unary, a: Node): Node {
    if (op === 'log') {
      const exponent = onePlusExp(a);
      if (exponent) return this.unary('softplus', exponent);
      if (a.op === 'add' && isNumber(a.args[0], 1)) return this.unary('log1p', a.args[1]);
      if (a.op === 'add' && isNumber(a.args[1], 1)) return this.unary('log1p', a.args[0]);
    }
    if (op === 'sqrt' && a.op === 'multiply' && a.args[0] === a.args[1]) return this.abs(a.args[0]);
    const node = this.#node(op, [a]);
    return a.op === 'number' ? this.number(evaluateNode(node, [a.value])) : node;
  }

  /** a^exponent: a product for whole numbers, a root for halves. */
  power(a: Node, exponent: Node): Node {
    if (exponent.op !== 'number') {
      const base = a.op === 'number' ? this.number(Math.log(a.value)) : this.unary('log', a);
      return this.unary('exp', this.multiply(exponent, base));
    }
    const { value } = exponent;
    if (a.op === 'number') return this.number(a.value ** value);
    if (value < 0) return this.divide(this.one, this.power(a, this.number(-value)));
    if (Number.isInteger(value) && value <= 64) return this.#whole(a, value);
    if (value === 0.5) return this.unary('sqrt', a);
    return this.#node('power', [a], value);
  }

  #whole(a: Node, exponent: number): Node {
    if (exponent === 0) return this.one;
    if (exponent === 1) return a;
    const half = this.#whole(a, Math.floor(exponent / 2));
    const square = this.multiply(half, half);
    return exponent % 2 === 0 ? square : this.multiply(a, square);
  }

  /** d/dx, from the right where there is a kink. */
  derivative(node: Node): Node {
    let found = this.#derivatives.get(node.id);
    if (!found) this.#derivatives.set(node.id, (found = this.#derive(node)));
    return found;
  }

  #derive(node: Node): Node {
    const [a, b] = node.args;
    const slope = (of: Node): Node => this.derivative(of);
    const chain = (outer: Node): Node => this.multiply(outer, slope(a));
    switch (node.op) {
      case 'number':
        return this.zero;
      case 'x':
      case 'z':
      case 'other':
      case 'gap':
        return this.one;
      case 'add':
        return this.add(slope(a), slope(b));
      case 'subtract':
        return this.subtract(slope(a), slope(b));
      case 'negate':
        return this.negate(slope(a));
      case 'multiply':
        return this.add(this.multiply(slope(a), b), this.multiply(a, slope(b)));
      case 'divide':
        // With the quotient itself: the square of a large b would overflow.
        return this.divide(this.subtract(slope(a), this.multiply(node, slope(b))), b);
      case 'abs':
        return this.choose(a, this.zero, this.negate(slope(a)), slope(a), this.abs(slope(a)));
      case 'max':
        return this.choose(a, b, slope(b), slope(a), this.max(slope(a), slope(b)));
      case 'min':
        return this.choose(a, b, slope(a), slope(b), this.min(slope(a), slope(b)));
      case 'choose': {
        const [, , less, greater, equal] = node.args;
        return this.choose(a, b, slope(less), slope(greater), slope(equal));
      }
      case 'exp':
        return chain(node);
      case 'expm1':
        return chain(this.unary('exp', a));
      case 'log':
        return this.divide(slope(a), a);
      case 'log1p':
        return this.divide(slope(a), this.add(this.one, a));
      case 'sqrt':
        return this.divide(this.multiply(this.number(0.5), slope(a)), node);
      case 'power': {
        const less = node.value - 1;
        const lower =
          less === 1 ? a : less === 0.5 ? this.unary('sqrt', a) : this.power(a, this.number(less));
        return chain(this.multiply(this.number(node.value), lower));
      }
      case 'sin':
        return chain(this.unary('cos', a));
      case 'cos':
        return chain(this.negate(this.unary('sin', a)));
      case 'tanh':
        return chain(this.unary('sech2', a));
      case 'sech2':
        return chain(this.multiply(this.number(-2), this.multiply(this.unary('tanh', a), node)));
      case 'erf':
        return chain(this.unary('bell', a));
      case 'bell':
        return chain(this.multiply(this.number(-2), this.multiply(a, node)));
      case 'sigmoid':
        return chain(this.unary('sigmoidPrime', a));
      case 'sigmoidPrime':
        return chain(
          this.negate(this.multiply(node, this.unary('tanh', this.multiply(this.number(0.5), a)))),
        );
      case 'softplus':
        return chain(this.unary('sigmoid', a));
      default:
        return node.op satisfies never;
    }
  }

  /** The node with one of the two arguments of a difference in place of x. */
  at(argument: 'z' | 'other', node: Node): Node {
    const key = `${argument} ${node.id}`;
    let found = this.#moved.get(key);
    if (!found) {
      found =
        node.op === 'x'
          ? this.#node(argument, [])
          : node.args.length === 0
            ? node
            : this.#node(
                node.op,
                node.args.map((arg) => this.at(argument, arg)),
                node.value,
              );
      this.#moved.set(key, found);
    }
    return found;
  }

  /**
   * node(z) − node(other) as a multiple of the gap z − other, so that it keeps its digits however small that is: for gaps of
   * at most about 1.
   */
  difference(node: Node): Node {
    let found = this.#differences.get(node.id);
    if (!found) this.#differences.set(node.id, (found = this.#differ(node)));
    return found;
  }

  #differ(node: Node): Node {
    const [a, b] = node.args;
    const gap = (of: Node): Node => this.difference(of);
    const z = (of: Node): Node => this.at('z', of);
    const other = (of: Node): Node => this.at('other', of);
    const direct = this.subtract(z(node), other(node));
    const half = (of: Node): Node => this.multiply(this.number(0.5), of);
    /** Where the argument moves by more, little cancels, and an exponential of it may overflow. */
    const within = (most: number, near: Node): Node =>
      this.choose(this.abs(gap(a)), this.number(most), near, direct, direct);
    switch (node.op) {
      case 'number':
        return this.zero;
      case 'x':
        return this.#node('gap', []);
      case 'add':
        return this.add(gap(a), gap(b));
      case 'subtract':
        return this.subtract(gap(a), gap(b));
      case 'negate':
        return this.negate(gap(a));
      case 'multiply':
        return this.add(this.multiply(gap(a), z(b)), this.multiply(other(a), gap(b)));
      case 'divide':
        return this.divide(this.subtract(gap(a), this.multiply(other(node), gap(b))), z(b));
      case 'abs': {
        const back = this.negate(gap(a));
        const [low, high] = [this.min(z(a), other(a)), this.max(z(a), other(a))];
        return this.choose(low, this.zero, this.choose(high, this.zero, back, direct, back), gap(a), gap(a));
      }
      case 'max':
      case 'min': {
        const [less, greater] = node.op === 'max' ? [gap(b), gap(a)] : [gap(a), gap(b)];
        const beside = (forLess: Node, forGreater: Node): Node =>
          this.choose(other(a), other(b), forLess, forGreater, forLess === less ? less : greater);
        return this.choose(
          z(a),
          z(b),
          beside(less, direct),
          beside(direct, greater),
          this.choose(other(a), other(b), less, greater, greater),
        );
      }
      case 'exp':
      case 'expm1':
        return within(1, this.multiply(this.unary('exp', other(a)), this.unary('expm1', gap(a))));
      case 'log':
        return this.choose(
          this.abs(gap(a)),
          half(other(a)),
          this.unary('log1p', this.divide(gap(a), other(a))),
          direct,
          direct,
        );
      case 'log1p': {
        const all = this.add(this.one, other(a));
        const kept = this.unary('log1p', this.divide(gap(a), all));
        return this.choose(this.abs(gap(a)), half(all), kept, direct, direct);
      }
      case 'sqrt': {
        const sum = this.add(z(node), other(node));
        return this.choose(sum, this.zero, this.zero, this.divide(gap(a), sum), this.zero);
      }
      case 'power': {
        const change = this.multiply(
          this.number(node.value),
          this.unary('log1p', this.divide(gap(a), other(a))),
        );
        const kept = this.multiply(other(node), this.unary('expm1', change));
        const near = this.choose(this.abs(gap(a)), half(other(a)), kept, direct, direct);
        return near;
      }
      case 'sin':
      case 'cos': {
        const middle = half(this.add(z(a), other(a)));
        const turn = this.multiply(this.number(2), this.unary('sin', half(gap(a))));
        return node.op === 'sin'
          ? this.multiply(turn, this.unary('cos', middle))
          : this.negate(this.multiply(turn, this.unary('sin', middle)));
      }
      case 'tanh':
        return this.multiply(
          this.unary('tanh', gap(a)),
          this.subtract(this.one, this.multiply(z(node), other(node))),
        );
      case 'sigmoid':
        // σ(p) − σ(q) = σ(p)σ(−q)(1 − e^(q − p))
        return within(
          1,
          this.negate(
            this.multiply(
              this.multiply(z(node), this.unary('sigmoid', this.negate(other(a)))),
              this.unary('expm1', this.negate(gap(a))),
            ),
          ),
        );
      case 'softplus':
        return within(
          1,
          this.unary('log1p', this.multiply(this.unary('sigmoid', other(a)), this.unary('expm1', gap(a)))),
        );
      case 'erf': {
        // The integral of its derivative by five points of Gauss and Legendre: off by (gap)¹¹/10⁹ times a tenth derivative.
        const middle = half(this.add(z(a), other(a)));
        const bell = (at: Node): Node => this.unary('bell', at);
        const mean = legendre.reduce(
          (sum, [point, weight]) => {
            const step = this.multiply(this.number(point / 2), gap(a));
            const ends = this.add(bell(this.add(middle, step)), bell(this.subtract(middle, step)));
            return this.add(sum, this.multiply(this.number(weight / 2), ends));
          },
          this.multiply(this.number(64 / 225), bell(middle)),
        );
        const near = this.multiply(gap(a), mean);
        return within(0.3, near);
      }
      case 'z':
      case 'other':
      case 'gap':
      case 'sech2':
      case 'bell':
      case 'sigmoidPrime':
      case 'choose':
        throw new Error(`A formula is not made of ${node.op}, which only its derivatives are.`);
      default:
        return node.op satisfies never;
    }
  }
}

/** Points > 0 and weights of Gauss–Legendre quadrature with five points on [−1, 1]; that at 0 has the weight 128/225. */
const legendre = [1, -1].map((sign) => [
  Math.sqrt(5 - sign * 2 * Math.sqrt(10 / 7)) / 3,
  (322 + sign * 13 * Math.sqrt(70)) / 900,
]);

const isNumber = (node: Node, value: number): boolean => node.op === 'number' && node.value === value;

/** b where a is 1 + e^b. */
function onePlusExp(a: Node): Node | null {
  if (a.op !== 'add') return null;
  const [p, q] = a.args;
  if (isNumber(p, 1) && q.op === 'exp') return q.args[0];
  return isNumber(q, 1) && p.op === 'exp' ? p.args[0] : null;
}
