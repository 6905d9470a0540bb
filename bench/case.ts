import type { Gpu } from '../src/gpu/device.ts';
import type { Competition, Outcome } from './competition.ts';

/** How large the problems are: for any adapter, for a GPU, or just enough to see that a case works. */
export type BenchSize = 'standard' | 'hardware' | 'quick';

/** What a case has to work with. */
export interface Bench {
  size: BenchSize;
  /** Our device. */
  gpu: Gpu;
  /** Measures its multiply-add peak again, GFLOP/s. */
  peak: () => Promise<number>;
  /** Prints a line. */
  say: (line: string) => void;
  /** Compares, times and prints; see competition.ts. */
  compete: (competition: Competition) => Promise<Outcome>;
  /** Prints an outcome that was measured otherwise. */
  print: (outcome: Outcome) => void;
  /** Opens a page that nothing is loaded in, for one of the contestants that cold.ts knows; absent where there are no pages. */
  openColdPage?: (contestant: string) => Promise<ColdStart>;
}

/** Milliseconds from the start of the page's navigation to its first result, or why there is none. */
export type ColdStart = { milliseconds: number } | { failed: string };

/** One benchmark, in the file of its name in cases/. */
export interface BenchCase {
  name: string;
  /** In a sentence. */
  what: string;
  /** Whether it is about pages, and makes no sense without a browser. */
  ofPages?: boolean;
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
