import type { Setting } from './claim.ts';
import { agreementShare, deepHorizon, horizon } from './horizon.ts';
import type { Lab } from './lab.ts';

/** T = c · d log d/η with the c taken here; of a deep network c · d log d/(ηk₁). */
export const agreementTime = ({ d, eta, deep }: Setting): number =>
  agreementShare * (deep ? deepHorizon(d, eta, deep.k1) : horizon(d, eta));

/** The last recorded step 1 ≤ t ≤ T; null where none is. By bisection: it is asked at each of them, however many. */
export function lastWithinTime({
  recordSteps,
  setting,
}: Pick<Lab, 'recordSteps' | 'setting'>): number | null {
  const T = agreementTime(setting);
  let [low, high] = [0, recordSteps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recordSteps[middle] <= T) low = middle + 1;
    else high = middle;
  }
  const last = low > 0 ? recordSteps[low - 1] : 0;
  return last >= 1 ? last : null;
}
