import { greatestOf, leastOf, lengthOf } from '../math/statistics.ts';
import { type LanczosStep, type RitzPairs, ritzPairs } from './ritz.ts';
import { mirrored, unseenAbove } from './unseen.ts';

/** What a search is asked for; SpectrumOptions say what each is. */
export interface SearchSettings {
  tolerance: number;
  accuracy: number;
  risk: number;
  maxProducts: number;
  /** Absolute: what float32 leaves open of the operator. */
  rounding: number;
}

/** Lanczos on the complement of vectors that were locked, wherever it runs. */
export interface Krylov<V> extends Disposable {
  /** Steps made; one product each. */
  readonly steps: number;
  step: () => Promise<void>;
  read: () => Promise<Projection>;
  /** The vector y = Σ_j s_j q_j over locked vectors and basis, and ‖Ay − θy‖/‖y‖, measured by a product. */
  ritzVector: (s: Float64Array, theta: number) => Promise<{ vector: V; residual: number }>;
}

/** A on the locked vectors (which come first) and the basis. */
export interface Projection {
  /** Lanczos' tridiagonal matrix, up to the step that left nothing but rounding over. */
  steps: LanczosStep[];
  /** Whether there was such a step: the space is closed under A. */
  closed: boolean;
  /** Row j: y_iᵀAq_j of every locked vector i. */
  couplings: readonly ArrayLike<number>[];
}

/** Starts from a random vector orthogonal to those locked, another one for every round. */
export type StartKrylov<V> = (locked: readonly V[], round: number, room: number) => Promise<Krylov<V>>;

/** What one product and the steps around it leave open of the operator, as a share of its norm: 4u, a random walk. */
const productRoundoff = 4 * 2 ** -24;
/** The same of a Ritz value, in which many steps have a part. */
const valueRoundoff = 8 * 2 ** -24;

/** T is diagonalized after so many steps, and then after a third as many again. */
export const firstLook = 12;

/** The steps to look after, up to the last one there is room for. */
function looks(room: number): number[] {
  const planned: number[] = [];
  for (let look = firstLook; look < room; look = Math.ceil((4 / 3) * look)) planned.push(look);
  return [...planned, room];
}

/** What rounding may have done to an eigenvalue of an operator of this norm. */
export const roundingOf = (norm: number): number => valueRoundoff * norm;

/** What is known after so many steps. */
class View {
  /** Ritz values, largest first, and their vectors over locked vectors and basis. */
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
  /** The residual of each, estimated from the last β. */
  readonly residuals: readonly number[];
  readonly norm: number;
  /** Whether the steps have closed their space: there is nothing to go on with. */
  readonly closed: boolean;
  readonly #steps: readonly LanczosStep[];
  readonly #own: RitzPairs;

  constructor({ steps, couplings, closed }: Projection, locked: readonly number[]) {
    const pairs = ritzPairs(steps, locked.length > 0 ? { values: locked, couplings } : undefined);
    const beta = steps.at(-1)!.beta;
    this.values = pairs.values;
    this.vectors = pairs.vectors;
    this.residuals = pairs.vectors.map((vector) => Math.abs(beta * vector.at(-1)!));
    this.norm = pairs.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.closed = closed;
    this.#steps = steps;
    this.#own = locked.length > 0 ? ritzPairs(steps) : pairs;
  }

  /**
   * What to expect of the error of a Ritz value: residual²/gap, where gap is the distance to the next one less its own
   * residual, if that is smaller than the residual (Parlett, The Symmetric Eigenvalue Problem, section 11.7).
   */
  errorOf(index: number): number {
    const residual = this.residuals[index];
    const gaps = [index - 1, index + 1]
      .filter((k) => k >= 0 && k < this.values.length)
      .map((k) => Math.abs(this.values[index] - this.values[k]) - this.residuals[k]);
    const gap = gaps.length > 0 ? leastOf(gaps) : 0;
    return gap > residual ? Math.min(residual, residual ** 2 / gap) : residual;
  }

  /** How far the eigenvalues on the complement of the locked vectors may reach at an end, seen and unseen, of ±A. */
  reach(end: End, dimension: number, risk: number): { seen: number; unseen: number } {
    const largest = end === 'largest';
    const values = largest ? this.#own.values : this.#own.values.map((value) => -value);
    const first = this.#own.vectors.map((vector) => vector[0]);
    const steps = largest ? this.#steps : mirrored(this.#steps);
    const start = { dimension, risk, roundoff: productRoundoff };
    return { seen: greatestOf(values), unseen: unseenAbove(steps, { values, first }, start) };
  }
}

export interface NormFound<V> {
  /** The Ritz value of largest size. */
  signed: number;
  vector: V;
  residual: number;
  /** By how much the norm may pass it. */
  missed: number;
  products: number;
  converged: boolean;
}

