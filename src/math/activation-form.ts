import type { Activation, ActivationName } from './activation-names.ts';

/** What is known of every activation that has a name: of the leaky ReLU, by its slope. */
type Forms<Form extends object> = Readonly<Record<ActivationName, Form | ((slope: number) => Form)>>;

/**
 * What is known of an activation, by name, by slope or by formula; it knows none itself, so that who asks for the shader of one does not
 * load the mathematics of all.
 * @throws TypeError where the value is no activation: its name without an object around it, for one.
 */
export function formOf<Form extends object>(
  forms: Forms<Form>,
  ofFormula: (formula: string) => Form,
  activation: Activation,
): Form {
  const { name, slope, formula } = Object(activation) as { name?: string; slope?: number; formula?: string };
  if (name === 'formula' && typeof formula === 'string') return ofFormula(formula);
  const known = Object.entries(forms).find(([key]) => key === name)?.[1];
  if (typeof known === 'function') {
    if (Number.isFinite(slope)) return known(slope!);
  } else if (known && slope === undefined) return known;
  const names = Object.keys(forms).join(', ');
  throw new TypeError(
    `activation must be an object such as { name: 'erf' }; it is ${JSON.stringify(activation)}. The names are ${names}, and formula; leaky-relu takes a slope, which no other does, and formula a formula.`,
  );
}
