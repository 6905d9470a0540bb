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
  /** Absolute error that is enough, however small the norm: where rounding is all that is left. */
  floor?: number;
  /** Products after which it gives up; 127 unless given (so that the basis has 128 columns), never more than the size. */
  maxProducts?: number;
  signal?: AbortSignal;
}

/** An eigenvalue with its certificate. */
export interface Eigenvalue {
  value: number;
  /** ‖Ay − θy‖/‖y‖, measured: some eigenvalue of A is this near, whatever the process did. */
  residual: number;
  /**
   * The error to expect: residual²/gap, where gap is the distance to the next Ritz value less its own residual, if that is
   * smaller than the residual (Parlett, The Symmetric Eigenvalue Problem, section 11.7; it takes the next Ritz value to stand
   * for the next eigenvalue).
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
  /** The norm is at least value − error, and, as far as the process has seen the spectrum, at most value + error. */
  error: number;
  products: number;
  converged: boolean;
}

export const mostProducts = 127;
const defaults = { seed: 0, tolerance: 1e-5, floor: 0, maxProducts: mostProducts };
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
  using process = await Process.run(gpu, operator, options, ({ values }) => {
    const wanted = Math.min(count, values.length);
    return [...range(0, wanted), ...range(values.length - wanted, values.length)];
  });
  const k = process.ritz.values.length;
  const wanted = Math.min(count, k);
  const certified = new Map<number, Eigenvalue>();
  for (const index of new Set([...range(0, wanted), ...range(k - wanted, k)])) {
    certified.set(index, await process.certify(index));
  }
  const scale = process.scale;
  return {
    largest: range(0, wanted).map((index) => certified.get(index)!),
    smallest: range(0, wanted).map((i) => certified.get(k - 1 - i)!),
    products: process.products,
    converged: [...certified.values()].every(({ error }) => error <= 2 * scale),
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
  const dominant = ({ values }: RitzPairs) => (values[0] >= -values.at(-1)! ? 0 : values.length - 1);
  using process = await Process.run(gpu, operator, options, (ritz) => [dominant(ritz)]);
  const { value, error } = await process.certify(dominant(process.ritz), eigenvector);
  return {
    value: Math.abs(value),
    signed: value,
    error,
    products: process.products,
    converged: error <= 2 * process.scale,
  };
}

/** ‖A‖ of any square operator: the spectral norm, or √‖AᵀA‖ where A is not symmetric. */
export async function operatorNorm(
  gpu: Gpu,
  operator: LinearOperator,
  options: SpectrumOptions = {},
): Promise<Norm> {
  if (operator.symmetric) return spectralNorm(gpu, operator, options);
  using gram = new GramOperator(gpu, operator);
  return squareRoot(await spectralNorm(gpu, gram, gramOptions(options)));
}

/** ‖M‖ of a rectangular map M that is given by the operator MMᵀ. */
export async function rectangularNorm(
  gpu: Gpu,
  gram: LinearOperator,
  options: SpectrumOptions = {},
): Promise<Norm> {
  return squareRoot(await spectralNorm(gpu, gram, gramOptions(options)));
}

/** A floor under ‖M‖ is its square under ‖MMᵀ‖. */
const gramOptions = (options: SpectrumOptions): SpectrumOptions => ({
  ...options,
  floor: (options.floor ?? 0) ** 2,
});

/** From ‖MMᵀ‖ to ‖M‖. */
function squareRoot(square: Norm): Norm {
  const value = Math.sqrt(square.value);
  return { ...square, value, error: Math.sqrt(square.value + square.error) - value };
}

/** Lanczos, run until the wanted Ritz values are right, the room is used up or the space is. */
class Process implements Disposable {
  readonly #gpu: Gpu;
  readonly #stream: CommandStream;
  readonly #lanczos: Lanczos;
  readonly #size: number;
  readonly ritz: RitzPairs;
  readonly #estimates: number[];
  /** Absolute error that was asked for. */
  readonly scale: number;
  products: number;

  private constructor(
    gpu: Gpu,
    stream: CommandStream,
    lanczos: Lanczos,
    size: number,
    found: { ritz: RitzPairs; estimates: number[]; scale: number },
  ) {
    this.#gpu = gpu;
    this.#stream = stream;
    this.#lanczos = lanczos;
    this.#size = size;
    this.ritz = found.ritz;
    this.#estimates = found.estimates;
    this.scale = found.scale;
    this.products = lanczos.steps;
  }

  static async run(
    gpu: Gpu,
    operator: LinearOperator,
    options: SpectrumOptions,
    wanted: (ritz: RitzPairs) => number[],
  ): Promise<Process> {
    const { seed, tolerance, floor, maxProducts } = { ...defaults, ...options };
    const room = Math.min(maxProducts, operator.size);
    const stream = new CommandStream(gpu);
    let lanczos: Lanczos | undefined;
    try {
      lanczos = await Lanczos.create(gpu, stream, operator, room, seed);
      for (let look = Math.min(firstLook, room); ; look = Math.min(room, Math.ceil(1.5 * look))) {
        while (lanczos.steps < look) {
          options.signal?.throwIfAborted();
          await lanczos.step();
        }
        const { steps, closed } = closedPart(await lanczos.read(), tolerance);
        const ritz = ritzPairs(steps);
        const beta = closed ? 0 : steps.at(-1)!.beta;
        const estimates = ritz.vectors.map((vector) => Math.abs(beta * vector.at(-1)!));
        const norm = Math.max(...ritz.values.map(Math.abs));
        const scale = Math.max(tolerance * norm, floor);
        const done = wanted(ritz).every((index) => errorOf(ritz.values, estimates, index) <= scale);
        if (done || closed || look === room) {
          return new Process(gpu, stream, lanczos, operator.size, { ritz, estimates, scale });
        }
      }
    } catch (error) {
      stream.discard();
      lanczos?.[Symbol.dispose]();
      stream[Symbol.dispose]();
      throw error;
    }
  }

  /** Measures the residual of a Ritz pair; its vector goes to `into` where given. */
  async certify(index: number, into?: Vector): Promise<Eigenvalue> {
    using own = into ? undefined : new Vector(this.#gpu, 'Ritz vector', this.#size);
    const value = this.ritz.values[index];
    const { norm, residual } = await this.#lanczos.certify(this.ritz.vectors[index], value, into ?? own!);
    this.products++;
    const measured = norm > 0 ? residual / norm : 0;
    const estimates = this.#estimates.with(index, measured);
    return { value, residual: measured, error: errorOf(this.ritz.values, estimates, index) };
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

/** See Eigenvalue.error: only the neighbours on the axis can be the nearest. */
function errorOf(values: readonly number[], residuals: readonly number[], index: number): number {
  const residual = residuals[index];
  const gap = Math.min(
    ...[index - 1, index + 1]
      .filter((k) => k >= 0 && k < values.length)
      .map((k) => Math.abs(values[index] - values[k]) - residuals[k]),
  );
  return gap > residual ? Math.min(residual, residual ** 2 / gap) : residual;
}

function requireSymmetric(operator: LinearOperator): void {
  if (!operator.symmetric) {
    throw new RangeError('Lanczos needs a symmetric operator; take operatorNorm, or the Gram operator AᵀA.');
  }
}

const range = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
