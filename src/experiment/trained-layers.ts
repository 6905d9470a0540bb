import { isTwoLayer } from './network-facts.ts';
import { ratesOf } from './spec-facts.ts';
import type { Spec } from './spec-fields.ts';

/** Which layers train, in words: "both layers", "all layers", "the readout alone", "layers 1, 3 of 3". */
export function trainedLayers(spec: Spec): string {
  if (isTwoLayer(spec.network)) {
    return { first: 'first layer', second: 'second layer', both: 'both layers' }[spec.training.layers];
  }
  const rates = ratesOf(spec);
  const trained = rates.flatMap((rate, l) => (rate > 0 ? [l + 1] : []));
  if (trained.length === rates.length) return 'all layers';
  if (trained.length > 1) return `layers ${trained.join(', ')} of ${rates.length}`;
  return trained[0] === rates.length ? 'the readout alone' : `layer ${trained[0]} of ${rates.length} alone`;
}
