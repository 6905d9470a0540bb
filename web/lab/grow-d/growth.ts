import { type SweepInput, type SweepPoint, parseSweep } from '../../../src/experiment/sweep.ts';
import type { PointOutcome } from '../../../src/experiment/sweep-summary.ts';
import { type PowerLaw, fitPowerLaw } from '../../../src/math/power-law.ts';
import type { GrowthLine, GrowthMessage } from '../controller.ts';

/** The measure that is drawn, on each set: the largest discrepancy of the recorded steps up to T. */
const measureOf = { train: 'train_early_discrepancy', test: 'test_early_discrepancy' } as const;
export type GrownSet = keyof typeof measureOf;

/** One run of the sweep. */
export interface Grown {
  d: number;
  seed: number;
  discrepancy: number;
}

/** A sweep over d that runs in the background: its points are those of its spec, its measures those of the command line. */
export class Growth {
  readonly sweep: SweepInput;
  readonly points: readonly SweepPoint[];
  /** How points ended, by their ids. */
  readonly outcomes = new Map<string, PointOutcome>();
  /** The point under way, and how much of it is done; null: it rests. */
  under: { point: SweepPoint; share: number } | null = null;
  failure: string | null = null;
  readonly #line: GrowthLine;
  readonly #changed: () => void;
  #running = false;

  constructor(sweep: SweepInput, line: GrowthLine, changed: () => void) {
    this.sweep = sweep;
    this.points = parseSweep(sweep).points;
    this.#line = line;
    this.#changed = changed;
  }

  get running(): boolean {
    return this.#running;
  }

  /** What has not been run. */
  get left(): SweepPoint[] {
    return this.points.filter(({ id }) => !this.outcomes.has(id));
  }

  /** Begins, or goes on where it was stopped. */
  start(): void {
    if (this.#running || this.left.length === 0) return;
    this.#running = true;
    this.failure = null;
    this.#line.listen((message) => this.#receive(message));
    this.#line.send({ kind: 'grow', points: this.left.map(({ id, spec }) => ({ id, spec })) });
    this.#changed();
  }

  stop(): void {
    if (this.#running) this.#line.send({ kind: 'stop-growing' });
  }

  /** What was measured on a set, where there is a difference to show. */
  grown(set: GrownSet): Grown[] {
    return this.points.flatMap(({ id, values: { d, seed } }) => {
      const outcome = this.outcomes.get(id);
      const discrepancy = outcome?.kind === 'measured' ? outcome.measures.get(measureOf[set]) : undefined;
      return discrepancy !== undefined && discrepancy > 0
        ? [{ d: Number(d), seed: Number(seed), discrepancy }]
        : [];
    });
  }

  /** The power of d that it goes as; null for less than two dimensions. */
  power(set: GrownSet): PowerLaw | null {
    const points = this.grown(set).map(({ d, seed, discrepancy }) => ({
      x: d,
      y: discrepancy,
      series: seed,
    }));
    return fitPowerLaw(points);
  }

  #receive(message: GrowthMessage): void {
    switch (message.kind) {
      case 'growing': {
        const point = this.points.find(({ id }) => id === message.id)!;
        this.under = { point, share: message.step / message.steps };
        break;
      }
      case 'grown':
        this.outcomes.set(message.id, message.outcome);
        break;
      case 'growing-ended':
        this.#running = false;
        this.under = null;
        this.failure = message.failure?.message ?? null;
    }
    this.#changed();
  }
}
