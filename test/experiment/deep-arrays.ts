import { architectureOf, isTwoLayer } from '../../src/experiment/network-facts.ts';
import type { DeepArchitecture } from '../../src/math/deep/architecture.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import type { Tower } from '../../src/reference/deep-network.ts';
import type { collect } from './collect.ts';

/** What a run of a deep network said and sent. */
export type Outcome = Awaited<ReturnType<typeof collect>>;

/** An array of the run in float64. */
export const values = ({ arrays }: Outcome, name: string): Float64Array =>
  Float64Array.from(arrays.get(name)!.data);

export const matrix = (outcome: Outcome, name: string): Dense => {
  const [rows, cols] = outcome.arrays.get(name)!.shape;
  return dense(rows, cols, values(outcome, name));
};

export function architectureIn({ result: { spec, preparation } }: Outcome): DeepArchitecture {
  if (isTwoLayer(spec.network)) throw new Error('not a deep network');
  return architectureOf(spec.network, preparation.d);
}

/** Both towers as the arrays of this name have them: "W1_0" of both at t = 0, "dW1_plus" and "dW1_minus". */
export function towerIn(outcome: Outcome, nameOf: (layer: string) => string): Tower {
  const { layers } = architectureIn(outcome);
  return {
    W: layers.map((_, l) => matrix(outcome, nameOf(`W${l + 1}`))),
    v: values(outcome, nameOf('v')),
  };
}
