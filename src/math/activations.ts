import { formOf } from './activation-form.ts';
import { type Activation, registry } from './activation-names.ts';
import { formulaMathematics } from './formula/mathematics.ts';
import type { ActivationFunctions, ActivationMathematics } from './activations/mathematics.ts';

/**
 * All that is known of φ, with its slope where it has one.
 * @throws TypeError where it is no activation; FormulaError where its formula is none, or no activation.
 */
export const mathematicsOf = (activation: Activation): ActivationMathematics =>
  formOf<ActivationMathematics>(registry, formulaMathematics, activation);

/** φ, φ′, φ″ and their Lipschitz constants (THEORY.md, section 1). */
export const activationFunctions = (activation: Activation): ActivationFunctions => mathematicsOf(activation);

/** Whether Θ₁* and Θ₂* of an activation have a closed form (THEORY.md, section 3, and sin, identity). */
export const hasClosedForm = (activation: Activation): boolean => mathematicsOf(activation).dual !== null;
