import type { Claim, ClaimMeasurement, ClaimNumber } from '../theory/claim.ts';
import { claims, claimsFor } from '../theory/claims.ts';
import { instruments } from '../theory/instruments.ts';
import { type Ending, type Instrument, type Moment, conclude } from '../theory/instrument.ts';
import type { Lab } from '../theory/lab.ts';
import { type Spec, scopeOf } from './spec.ts';

/** The claims that a spec asks for, with the instruments that measure them in one run. */
export class ClaimSession {
  readonly #lab: Lab;
  readonly #instruments: { claim: Claim; instrument: Instrument; started: boolean }[];

  constructor(spec: Spec, lab: Lab) {
    this.#lab = lab;
    this.#instruments = requestedClaims(spec).map((claim) => ({
      claim,
      instrument: instruments[claim.number](),
      started: false,
    }));
  }

  /** Whether anything is asked for. */
  get empty(): boolean {
    return this.#instruments.length === 0;
  }

  /**
   * Measures what is measured at W(0); yields each claim's number before it is. An abort ends it here, quietly: what was
   * measured until then counts.
   */
  async *start(): AsyncGenerator<ClaimNumber, void> {
    for (const entry of this.#instruments) {
      const { claim, instrument } = entry;
      if (instrument.start) {
        yield claim.number;
        if (!(await this.#unlessAborted(instrument.start(this.#lab)))) return;
      }
      entry.started = true;
    }
  }

  /** Measures at a recorded step, the parameters standing there; an abort ends it as it does `start`. */
  async *step(moment: Moment): AsyncGenerator<ClaimNumber, void> {
    for (const { claim, instrument, started } of this.#instruments) {
      if (!instrument.step || !started) continue;
      yield claim.number;
      if (!(await this.#unlessAborted(instrument.step(this.#lab, moment)))) return;
    }
  }

  /** Whether it was done; false where the run was aborted meanwhile. */
  async #unlessAborted(measuring: Promise<void>): Promise<boolean> {
    const { signal } = this.#lab;
    try {
      await measuring;
      return true;
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return false;
      throw error;
    }
  }

  /** What the claims' instruments found, but for those whose start was cut short. */
  finish(ending: Ending): ClaimMeasurement[] {
    const { setting } = this.#lab;
    return this.#instruments
      .filter(({ started }) => started)
      .map(({ claim, instrument }) => conclude(claim, setting, instrument.finish(ending, setting)));
  }
}

function requestedClaims(spec: Spec): Claim[] {
  if (spec.claims === 'none') return [];
  if (spec.claims === 'all') return claimsFor(scopeOf(spec));
  const wanted = new Set<number>(spec.claims);
  return claims.filter(({ number }) => wanted.has(number));
}
