import { greatestOf, leastOf } from '../math/statistics.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Vector } from '../gpu/vector.ts';
import { Lanczos, type LanczosStep, type RitzPairs, ritzPairs } from './lanczos.ts';
import { GramOperator, type LinearOperator } from './operator.ts';

export interface SpectrumOptions {
  /** Seed of the random start; 0 unless given. */
  seed?: number;
  /** Error asked of every eigenvalue, relative to the norm; 1e-5 unless given. */
  tolerance?: number;
  /**
   * What float32 leaves open of the operator itself, in norm: no error asked for is smaller, and every error given
   * includes it, and the operator's own uncertainty. 0 unless given.
   */
  rounding?: number;
  /** Products after which it gives up; 127 unless given (so that the basis has 128 columns), never more than the size. */
  maxProducts?: number;
  signal?: AbortSignal;
  /** Called after every product: each takes about as long as the one before. */
  onProduct?: () => void;
}

/** An eigenvalue with its certificate and an estimate of its error. */
export interface Eigenvalue {
  value: number;
  /** The certificate, ‖Ay − θy‖/‖y‖ as measured: some eigenvalue of A is this near, whatever the process did. */
  residual: number;
  /**
   * The error to expect: residual²/gap, where gap is the distance to the next Ritz value less its own residual, if that is
   * smaller than the residual (Parlett, The Symmetric Eigenvalue Problem, section 11.7; it takes the next Ritz value to stand
   * for the next eigenvalue); and the rounding that the options name.
   */
  error: number;
}

export interface Spectrum {
  /** Largest first. */
  largest: Eigenvalue[];
  /** Smallest first. */
  smallest: Eigenvalue[];
  /** Products with the operator, those of the certificates included. */
  products: number;
  /** Whether every error is within the tolerance. */
  converged: boolean;
}

export interface Norm {
  value: number;
  /** The certificate: A has an eigenvalue (AᵀA a root of one) within this of ±value. */
  residual: number;
  /** The error to expect, as Eigenvalue has it; where the other end of the spectrum may pass this one, by how much. */
  error: number;
  products: number;
  converged: boolean;
}

/** Products that a norm takes at most: a basis of 128 columns. */
export const mostProducts = 127;
const defaults = { seed: 0, tolerance: 1e-5, rounding: 0, maxProducts: mostProducts };
/** T is diagonalized after so many steps, and then after half as many again. */
const firstLook = 12;

/**
 * The `count` largest and smallest eigenvalues of a symmetric operator by Lanczos with full reorthogonalization: a random
 * start misses an eigenvector with probability 0, and each value comes with a residual that was measured.
 * Memory: n · maxProducts floats.
 * @throws RangeError for an operator that is not symmetric; what the device throws; the signal's reason.
 */
export async function extremeEigenvalues(
  gpu: Gpu,
  operator: LinearOperator,
  count: number,
  options: SpectrumOptions = {},
): Promise<Spectrum> {
  requireSymmetric(operator);
  const ends = (k: number) => [
    ...new Set([...range(0, Math.min(count, k)), ...range(Math.max(0, k - count), k)]),
  ];
  using process = await Process.run(gpu, operator, options, (found) =>
    ends(found.values.length).every((index) => errorOf(found, index) <= found.scale),
  );
  const { length } = process.found.values;
  const certified = new Map<number, Eigenvalue>();
  for (const index of ends(length)) certified.set(index, await process.certify(index));
  return {
    largest: range(0, Math.min(count, length)).map((index) => certified.get(index)!),
    smallest: range(0, Math.min(count, length)).map((i) => certified.get(length - 1 - i)!),
    products: process.products,
    converged: [...certified.values()].every(({ error }) => error <= process.enough),
  };
}

/**
 * ‖A‖ of a symmetric operator: its eigenvalue of largest size. `eigenvector`, of the operator's size, receives the unit
 * vector that belongs to it; `signed` in the result is the eigenvalue itself.
 */
