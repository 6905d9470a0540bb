import { DataError } from '../data/data-error.ts';
import type { NetworkFamily } from '../math/deep/expected-kernel.ts';
import {
  type DeepLinearFeatures,
  asLinearFeatures,
  deepFeatureMatrix,
  featureCount,
} from '../math/deep/linear-features.ts';
import {
  type DeepLinearModelOptions,
  adaptedLinearModel,
  deepLinearModel,
  fittedLinearModel,
} from '../math/deep/linear-models.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import type { FeatureMap } from '../model/linear-model.ts';

/** Features that a linear model trains with: of the inputs, or of what a map puts in their place. */
export interface LinearChoice {
  key: string;
  features: LinearFeatures;
  map: FeatureMap | undefined;
}

/**
 * The theory's linear model of a deep network, and the refinements that are asked for beside it.
 * @throws DataError where the theory or a refinement does not know this network, with what to do.
 */
export function linearChoices(
  network: NetworkFamily,
  wanted: readonly ('theory' | 'adapted' | 'fitted')[],
  options: DeepLinearModelOptions,
): { theory: LinearChoice; beside: LinearChoice[] } {
  const made = (key: 'theory' | 'adapted' | 'fitted', model: () => DeepLinearFeatures): LinearChoice => {
    try {
      return choiceOf(key, model());
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new DataError(
        key !== 'theory'
          ? `${error.message} Leave "${key}" out of training.linear.`
          : `${error.message} Take data.n of at least 2.`,
      );
    }
  };
  const refinements = {
    adapted: () => adaptedLinearModel(network, options.weights),
    fitted: () => fittedLinearModel(network, options.sample!, options.weights),
  };
  return {
    theory: made('theory', () => deepLinearModel(network, options)),
    beside: [...new Set(wanted)].flatMap((key) => (key === 'theory' ? [] : [made(key, refinements[key])])),
  };
}

function choiceOf(key: string, model: DeepLinearFeatures): LinearChoice {
  const simple = asLinearFeatures(model);
  if (simple) return { key, features: simple, map: undefined };
  const d = featureCount(model);
  return {
    key,
    features: { d, scale: 1, bias: 0, normScale: 0, theta0: 0, theta1: 0, theta2: 0 },
    map: { inputs: model.d, of: (X) => deepFeatureMatrix(model, X) },
  };
}
