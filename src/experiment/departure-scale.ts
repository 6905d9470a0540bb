import type { DepartureScale } from '../theory/departure.ts';
import { towerSize } from '../theory/rounding.ts';
import type { Preparation } from './result.ts';
import type { Spec } from './spec-fields.ts';

/** From which difference on a run's models are apart: by the share that its spec gives. */
export const departureScale = (
  { training }: Pick<Spec, 'training'>,
  { eta, largestStableRate, deep }: Pick<Preparation, 'eta' | 'largestStableRate' | 'deep'>,
): DepartureScale => ({
  share: training.departure,
  fastest: largestStableRate === null ? null : (2 * eta) / largestStableRate,
  towers: deep ? towerSize(deep) : 0,
});
