import { erf } from './activations/erf.ts';
import { gelu } from './activations/gelu.ts';
import { identity } from './activations/identity.ts';
import type { ActivationMathematics } from './activations/mathematics.ts';
import { leakyRelu, relu } from './activations/piecewise-linear.ts';
import { sigmoid } from './activations/sigmoid.ts';
import { sin } from './activations/sin.ts';
import { softplus } from './activations/softplus.ts';
import { swish } from './activations/swish.ts';
import { tanh } from './activations/tanh.ts';

/**
 * The activations φ of THEORY.md, section 1, by the names a spec uses. A new one is a line here, a file of mathematics and a
 * file of WGSL: every list elsewhere is made from this one, and what does not compile without it says so.
 */
export const registry = {
  erf,
  tanh,
  sigmoid,
  softplus,
  swish,
  gelu,
  sin,
  identity,
  relu,
  'leaky-relu': leakyRelu,
} as const satisfies Record<string, ActivationMathematics | ((slope: number) => ActivationMathematics)>;

/** A name of an activation that a spec takes; any other φ is a formula. */
export type ActivationName = keyof typeof registry;

/** The activations that have names, in the order in which they are offered. Source: THEORY.md, section 1. */
export const activationNames = Object.keys(registry) as [ActivationName, ...ActivationName[]];

/** Those that have a slope on z < 0 of their own. */
export type SlopedName = {
  [Name in ActivationName]: (typeof registry)[Name] extends ActivationMathematics ? never : Name;
}[ActivationName];

/**
 * An activation φ: its name and, for the leaky ReLU only, the slope a on z < 0; or a formula in the variable x, such as
 * x*sigmoid(1.702*x).
 */
export type Activation =
  | { readonly name: Exclude<ActivationName, SlopedName> }
  | { readonly name: SlopedName; readonly slope: number }
  | { readonly name: 'formula'; readonly formula: string };