export async function spectralNorm(
  gpu: Gpu,
  operator: LinearOperator,
  options: SpectrumOptions = {},
  eigenvector?: Vector,
): Promise<Norm & { signed: number }> {
  requireSymmetric(operator);
  using process = await Process.run(
    gpu,
    operator,
    options,
    (found) => errorOf(found, dominantOf(found)) <= found.scale && otherEnd(found) <= found.scale,
  );
  const { value, residual, error } = await process.certify(dominantOf(process.found), eigenvector);
  const most = Math.max(error, otherEnd(process.found));
  return {
    value: Math.abs(value),
    signed: value,
    residual,
    error: most,
    products: process.products,
    converged: most <= process.enough,
  };
}

/** The end of the spectrum whose Ritz value is of the larger size. */
const dominantOf = ({ values }: Found): number => (values[0] >= -values.at(-1)! ? 0 : values.length - 1);

/** By how much the other end may pass the dominant one: its Ritz value may still have its residual to go. */
function otherEnd({ values, residuals }: Found): number {
  if (values.length < 2) return 0;
  const dominant = dominantOf({ values, residuals, scale: 0 });
  const other = values.length - 1 - dominant;
  return Math.max(0, Math.abs(values[other]) + residuals[other] - Math.abs(values[dominant]));
}

/** ‖A‖ of any square operator: the spectral norm, or √‖AᵀA‖ where A is not symmetric. */
export async function operatorNorm(
  gpu: Gpu,
  operator: LinearOperator,
  options: SpectrumOptions = {},
): Promise<Norm> {
  if (operator.symmetric) return spectralNorm(gpu, operator, options);
  using gram = new GramOperator(gpu, operator);
  return squareRoot(await spectralNorm(gpu, gram, gramOptions(options)), options);
}

/** ‖M‖ of a rectangular map M that is given by the operator MMᵀ. */
export async function rectangularNorm(
  gpu: Gpu,
  gram: LinearOperator,
  options: SpectrumOptions = {},
): Promise<Norm> {
  return squareRoot(await spectralNorm(gpu, gram, gramOptions(options)), options);
}

/** What rounding leaves open of ‖M‖ is its square under ‖MMᵀ‖ where nothing else is there; else it is added at the end. */
const gramOptions = (options: SpectrumOptions): SpectrumOptions => ({
  ...options,
  rounding: (options.rounding ?? 0) ** 2,
});

/** From ‖MMᵀ‖ to ‖M‖: the farther of both ends of its interval. */
function squareRoot(square: Norm, { rounding = 0 }: SpectrumOptions): Norm {
  const value = Math.sqrt(square.value);
  const farther = (error: number) => value - Math.sqrt(Math.max(0, square.value - error));
  return { ...square, value, residual: farther(square.residual), error: farther(square.error) + rounding };
}

/** What Lanczos has found so far. */
interface Found {
  /** Ritz values, largest first. */
  values: readonly number[];
  /** The residual of each, estimated from the last β. */
  residuals: readonly number[];
  /** Absolute error that is asked for. */
  scale: number;
}

/** Lanczos, run until what is found is enough, the room is used up or the space is closed. */
class Process implements Disposable {
  readonly #gpu: Gpu;
  readonly #stream: CommandStream;
  readonly #lanczos: Lanczos;
  readonly #size: number;
  readonly #ritz: RitzPairs;
  readonly #rounding: number;
  readonly found: Found;
  products: number;

  private constructor(
    gpu: Gpu,
    stream: CommandStream,
    lanczos: Lanczos,
    size: number,
    result: { ritz: RitzPairs; found: Found; rounding: number },
  ) {
    this.#gpu = gpu;
    this.#stream = stream;
    this.#lanczos = lanczos;
    this.#size = size;
    this.#ritz = result.ritz;
    this.#rounding = result.rounding;
    this.found = result.found;
    this.products = lanczos.steps;
  }

