/** The activations φ of THEORY.md, section 1, by the names a spec uses. */
export const activationNames = [
  'erf',
  'tanh',
  'sigmoid',
  'softplus',
  'gelu',
  'sin',
  'identity',
  'relu',
  'leaky-relu',
] as const;

export type ActivationName = (typeof activationNames)[number];

/** An activation φ: its name and, for the leaky ReLU only, the slope a on z < 0. */
export type Activation =
  | { readonly name: Exclude<ActivationName, 'leaky-relu'> }
  | { readonly name: 'leaky-relu'; readonly slope: number };
