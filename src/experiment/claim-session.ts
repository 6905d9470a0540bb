import type { Claim, ClaimMeasurement, ClaimNumber } from '../theory/claim.ts';
import { claims } from '../theory/claims.ts';
import { instruments } from '../theory/instruments.ts';
import { conclude } from '../theory/conclude.ts';
import type { Ending, Instrument, Moment } from '../theory/instrument.ts';
import type { Lab } from '../theory/lab.ts';
import type { Spec } from './spec.ts';
import { requestedClaims } from './requested-claims.ts';

/** The claims that a spec asks for, with the instruments that measure them in one run. */
export class ClaimSession {
  readonly #lab: Lab;
  readonly #instruments: { claim: Claim; instrument: Instrument; started: boolean }[];

  private constructor(lab: Lab, measured: readonly { claim: Claim; instrument: Instrument }[]) {
    this.#lab = lab;
    this.#instruments = measured.map((entry) => ({ ...entry, started: false }));
  }

  /** Instruments are loaded by who asks for claims. */
  static async create(spec: Spec, lab: Lab): Promise<ClaimSession> {
    const wanted = new Set(requestedClaims(spec));
    const measured: { claim: Claim; instrument: Instrument }[] = [];
    for (const claim of claims.filter(({ number }) => wanted.has(number))) {
      measured.push({ claim, instrument: await instruments[claim.number]() });
    }
    return new ClaimSession(lab, measured);
  }

  /** Whether anything is measured at recorded steps: each of them is read back for it. */
  get steps(): boolean {
    return this.#instruments.some(({ instrument }) => instrument.step !== undefined);
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

  /** Whether an instrument wants the parameters at this step, recorded or not. */
  wants(step: number): boolean {
    return this.#instruments.some(
      ({ instrument, started }) => started && instrument.each?.wants(this.#lab, step),
    );
  }

  /** Measures at any step, outputs and parameters standing there; an abort ends it as it does `start`. */
  async *each(step: number): AsyncGenerator<ClaimNumber, void> {
    for (const { claim, instrument, started } of this.#instruments) {
      if (!started || !instrument.each?.wants(this.#lab, step)) continue;
      yield claim.number;
      if (!(await this.#unlessAborted(instrument.each.visit(this.#lab, step)))) return;
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
