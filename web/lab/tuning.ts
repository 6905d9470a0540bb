import type { AdapterDescription } from '../../src/gpu/device.ts';
import { type TileCache, type TileCacheEntry, adapterKey } from '../../src/tuning/tile-cache.ts';
import type { ExperimentSizes } from '../../src/tuning/trial.ts';
import type { TrialPlan } from '../../src/tuning/tuner.ts';
import type { Command, Message } from './protocol.ts';
import type { TileStore } from './tile-store.ts';

/** The experiment on the screen, as tuning has to do with it. */
export interface TunedRun {
  /** Has it stand, which `stands` is told of; @returns whether it went. */
  hold: () => boolean;
  goOn: () => void;
  sizes: () => ExperimentSizes[];
}

export type TuningState =
  | { kind: 'rest' }
  /** Until the experiment stands: what computes beside it cannot be timed. */
  | { kind: 'waiting' }
  | { kind: 'measuring'; trial: TrialPlan | null; stopping: boolean };

/** How the last tuning ended. */
export interface TuningOutcome {
  measured: number;
  planned: number;
  stopped: boolean;
  failure: string | null;
}

/** Finds the fastest tiles on this adapter while the experiment stands, and keeps them for the experiments after it. */
export class Tuning {
  readonly store: TileStore;
  /** Whose tiles they are, as a key and as a person names it; null until it is known. */
  adapter: { key: string; name: string } | null = null;
  state: TuningState = { kind: 'rest' };
  outcome: TuningOutcome | null = null;
  readonly #run: TunedRun;
  readonly #send: (command: Command) => void;
  readonly #changed: () => void;
  #budget = 0;
  #goOn = false;
  #measured = 0;

  constructor(store: TileStore, run: TunedRun, send: (command: Command) => void, changed: () => void) {
    this.store = store;
    this.#run = run;
    this.#send = send;
    this.#changed = changed;
  }

  /** For the next experiment to prefer. */
  get tiles(): TileCache {
    return this.store.used ? this.store.cache : { entries: [] };
  }

  /** What is kept for this adapter. */
  get kept(): readonly TileCacheEntry[] {
    return this.store.cache.entries.filter(({ adapter }) => adapter === this.adapter?.key);
  }

  /** Names the adapter that computes. */
  know(description: AdapterDescription): void {
    const { vendor, architecture, device, description: words } = description;
    const name = words || [vendor, architecture, device].filter((part) => part !== '').join(' ');
    this.adapter = { key: adapterKey(description, navigator.userAgent), name: name || 'this GPU' };
  }

  /** The budget in ms. */
  start(budget: number): void {
    if (this.state.kind !== 'rest') return;
    this.#budget = budget;
    this.#measured = 0;
    this.outcome = null;
    this.state = { kind: 'waiting' };
    this.#goOn = this.#run.hold();
    this.#changed();
  }

  /** The experiment makes no step until it is told to. */
  stands(): void {
    if (this.state.kind !== 'waiting') return;
    this.state = { kind: 'measuring', trial: null, stopping: false };
    this.#send({ kind: 'tune', budget: this.#budget, sizes: this.#run.sizes() });
  }

  /** Ends it after the timing at hand; what was measured is kept. */
  stop(): void {
    if (this.state.kind === 'waiting') this.#end(null, true);
    else if (this.state.kind === 'measuring') {
      this.#send({ kind: 'stop-tuning' });
      this.state = { ...this.state, stopping: true };
      this.#changed();
    }
  }

  /** Another experiment takes the place of the one that stands. */
  leave(): void {
    this.#goOn = false;
    this.stop();
  }

  /** The engine is gone. */
  fail(message: string): void {
    this.#goOn = false;
    if (this.state.kind !== 'rest') this.#end(message, false);
  }

  receive(message: Extract<Message, { kind: 'tuning' | 'tuned' | 'tuning-ended' }>): void {
    if (this.state.kind !== 'measuring') return;
    switch (message.kind) {
      case 'tuning':
        this.state = { ...this.state, trial: message.trial };
        break;
      case 'tuned':
        this.store.keep(message.entry);
        this.#measured++;
        break;
      case 'tuning-ended':
        this.#end(message.failure?.message ?? null, this.state.stopping);
    }
    this.#changed();
  }

  use(used: boolean): void {
    this.store.used = used;
    this.#changed();
  }

  forget(): void {
    if (this.adapter) this.store.forget(this.adapter.key);
    this.outcome = null;
    this.#changed();
  }

  #end(failure: string | null, stopped: boolean): void {
    const trial = this.state.kind === 'measuring' ? this.state.trial : null;
    this.outcome = { measured: this.#measured, planned: trial?.count ?? 0, stopped, failure };
    this.state = { kind: 'rest' };
    if (this.#goOn) this.#run.goOn();
    this.#goOn = false;
    this.#changed();
  }
}
