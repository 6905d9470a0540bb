import type { BenchSize, CaseResult } from './case.ts';
import type { Peak } from './peak.ts';

/** All of one run: what results/BROWSER-ADAPTER.json holds and the page beside it shows. */
export interface BenchDocument {
  adapter: string;
  /** Whether the adapter is a processor. */
  software: boolean;
  userAgent: string;
  size: BenchSize;
  peak: Peak;
  /** Libraries that could not be had here at all. */
  absent: { name: string; reason: string }[];
  cases: ({ name: string; what: string; failed?: string } & CaseResult)[];
}
