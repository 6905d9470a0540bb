import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import { greatestOf } from '../math/statistics.ts';
import { denseSpectrum } from './dense-spectrum.ts';
import { mostProducts } from './memory.ts';
import { Lanczos } from './lanczos.ts';
import {
  GramOperator,
  type LinearOperator,
  NotFiniteError,
  ScaledOperator,
  requireOperator,
} from './operator.ts';
import { findScale, unitOf } from './scale.ts';
import {
  type End,
  EndSearch,
  type PairFound,
  type Projection,
  type SearchSettings,
  type StartKrylov,
  firstLook,
  roundingOf,
  searchNorm,
} from './search.ts';

/** How well a norm or eigenvalues are wanted, with which risk, and what is told on the way. */
export interface SpectrumOptions {
  /** Seed of the random starts; 0 unless given. */
  seed?: number;
  /**
   * Error asked of the result, relative to the norm; 1e-2 unless given. To know that nothing larger was missed takes about
   * ln(√n/risk)/(2√tolerance) products, whatever the spectrum, and fewer where it has gaps. What is found is as a rule far
   * nearer than that: see accuracy.
   */
  tolerance?: number;
  /** How well those eigenvalues are computed that were found, relative to the norm; 1e-5 unless given. */
  accuracy?: number;
  /**
   * Probability over the random starts with which the stated error may fail to hold; 2.5e-4 unless given. On the hardest
   * spectra the bound is sharp: there it is what happens.
   */
  risk?: number;
  /**
   * What float32 leaves open of the operator itself, in norm: no error asked for is smaller, and every error given
   * includes it, and the operator's own uncertainty. 0 unless given.
   */
  rounding?: number;
  /** Products from one start after which it gives up; 127 unless given (so that the basis has 128 columns), never more than the size. */
  maxProducts?: number;
  signal?: AbortSignal;
  /** Called after every product of Lanczos: each takes about as long as the one before. */
  onProduct?: () => void;
}

/** Of a few eigenvalues at the ends of a spectrum. */
export interface EndsOptions extends SpectrumOptions {
  /** Which ends of the spectrum are wanted; both unless given. */
  ends?: readonly End[];
  /** What tolerance and accuracy are relative to: the norm, or each eigenvalue, as on a logarithmic axis. The norm unless given. */
  relativeTo?: 'norm' | 'each';
}

/** An eigenvalue with a certificate and a bound on its error. */
export interface Eigenvalue {
  value: number;
  /** ‖Ay − θy‖/‖y‖ as measured: some eigenvalue of A is this near. It does not say which one, or how many. */
  residual: number;
  /**
   * The eigenvalue of this index, each counted as often as it is there, is this near, except with the probability `risk` over
   * the starts: that another one was missed is included, as are rounding and underflow.
   */
  error: number;
}

/** Eigenvalues at both ends of a symmetric operator, with the errors that are certified. */
export interface Spectrum {
  /** Largest first; empty where that end is not wanted. */
  largest: Eigenvalue[];
  /** Smallest first; empty where that end is not wanted. */
  smallest: Eigenvalue[];
  /** Products with the operator, those of the certificates included. */
  products: number;
  /** Whether every error is within the tolerance. */
  converged: boolean;
  /** With which probability over the random starts the errors do not hold; 0 where all of the operator was seen. */
  risk: number;
}

/** ‖A‖ with its certified error. */
export interface Norm {
  value: number;
  /** ‖Ay − θy‖/‖y‖ as measured: A has an eigenvalue (AᵀA a root of one) this near to ±value. It need not be the largest. */
  residual: number;
  /**
   * The norm is this near to the value, except with the probability `risk` over the start: that something larger was missed
   * is included, as are rounding and underflow. Up to these two the norm is never below the value.
   */
  error: number;
  products: number;
  /** Whether the error is within the tolerance, and the value as accurate as asked for. */
  converged: boolean;
  /** With which probability over the random start the error does not hold. */
  risk: number;
}

/** Norm of what an operator may lose where the device flushes entries below 2⁻¹²⁶ to 0: no larger than as many such entries a row. */
const underflowOf = ({ size }: LinearOperator): number => size * 2 ** -126;

/** Up to this size all eigenvalues are found from all of the matrix. */
const mostDense = 127;

/**
 * The `count` largest and smallest eigenvalues of a symmetric operator, each as often as it is there, with errors that hold
 * except with a stated probability. Up to size 127 by a dense solver on its matrix, else by Lanczos with full
 * reorthogonalization in rounds (see EndSearch): at least two, and as many as an eigenvalue has copies.
 * Memory: n · (maxProducts + count) floats.
 * @throws RangeError for an operator that is not symmetric, a count or options that make no sense; NotFiniteError for one
 * with NaN or infinite entries; what the device throws; the signal's reason.
 */
