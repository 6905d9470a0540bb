import { greatestOf } from '../math/statistics.ts';
import { agreementShare } from '../theory/horizon.ts';
import type { RunResult, StepRecord } from './result.ts';

/** Numbers of one run, by name, in the order of their columns in a summary. */
export type PointMeasures = ReadonlyMap<string, number>;

/**
 * What a summary says of a run: of its training (nothing where it diverged), the last losses and the largest
 * discrepancies of the recorded steps, up to T = ½ d log d/η ("early") and of all; of its claims, every quantity.
 */
export function measurePoint({ status, records, preparation, claims }: RunResult): PointMeasures {
  const measures = new Map<string, number>();
  if (status.kind === 'completed') {
    for (const set of ['train', 'test'] as const) {
      const last = records.at(-1)?.[set];
      if (!last) continue;
      measures.set(`${set}_network_loss`, last.losses.network);
      measures.set(`${set}_linear_loss`, last.losses.linear);
      // Network and linear model begin equal: where no step falls before the horizon, nothing was measured.
      const early = records.filter(({ step }) => step > 0 && step <= agreementShare * preparation.horizon);
      if (early.length > 0) measures.set(`${set}_early_discrepancy`, largestDiscrepancy(early, set));
      measures.set(`${set}_largest_discrepancy`, largestDiscrepancy(records, set));
    }
  }
  for (const { claim, quantities } of claims) {
    for (const { key, value } of quantities) measures.set(`claim_${claim}_${key}`, value);
  }
  return measures;
}

const largestDiscrepancy = (records: readonly StepRecord[], set: 'train' | 'test'): number =>
  greatestOf([0, ...records.map((record) => record[set]?.discrepancies.linear ?? 0)]);