/** The eigenvalue of largest size of a symmetric operator. */
export async function searchNorm<V>(
  start: StartKrylov<V>,
  size: number,
  settings: SearchSettings,
): Promise<NormFound<V>> {
  const { tolerance, accuracy, risk, maxProducts, rounding } = settings;
  const room = Math.min(maxProducts, size);
  using krylov = await start([], 0, room);
  let view: View;
  let missed: number;
  let converged: boolean;
  let index: number;
  const planned = looks(room);
  do {
    const look = planned.shift()!;
    while (krylov.steps < look) await krylov.step();
    view = new View(await krylov.read(), []);
    const { values, norm, residuals } = view;
    const last = values.length - 1;
    index = values[0] >= -values[last] ? 0 : last;
    const [top, bottom] = ends.map((end) => view.reach(end, size, risk / 2));
    missed = Math.max(0, top.seen + top.unseen - norm, bottom.seen + bottom.unseen - norm);
    // What was found is found well, and as far as can be seen the other end does not pass it.
    const near = Math.max(accuracy * norm, rounding);
    const other = last - index;
    const found =
      view.errorOf(index) <= near &&
      (last === 0 || Math.abs(values[other]) + residuals[other] - norm <= near);
    converged = found && missed <= Math.max(tolerance * norm, rounding);
  } while (!converged && !view.closed && krylov.steps < room);
  const signed = view.values[index];
  const pair = await krylov.ritzVector(view.vectors[index], signed);
  return { signed, ...pair, missed, products: krylov.steps + 1, converged };
}

export type End = 'largest' | 'smallest';
export const ends = ['largest', 'smallest'] as const satisfies End[];

export interface PairFound {
  value: number;
  /** ‖Ay − θy‖/‖y‖ of its Ritz vector, measured. */
  residual: number;
  /** Bound of its distance to the eigenvalue of its index, up to what rounding does. */
  error: number;
  /** Whether that is what was asked for. */
  converged: boolean;
}

interface Pair<V> {
  value: number;
  vector: V;
  residual: number;
}

/** What a round ends with. */
interface Round<V> {
  /** The outermost Ritz pairs of all ends, each once. */
  pairs: readonly Pair<V>[];
  /** Those of each end, outermost first. */
  at: ReadonlyMap<End, readonly Pair<V>[]>;
  /** How far ±A may reach on the complement of what was locked before. */
  reach: ReadonlyMap<End, number>;
  /** The largest Ritz value in size. */
  norm: number;
}

/**
 * The `count` outermost eigenvalues at each of some ends. One start sees one eigenvector of each eigenvalue at most, so there
 * are rounds: the outermost Ritz vectors Y of one are locked, and the next starts on their complement, knowing nothing of it.
 * Where A is at most U there (see unseen.ts), and with R = (I − YYᵀ)AY,
 *
 *     θ_i ≤ λ_i ≤ max(θ_i, U) + ‖R‖,        and where θ_i > U + 2‖R‖:   λ_i ≤ θ_i + ‖R‖²/(θ_i − U − ‖R‖)
 *
 * (Parlett, The Symmetric Eigenvalue Problem, chapters 10 and 11: interlacing, and a residual's bound with a gap). Rounds go
 * on until U does not pass the last of the eigenvalues asked for, or none of them grows any more.
 */
export class EndSearch<V extends Disposable> {
  products = 0;
  readonly #start: StartKrylov<V>;
  readonly #size: number;
  readonly #count: number;
  readonly #ends: readonly End[];
  readonly #settings: SearchSettings & { each: boolean };

  /** `each`: errors are relative to each eigenvalue instead of to the norm. */
  constructor(
    start: StartKrylov<V>,
    size: number,
    count: number,
    wanted: readonly End[],
    settings: SearchSettings & { each: boolean },
  ) {
    this.#start = start;
    this.#size = size;
    this.#count = Math.min(count, size);
    this.#ends = wanted;
    this.#settings = settings;
  }

  /** Outermost first. */
  async run(): Promise<Map<End, PairFound[]>> {
    let locked = await this.#round([], 0);
    try {
      for (let round = 1; locked.pairs.length < this.#size; round++) {
        const next = await this.#round(locked.pairs, round);
        const settled = this.#ends.every((end) => this.#isBelow(next.at.get(end)!, next, end));
        const stop =
          settled || round > this.#count || !this.#ends.some((end) => this.#grew(locked, next, end));
        const found = stop ? this.#bounded(locked, next) : undefined;
        release(locked);
        locked = next;
        if (found) return found;
      }
      // All of the space is locked.
      return this.#bounded(locked, locked);
    } finally {
      release(locked);
    }
  }