  static async run(
    gpu: Gpu,
    operator: LinearOperator,
    options: SpectrumOptions,
    enough: (found: Found) => boolean,
  ): Promise<Process> {
    const { seed, tolerance, maxProducts, signal, onProduct, ...given } = { ...defaults, ...options };
    const rounding = given.rounding + (operator.uncertainty ?? 0);
    const room = Math.min(maxProducts, operator.size);
    const stream = new CommandStream(gpu);
    let lanczos: Lanczos | undefined;
    try {
      lanczos = await Lanczos.create(gpu, stream, operator, room, seed);
      for (let look = Math.min(firstLook, room); ; look = Math.min(room, Math.ceil(1.5 * look))) {
        while (lanczos.steps < look) {
          await lanczos.step(signal);
          onProduct?.();
        }
        const { steps, closed } = closedPart(await lanczos.read(), tolerance);
        const ritz = ritzPairs(steps);
        const beta = closed ? 0 : steps.at(-1)!.beta;
        const residuals = ritz.vectors.map((vector) => Math.abs(beta * vector.at(-1)!));
        const norm = greatestOf(ritz.values.map(Math.abs));
        const found = { values: ritz.values, residuals, scale: Math.max(tolerance * norm, rounding) };
        if (enough(found) || closed || look === room) {
          return new Process(gpu, stream, lanczos, operator.size, { ritz, found, rounding });
        }
      }
    } catch (error) {
      stream.discard();
      lanczos?.[Symbol.dispose]();
      stream[Symbol.dispose]();
      throw error;
    }
  }

  /** The error up to which a certified value counts as converged: measured residuals have float32's rounding, too. */
  get enough(): number {
    return 2 * this.found.scale + this.#rounding;
  }

  /** Measures the residual of a Ritz pair; its vector goes to `into` where given. */
  async certify(index: number, into?: Vector): Promise<Eigenvalue> {
    using own = into ? undefined : new Vector(this.#gpu, 'Ritz vector', this.#size);
    const value = this.found.values[index];
    const { norm, residual } = await this.#lanczos.certify(this.#ritz.vectors[index], value, into ?? own!);
    this.products++;
    const measured = norm > 0 ? residual / norm : 0;
    const residuals = this.found.residuals.with(index, measured);
    return {
      value,
      residual: measured,
      error: errorOf({ ...this.found, residuals }, index) + this.#rounding,
    };
  }

  [Symbol.dispose](): void {
    this.#lanczos[Symbol.dispose]();
    this.#stream[Symbol.dispose]();
  }
}

/** The steps up to where the space is closed under A (what is left over is rounding), if it is. */
function closedPart(steps: LanczosStep[], tolerance: number): { steps: LanczosStep[]; closed: boolean } {
  let norm = 0;
  for (const [j, { alpha, beta }] of steps.entries()) {
    norm = Math.max(norm, Math.abs(alpha), beta);
    if (beta <= 0.1 * tolerance * norm) return { steps: steps.slice(0, j + 1), closed: true };
  }
  return { steps, closed: false };
}

/** See Eigenvalue.error: only the neighbours on the axis can be the nearest; without one there is no gap to know. */
function errorOf({ values, residuals }: Found, index: number): number {
  const residual = residuals[index];
  const gaps = [index - 1, index + 1]
    .filter((k) => k >= 0 && k < values.length)
    .map((k) => Math.abs(values[index] - values[k]) - residuals[k]);
  const gap = gaps.length > 0 ? leastOf(gaps) : 0;
  return gap > residual ? Math.min(residual, residual ** 2 / gap) : residual;
}

function requireSymmetric(operator: LinearOperator): void {
  if (!operator.symmetric) {
    throw new RangeError('Lanczos needs a symmetric operator; take operatorNorm, or the Gram operator AᵀA.');
  }
}

const range = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
