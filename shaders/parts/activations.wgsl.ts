import { formOf } from '../../src/math/activation-form.ts';
import type { Activation, ActivationName, registry } from '../../src/math/activation-names.ts';
import { erf } from '../activations/erf.wgsl.ts';
import { formulaShader } from '../activations/formula.wgsl.ts';
import { gelu } from '../activations/gelu.wgsl.ts';
import { identity } from '../activations/identity.wgsl.ts';
import { leakyRelu, relu } from '../activations/piecewise-linear.wgsl.ts';
import type { ActivationShader, ExpectedForm } from '../activations/shader.ts';
import { sigmoid } from '../activations/sigmoid.wgsl.ts';
import { sin } from '../activations/sin.wgsl.ts';
import { softplus } from '../activations/softplus.wgsl.ts';
import { swish } from '../activations/swish.wgsl.ts';
import { tanh } from '../activations/tanh.wgsl.ts';

/** A φ with a dual in closed form has WGSL of it, and one without has none. */
type ShaderOf<Known> = Known extends (slope: number) => infer Of
  ? (slope: number) => ShaderOf<Of>
  : ActivationShader & { expected: Known extends { dual: null } ? null : ExpectedForm };

const shaders = {
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
} as const satisfies { [Name in ActivationName]: ShaderOf<(typeof registry)[Name]> };

/** What the device knows of an activation. @throws TypeError where it is none. */
export const shaderOf = (activation: Activation): ActivationShader =>
  formOf<ActivationShader>(shaders, formulaShader, activation);

/**
 * WGSL of an activation: `phi(z)`, `phi_prime(z)` and `phi_both(z)` = (φ(z), φ′(z)), which shares what it can, after
 * the helpers they need (the parts beside this file). Error bounds: accuracy.ts. φ(−z) = −φ(z) bit for bit where φ is
 * odd. Arguments are clamped by comparisons that let NaN through where the adapter keeps NaN at all; at ±∞ there are
 * limits, but infinity for sin (from 2²⁴ on) and NaN for GELU and swish at −∞ (WGSL promises nothing there).
 */
export const activation = (of: Activation): string => shaderOf(of).code;