  async #round(locked: readonly Pair<V>[], round: number): Promise<Round<V>> {
    const { maxProducts, risk } = this.#settings;
    const dimension = this.#size - locked.length;
    const room = Math.min(maxProducts, dimension);
    const vectors = locked.map(({ vector }) => vector);
    using krylov = await this.#start(vectors, round, room);
    const values = locked.map(({ value }) => value);
    // Each round has half the share of the one before, so that all of them together stay below the risk.
    const share = risk / (this.#ends.length * 2 ** Math.max(1, round));
    const planned = looks(room);
    for (;;) {
      const look = planned.shift()!;
      while (krylov.steps < look) await krylov.step();
      const view = new View(await krylov.read(), values);
      const reaches = new Map(this.#ends.map((end) => [end, view.reach(end, dimension, share)]));
      const enough = this.#ends.every((end) => {
        const { seen, unseen } = reaches.get(end)!;
        // In the first round nothing is locked: whether there is another one of each is for the next to say.
        const known = round === 0 || unseen <= this.#scale(seen, view.norm);
        return known && this.#isFound(view, end);
      });
      if (!enough && !view.closed && krylov.steps < room) continue;

      this.products += krylov.steps;
      const reach = new Map([...reaches].map(([end, { seen, unseen }]) => [end, seen + unseen]));
      return { ...(await this.#take(krylov, view)), reach, norm: view.norm };
    }
  }

  /** The outermost Ritz pairs, with vectors. */
  async #take(krylov: Krylov<V>, view: View): Promise<Pick<Round<V>, 'pairs' | 'at'>> {
    const pairs = new Map<number, Pair<V>>();
    try {
      for (const index of new Set(this.#ends.flatMap((end) => this.#outermost(view, end)))) {
        const value = view.values[index];
        pairs.set(index, { value, ...(await krylov.ritzVector(view.vectors[index], value)) });
        this.products++;
      }
    } catch (error) {
      for (const { vector } of pairs.values()) vector[Symbol.dispose]();
      throw error;
    }
    const at = this.#ends.map(
      (end) => [end, this.#outermost(view, end).map((index) => pairs.get(index)!)] as const,
    );
    return { pairs: [...pairs.values()], at: new Map(at) };
  }

  /** Indices of the outermost values at an end. */
  #outermost({ values }: View, end: End): number[] {
    const count = Math.min(this.#count, values.length);
    return Array.from({ length: count }, (_, k) => (end === 'largest' ? k : values.length - 1 - k));
  }

  /** The error that is asked of an eigenvalue. */
  #scale(value: number, norm: number, share = this.#settings.tolerance): number {
    const { each, rounding } = this.#settings;
    return Math.max(share * (each ? Math.abs(value) : norm), rounding, roundingOf(norm));
  }

  #isFound(view: View, end: End): boolean {
    const { accuracy } = this.#settings;
    return this.#outermost(view, end).every(
      (index) => view.errorOf(index) <= this.#scale(view.values[index], view.norm, accuracy),
    );
  }

  /** Whether what is not locked cannot pass the last of the eigenvalues asked for. */
  #isBelow(pairs: readonly Pair<V>[], { reach, norm }: Round<V>, end: End): boolean {
    if (pairs.length < this.#count) return false;
    const { value } = pairs.at(-1)!;
    return reach.get(end)! - sign(end) * value <= this.#scale(value, norm);
  }

  #grew(before: Round<V>, now: Round<V>, end: End): boolean {
    const [old, found] = [before.at.get(end)!, now.at.get(end)!];
    if (found.length > old.length) return true;
    return found.some(({ value }, i) => sign(end) * (value - old[i].value) > this.#scale(value, now.norm));
  }

  /** The eigenvalues that were found, with what the bounds above say. */
  #bounded(locked: Round<V>, now: Round<V>): Map<End, PairFound[]> {
    const residual = lengthOf(locked.pairs.map((pair) => pair.residual));
    const all = locked === now;
    return new Map(
      this.#ends.map((end) => {
        const reach = all ? -Infinity : now.reach.get(end)!;
        const old = locked.at.get(end)!;
        const found = now.at.get(end)!.map((pair, i) => {
          const before = i < old.length ? sign(end) * old[i].value : -Infinity;
          const passed = Math.max(0, Math.max(before, reach) - sign(end) * pair.value);
          const gap = before - reach - residual;
          const error = passed + (gap > residual ? Math.min(residual, residual ** 2 / gap) : residual);
          const converged = error <= 2 * this.#scale(pair.value, now.norm);
          return { value: pair.value, residual: pair.residual, error, converged };
        });
        return [end, found] as const;
      }),
    );
  }
}

const sign = (end: End): number => (end === 'largest' ? 1 : -1);

function release<V extends Disposable>({ pairs }: Round<V>): void {
  for (const { vector } of pairs) vector[Symbol.dispose]();
}
