import type { ClaimMeasurement, ClaimNumber } from '../theory/claim.ts';
import { claims, claimsFor } from '../theory/claims.ts';
import {
  type Ending,
  type Instrument,
  type ClaimModule,
  type Moment,
  conclude,
} from '../theory/instrument.ts';
import type { Lab } from '../theory/lab.ts';
import { type Spec, scopeOf } from './spec.ts';

/** The claims that a spec asks for, with the instruments that measure them in one run. */
export class ClaimSession {
  readonly #lab: Lab;
  readonly #instruments: { claim: ClaimModule; instrument: Instrument }[];

  constructor(spec: Spec, lab: Lab) {
    this.#lab = lab;
    this.#instruments = requestedClaims(spec).map((claim) => ({ claim, instrument: claim.instrument() }));
  }

  /** Whether anything is asked for. */
  get empty(): boolean {
    return this.#instruments.length === 0;
  }

  /** Measures what is measured at W(0); yields each claim's number before it is. */
  async *start(): AsyncGenerator<ClaimNumber, void> {
    for (const { claim, instrument } of this.#instruments) {
      if (!instrument.start) continue;
      yield claim.number;
      await instrument.start(this.#lab);
    }
  }

  /** Measures at a recorded step, the parameters standing there. */
  async *step(moment: Moment): AsyncGenerator<ClaimNumber, void> {
    for (const { claim, instrument } of this.#instruments) {
      if (!instrument.step) continue;
      yield claim.number;
      await instrument.step(this.#lab, moment);
    }
  }

  finish(ending: Ending): ClaimMeasurement[] {
    const { setting } = this.#lab;
    return this.#instruments.map(({ claim, instrument }) =>
      conclude(claim, setting, instrument.finish(ending, setting)),
    );
  }
}

function requestedClaims(spec: Spec): ClaimModule[] {
  if (spec.claims === 'none') return [];
  if (spec.claims === 'all') return claimsFor(scopeOf(spec));
  const wanted = new Set<number>(spec.claims);
  return claims.filter(({ number }) => wanted.has(number));
}
