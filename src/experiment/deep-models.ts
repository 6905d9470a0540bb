import { DataError } from '../data/data-error.ts';
import type { Gpu } from '../gpu/device.ts';
import { type DeepConstants, type DeepLayers, deepConstants } from '../math/deep/linear-constants.ts';
import type { Inputs } from '../math/linear-features.ts';
import { greatestOf } from '../math/statistics.ts';
import { DeepNetwork } from '../network/deep.ts';
import { type LinearChoice, linearChoices } from './linear-choices.ts';
import { shapeProblem } from './network-problems.ts';
import type { DeepSpec } from './network-spec.ts';
import { architectureOf } from './network-facts.ts';
import { activationOf, ratesOf } from './spec-facts.ts';
import type { Spec } from './spec.ts';

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
 * @throws DataError where a shape is not that of the points, a linear model does not know the network, or its kernel leaves float32.
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
  const constants = constantsOf({ activation, gains: architecture.gains, weights });
  const choices = linearChoices({ architecture, activation }, spec.training.linear ?? [], options);
  const network = await DeepNetwork.create(gpu, architecture, { maxPoints, trained }, activation);
  return { network, ...choices, constants };
}

/** Kernels whose outputs, gradients and their squares float32 holds. */
const [leastKernel, mostKernel] = [1e-30, 1e30];

function constantsOf(layers: DeepLayers): DeepConstants {
  const refused = (why: string) =>
    new DataError(
      `${why} With network.gains nearer to 1 (√2 for ReLU), or fewer layers, they neither grow nor vanish.`,
    );
  let constants: DeepConstants;
  try {
    constants = deepConstants(layers);
  } catch (error) {
    throw error instanceof RangeError ? refused(error.message) : error;
  }
  const { diagonal } = constants;
  if (diagonal >= leastKernel && diagonal <= mostKernel) return constants;
  throw refused(
    `The kernel of this network is ${Number(diagonal.toPrecision(3))} at inputs of norm √d: its outputs and gradients would leave float32, which takes kernels from ${leastKernel} to ${mostKernel.toExponential()}.`,
  );
}