export async function extremeEigenvalues(
  gpu: Gpu,
  operator: LinearOperator,
  count: number,
  options: EndsOptions = {},
): Promise<Spectrum> {
  requireSymmetric(operator);
  requireWhole('count', count);
  const { ends = ['largest', 'smallest'], relativeTo = 'norm' } = options;
  const settings = { ...settingsOf(operator, options), each: relativeTo === 'each' };
  using stream = new CommandStream(gpu);
  try {
    const dense = operator.size <= Math.min(mostDense, settings.maxProducts);
    const { found, products } = dense
      ? await denseEnds(gpu, stream, operator, count, ends, options, settings)
      : await searchedEnds(gpu, stream, operator, count, ends, options, settings);
    const all = [...found.values()].flat();
    const norm = greatestOf(all.map(({ value }) => Math.abs(value)));
    const beside = roundingOf(norm) + settings.rounding + underflowOf(operator);
    const at = (end: End) =>
      (found.get(end) ?? []).map(({ value, residual, error }) => ({
        value,
        residual,
        error: error + beside,
      }));
    return {
      largest: at('largest'),
      smallest: at('smallest'),
      products,
      converged: all.every(({ converged }) => converged),
      risk: dense ? 0 : settings.risk,
    };
  } catch (error) {
    stream.discard();
    throw error;
  }
}

async function searchedEnds(
  gpu: Gpu,
  stream: CommandStream,
  operator: LinearOperator,
  count: number,
  ends: readonly End[],
  options: SpectrumOptions,
  settings: SearchSettings & { each: boolean },
): Promise<{ found: Map<End, PairFound[]>; products: number }> {
  using starts = new Starts(gpu, stream, operator, options);
  const search = new EndSearch<Vector>(starts.start, operator.size, count, ends, settings);
  return { found: await search.run(), products: search.products };
}

async function denseEnds(
  gpu: Gpu,
  stream: CommandStream,
  operator: LinearOperator,
  count: number,
  ends: readonly End[],
  { seed = 0, signal }: SpectrumOptions,
  { tolerance, rounding, each }: SearchSettings & { each: boolean },
): Promise<{ found: Map<End, PairFound[]>; products: number }> {
  const n = operator.size;
  const { values, residuals, asymmetry } = await denseSpectrum(gpu, stream, operator, { seed, signal });
  const norm = Math.max(values[0], -values.at(-1)!);
  const found = ends.map((end) => {
    const pairs = Array.from({ length: Math.min(count, n) }, (_, k) => {
      const index = end === 'largest' ? k : n - 1 - k;
      const scale = Math.max(tolerance * (each ? Math.abs(values[index]) : norm), rounding, roundingOf(norm));
      return {
        value: values[index],
        residual: residuals[index],
        error: asymmetry,
        converged: asymmetry <= scale,
      };
    });
    return [end, pairs] as const;
  });
  return { found: new Map(found), products: n + 1 };
}

/**
 * ‖A‖ of a symmetric operator: its eigenvalue of largest size, by Lanczos with full reorthogonalization. `eigenvector`, of the
 * operator's size, receives the unit vector that belongs to it; `signed` in the result is the eigenvalue itself.
 * Memory: n · maxProducts floats.
 * @throws RangeError for an operator that is not symmetric, and options that make no sense; NotFiniteError for one with NaN or
 * infinite entries; what the device throws; the signal's reason.
 */
export async function spectralNorm(
  gpu: Gpu,
  operator: LinearOperator,
  options: SpectrumOptions = {},
  eigenvector?: Vector,
): Promise<Norm & { signed: number }> {
  const norm = await representedNorm(gpu, operator, options, eigenvector);
  return { ...norm, error: norm.error + underflowOf(operator) };
}

/** The norm of the operator as the device has it: what has become 0 there is not included in the error. */
async function representedNorm(
  gpu: Gpu,
  operator: LinearOperator,
  options: SpectrumOptions,
  eigenvector?: Vector,
): Promise<Norm & { signed: number }> {
  requireSymmetric(operator);
  const settings = settingsOf(operator, options);
  using stream = new CommandStream(gpu);
  try {
    using starts = new Starts(gpu, stream, operator, options);
    const { signed, vector, residual, missed, products, converged } = await searchNorm(
      starts.start,
      operator.size,
      settings,
    );
    using owned = vector;
    if (eigenvector) {
      stream.copy(owned.buffer, 0, eigenvector.buffer, 0, owned.buffer.size);
      stream.flush();
    }
    const value = Math.abs(signed);
    const error = missed + roundingOf(value) + settings.rounding;
    return { value, signed, residual, error, products, converged, risk: settings.risk };
  } catch (error) {
    stream.discard();
    throw error;
  }
}

