import { DataError } from '../data/data-error.ts';
import type { Gpu } from '../gpu/device.ts';
import { type DeepConstants, deepConstants } from '../math/deep/linear-constants.ts';
import type { Inputs } from '../math/linear-features.ts';
import { greatestOf } from '../math/statistics.ts';
import { DeepNetwork } from '../network/deep.ts';
import { type LinearChoice, linearChoices } from './linear-choices.ts';
import { type DeepSpec, architectureOf, shapeProblem } from './network-spec.ts';
import { type Spec, activationOf, ratesOf } from './spec.ts';

/** What a deep network and its linear models are made for. */
interface DeepSetting {
  d: number;
  maxPoints: number;
  trained: readonly number[];
  spectrumMoment: number;
  /** Training inputs on the host. */
  sample: Inputs | undefined;
}

/**
 * The deep or convolutional network of a spec, and the linear models that train beside it. The caller disposes of the network.
 * @throws DataError where a shape is not that of the points, or a linear model does not know the network.
 */
export async function makeDeep(
  gpu: Gpu,
  spec: Spec,
  given: DeepSpec,
  { d, maxPoints, trained, spectrumMoment, sample }: DeepSetting,
): Promise<{ network: DeepNetwork; theory: LinearChoice; beside: LinearChoice[]; constants: DeepConstants }> {
  if (given.kind === 'convolutional' && given.shape.reduce((all, side) => all * side, 1) !== d) {
    throw new DataError(shapeProblem(given.shape, d));
  }
  const activation = activationOf(given);
  const architecture = architectureOf(given, d);
  const rates = ratesOf(spec);
  const eta = greatestOf(rates);
  const weights = rates.map((rate) => rate / eta);
  const options = { weights, spectrumMoment, ...(sample && { sample }) };
  const choices = linearChoices({ architecture, activation }, spec.training.linear ?? [], options);
  const constants = deepConstants({ activation, gains: architecture.gains, weights });
  const network = await DeepNetwork.create(gpu, architecture, { maxPoints, trained }, activation);
  return { network, ...choices, constants };
}
