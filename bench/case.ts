import type { Contestant } from './contestant.ts';
import type { Competition, Outcome } from './competition.ts';
import type { Peak, PeakMeter } from './peak.ts';

/** How large the problems are: for any adapter, for a GPU, or just enough to see that a case works. */
export type BenchSize = 'standard' | 'hardware' | 'quick';

/** What a case has to work with. */
export interface Bench {
  size: BenchSize;
  contestants: readonly Contestant[];
  meter: PeakMeter;
  peak: Peak;
  /** Prints a line. */
  say: (line: string) => void;
  /** Compares, times and prints; see competition.ts. */
  compete: (competition: Competition) => Promise<Outcome>;
  /** Prints an outcome that was measured otherwise. */
  print: (outcome: Outcome) => void;
  /**
   * Opens a page that nothing is loaded in and gives the milliseconds from the start of its navigation to its first
   * result; undefined where no runner drives the browser.
   */
  openColdPage?: (contestant: string) => Promise<ColdStart>;
}

export type ColdStart = { milliseconds: number } | { failed: string };

/** One benchmark, in the file of its name in cases/. */
export interface BenchCase {
  name: string;
  /** In a sentence. */
  what: string;
  run: (bench: Bench) => Promise<CaseResult>;
}

export interface CaseResult {
  outcomes: Outcome[];
  /** What was fitted to them. */
  fits?: Fit[];
}

/** What grows as n^exponent. */
export interface Fit {
  what: string;
  exponent: number;
  standardError: number | null;
}