/** ‖A‖ of any square operator: the spectral norm, or √‖AᵀA‖ where A is not symmetric. */
export async function operatorNorm(
  gpu: Gpu,
  operator: LinearOperator,
  options: SpectrumOptions = {},
): Promise<Norm> {
  requireOperator(operator);
  if (operator.symmetric) return spectralNorm(gpu, operator, options);
  using gram = new GramOperator(gpu, operator);
  const norm = squareRoot(await representedNorm(gpu, gram, gramOptions(options)), options);
  return { ...norm, error: norm.error + underflowOf(operator) };
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

/** Where searches start: at the operator as it is, or scaled to a size of about 1 where its products leave float32's range. */
class Starts implements Disposable {
  readonly #gpu: Gpu;
  readonly #stream: CommandStream;
  readonly #operator: LinearOperator;
  readonly #seed: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onProduct: (() => void) | undefined;
  readonly #owned = new Resources();
  #scaled: { operator: LinearOperator; unit: number } | undefined;

  constructor(
    gpu: Gpu,
    stream: CommandStream,
    operator: LinearOperator,
    { seed = 0, signal, onProduct }: SpectrumOptions,
  ) {
    this.#onProduct = onProduct;
    this.#gpu = gpu;
    this.#stream = stream;
    this.#operator = operator;
    this.#seed = seed;
    this.#signal = signal;
  }

  readonly start: StartKrylov<Vector> = async (locked, round, room) => {
    if (this.#scaled) return this.#lanczos(this.#scaled, locked, round, room);
    const plain = { operator: this.#operator, unit: 1 };
    {
      // The first steps show whether it goes without scaling, which then costs nothing.
      using owned = new Resources();
      const lanczos = owned.own(await this.#lanczos(plain, locked, round, room));
      while (lanczos.steps < Math.min(firstLook, room)) await lanczos.step();
      if (await isOfModerateSize(lanczos)) {
        this.#scaled = plain;
        owned.move();
        return lanczos;
      }
    }
    const scale = await findScale(this.#gpu, this.#stream, this.#operator, this.#seed, this.#signal);
    this.#scaled = plain;
    if (scale) {
      const operator = this.#owned.own(await ScaledOperator.create(this.#gpu, this.#operator, scale));
      this.#scaled = { operator, unit: unitOf(scale) };
    }
    return this.#lanczos(this.#scaled, locked, round, room);
  };

  #lanczos(
    { operator, unit }: { operator: LinearOperator; unit: number },
    locked: readonly Vector[],
    round: number,
    room: number,
  ): Promise<Lanczos> {
    const [seed, signal, onProduct] = [this.#seed, this.#signal, this.#onProduct];
    const start = { seed, round, locked, unit, signal, onProduct };
    return Lanczos.create(this.#gpu, this.#stream, operator, room, start);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Whether squares of what was met lie well within float32's range. */
async function isOfModerateSize(lanczos: Lanczos): Promise<boolean> {
  let projection: Projection;
  try {
    projection = await lanczos.read();
  } catch (error) {
    if (error instanceof NotFiniteError) return false;
    throw error;
  }
  const size = greatestOf(projection.steps.map(({ alpha, beta }) => Math.max(Math.abs(alpha), beta)));
  return size >= 2 ** -40 && size <= 2 ** 40;
}

/** @throws RangeError for options that make no sense. */
function settingsOf(operator: LinearOperator, options: SpectrumOptions): SearchSettings {
  const { tolerance = 1e-2, accuracy = 1e-5, risk = 2.5e-4, rounding = 0 } = options;
  const { maxProducts = mostProducts } = options;
  for (const [name, value] of Object.entries({ tolerance, accuracy, rounding })) {
    if (value >= 0) continue;
    throw new RangeError(`${name} is ${value}; it has to be a number of at least 0.`);
  }
  if (!(risk > 0 && risk < 1)) {
    throw new RangeError(`risk is ${risk}; it has to be a probability above 0 and below 1.`);
  }
  requireWhole('maxProducts', maxProducts);
  // What is found is asked for as well as the whole at least.
  return {
    tolerance,
    accuracy: Math.min(accuracy, tolerance),
    risk,
    maxProducts,
    rounding: rounding + (operator.uncertainty ?? 0),
  };
}

function requireWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`${name} is ${value}; it has to be a whole number of at least 1.`);
}

function requireSymmetric(operator: LinearOperator): void {
  requireOperator(operator);
  if (!operator.symmetric) {
    throw new RangeError('Lanczos needs a symmetric operator; take operatorNorm, or the Gram operator AᵀA.');
  }
}
