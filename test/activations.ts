import { type Activation, activationNames } from '../src/math/activation-names.ts';

/** Every activation, the leaky ReLU once for each slope. */
export const everyActivation = (slopes: readonly number[]): Activation[] =>
  activationNames.flatMap((name): Activation[] =>
    name === 'leaky-relu' ? slopes.map((slope) => ({ name, slope })) : [{ name }],
  );
