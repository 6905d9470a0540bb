import type { Spec } from './spec-fields.ts';

/** Records that "log" and "linear" keep unless the spec gives a count. */
const defaultCount = 60;

/**
 * The steps t ≤ training.steps at which a run records, ascending, always with 0 and the last step.
 *
 * Log spacing records t = 0, 1, 2, … densely at first and then at a constant ratio; linear spacing at a constant
 * difference; a count that reaches the number of steps records every one. Time and memory go with the records made.
 */
export function recordSteps({
  training: { steps, records },
}: {
  training: Pick<Spec['training'], 'steps' | 'records'>;
}): number[] {
  const chosen = new Set([0, steps]);
  if (typeof records === 'object' && 'steps' in records) {
    for (const step of records.steps) if (step <= steps) chosen.add(step);
  } else if (typeof records === 'object' && records.count >= steps) {
    for (let step = 1; step < steps; step++) chosen.add(step);
  } else {
    const { spacing, count } =
      typeof records === 'string' ? { spacing: records, count: defaultCount } : records;
    for (let k = 0; k <= count; k++) {
      const share = k / count;
      chosen.add(Math.round(spacing === 'linear' ? steps * share : (steps + 1) ** share - 1));
    }
  }
  return [...chosen].sort((a, b) => a - b);
}
