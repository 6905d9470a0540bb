import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import { shown } from '../gpu/arguments.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Vector, requireVector } from '../gpu/vector.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';

/**
 * A linear map of R^size that is known by its products alone: what Lanczos needs of a kernel of any size. `u` and `out`
 * are different vectors; the dispatches of a product can be bound once and run as often as wished.
 */
export interface LinearOperator extends Disposable {
  readonly size: number;
  /** Whether A = Aᵀ; then both products are the same. */
  readonly symmetric: boolean;
  /** Bound on the norm of what the operator leaves out of the one it stands for, such as a cut series; 0 unless given. */
  readonly uncertainty?: number;
  /** out = A u */
  product: (u: Vector, out: Vector) => Iterable<Dispatch>;
  /** out = Aᵀ u */
  transposedProduct: (u: Vector, out: Vector) => Iterable<Dispatch>;
}

/** @throws TypeError where the value is no operator: a Matrix, for one, or the promise of an operator. */
export function requireOperator(value: LinearOperator): void {
  const { size, product } = Object(value) as Partial<LinearOperator>;
  if (typeof product === 'function' && typeof size === 'number') return;
  throw new TypeError(
    `operator must be a LinearOperator; it is ${shown(value)}. await StoredKernel.create(…) makes one of a Matrix, TangentKernel and FeatureKernel make others.`,
  );
}

/** @throws TypeError, RangeError unless u and out are different vectors of the operator's size. */
export function requireOperands({ size }: { readonly size: number }, u: Vector, out: Vector): void {
  requireVector('u', u);
  requireVector('out', out);
  if (u.length !== size || out.length !== size) {
    throw new RangeError(
      `An operator of size ${size} takes a vector of ${size} entries to another; these have ${u.length} and ${out.length}.`,
    );
  }
  if (u === out) {
    throw new RangeError('A product of an operator needs a vector of its own to go to, not its argument.');
  }
}

/** A product of an operator has entries that are no numbers, at whatever scale. */
export class NotFiniteError extends RangeError {
  override readonly name = 'NotFiniteError';

  constructor() {
    super(
      'A product with the operator has entries that are NaN or infinite: look for such entries, or for ones beyond float32 (3.4e38), in what it is made of.',
    );
  }
}

/** Runs the dispatches of a product on a stream. @throws the signal's reason where it is aborted. */
export async function runProduct(
  stream: CommandStream,
  dispatches: Iterable<Dispatch>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const dispatch of dispatches) {
    signal?.throwIfAborted();
    stream.run(dispatch);
    await stream.pace();
  }
}

export interface Term {
  coefficient: number;
  operator: LinearOperator;
}

/** Σ_k c_k A_k of operators that stay their owners'. Memory: one vector. */
export class LinearCombination implements LinearOperator {
  readonly size: number;
  readonly symmetric: boolean;
  readonly uncertainty: number;
  readonly #terms: readonly Term[];
  readonly #scratch: Vector;
  readonly #add: Elementwise;

  private constructor(gpu: Gpu, terms: readonly Term[], add: Elementwise) {
    this.size = terms[0].operator.size;
    this.symmetric = terms.every(({ operator }) => operator.symmetric);
    this.uncertainty = terms.reduce(
      (sum, { coefficient, operator }) => sum + Math.abs(coefficient) * (operator.uncertainty ?? 0),
      0,
    );
    this.#terms = terms;
    this.#scratch = new Vector(gpu, 'term of a sum of operators', this.size);
    this.#add = add;
  }

  /** @throws TypeError, RangeError unless there are operators, all of one size. */
  static async create(gpu: Gpu, terms: readonly Term[]): Promise<LinearCombination> {
    for (const { operator } of terms) requireOperator(operator);
    const sizes = new Set(terms.map(({ operator }) => operator.size));
    if (sizes.size !== 1) {
      throw new RangeError(`A sum needs operators of one size; these are of sizes ${[...sizes].join(', ')}.`);
    }
    return new LinearCombination(gpu, terms, await compileElementwise(gpu, 'accumulate'));
  }

  product(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#sum(u, out, (operator, target) => operator.product(u, target));
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#sum(u, out, (operator, target) => operator.transposedProduct(u, target));
  }

  *#sum(
    u: Vector,
    out: Vector,
    product: (operator: LinearOperator, target: Vector) => Iterable<Dispatch>,
  ): Generator<Dispatch> {
    requireOperands(this, u, out);
    const length = strideOf(this.size);
    for (const [index, { operator, coefficient }] of this.#terms.entries()) {
      yield* product(operator, index === 0 ? out : this.#scratch);
      if (index === 0) {
        // out = 0 · x + c · out; x only has to be another buffer.
        if (coefficient !== 1) {
          yield this.#add({ x: this.#scratch.binding, out: out.binding }, length, { a: 0, b: coefficient });
        }
      } else {
        yield this.#add({ x: this.#scratch.binding, out: out.binding }, length, { a: coefficient, b: 1 });
      }
    }
  }

  [Symbol.dispose](): void {
    this.#scratch[Symbol.dispose]();
  }
}

/** AᵀA, whose largest eigenvalue is ‖A‖². Memory: one vector. */
export class GramOperator implements LinearOperator {
  readonly size: number;
  readonly symmetric = true;
  readonly #operator: LinearOperator;
  readonly #image: Vector;

  constructor(gpu: Gpu, operator: LinearOperator) {
    requireOperator(operator);
    this.size = operator.size;
    this.#operator = operator;
    this.#image = new Vector(gpu, 'image under an operator', this.size);
  }

  *product(u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    yield* this.#operator.product(u, this.#image);
    yield* this.#operator.transposedProduct(this.#image, out);
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.product(u, out);
  }

  [Symbol.dispose](): void {
    this.#image[Symbol.dispose]();
  }
}

/** 2^after A 2^before of an operator that stays its owner's: products of any scale, within float32's range. Memory: one vector. */
export class ScaledOperator implements LinearOperator {
  readonly size: number;
  readonly symmetric: boolean;
  readonly #operator: LinearOperator;
  readonly #powers: { before: number; after: number };
  readonly #argument: Vector;
  readonly #add: Elementwise;

  private constructor(
    gpu: Gpu,
    operator: LinearOperator,
    powers: { before: number; after: number },
    add: Elementwise,
  ) {
    this.size = operator.size;
    this.symmetric = operator.symmetric;
    this.#operator = operator;
    this.#powers = powers;
    this.#argument = new Vector(gpu, 'scaled argument of an operator', operator.size);
    this.#add = add;
  }

  /** Powers from −126 to 127. */
  static async create(
    gpu: Gpu,
    operator: LinearOperator,
    powers: { before: number; after: number },
  ): Promise<ScaledOperator> {
    return new ScaledOperator(gpu, operator, powers, await compileElementwise(gpu, 'accumulate'));
  }

  product(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#between(u, out, (argument) => this.#operator.product(argument, out));
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#between(u, out, (argument) => this.#operator.transposedProduct(argument, out));
  }

  *#between(u: Vector, out: Vector, product: (argument: Vector) => Iterable<Dispatch>): Generator<Dispatch> {
    const length = strideOf(this.size);
    const { before, after } = this.#powers;
    yield this.#add({ x: u.binding, out: this.#argument.binding }, length, { a: 2 ** before, b: 0 });
    yield* product(this.#argument);
    // out = 0 · x + 2^after · out; x only has to be another buffer, and finite.
    yield this.#add({ x: u.binding, out: out.binding }, length, { a: 0, b: 2 ** after });
  }

  [Symbol.dispose](): void {
    this.#argument[Symbol.dispose]();
  }
}
