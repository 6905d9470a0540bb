import * as z from 'zod/mini';
import { type ActivationName, activationNames } from '../math/activation-names.ts';
import { activationFunctions } from '../math/activations.ts';
import { FormulaError } from '../math/formula/parse.ts';
import { closest } from '../math/formula/read.ts';

/** One of the names, or a formula in x. */
export const activation = z.string().check(
  (context) => {
    const problem = activationProblem(context.value);
    if (problem) context.issues.push({ code: 'custom', input: context.value, message: problem });
  },
  z.meta({ description: 'a name, or a formula in x such as x*sigmoid(x)', examples: [...activationNames] }),
);
/** |a| = O(1). */
export const slope = z.optional(
  z.number().check(z.minimum(-100), z.maximum(100), z.describe('of leaky-relu on z < 0')),
);

/** φ′ and its square are float32 numbers, and leave room for what they are multiplied by. */
const slopes = { least: 1e-15, most: 1e15 } as const;

/** What is wrong with the text of an activation. */
function activationProblem(text: string): string | null {
  if (activationNames.includes(text as ActivationName)) return null;
  // A word is a name that was mistyped, unless it is what a formula may begin with.
  const parts = text.split('-');
  if (/^[A-Za-z][A-Za-z-]+$/.test(text) && !parts.every((part) => ['x', 'pi', 'e'].includes(part))) {
    const near = closest(text, activationNames);
    const hint = near ? ` (did you mean "${near}"?)` : '';
    return `allowed: ${activationNames.map((name) => `"${name}"`).join(', ')}, or a formula in x such as "x*sigmoid(x)"${hint}`;
  }
  try {
    const { phiPrime } = activationFunctions({ name: 'formula', formula: text });
    let steepest = 0;
    for (let x = -4; x <= 4; x += 1 / 16) steepest = Math.max(steepest, Math.abs(phiPrime(x)));
    if (steepest >= slopes.least && steepest <= slopes.most) return null;
    return `it is a formula whose slope is at most ${steepest.toPrecision(2)} for |x| ≤ 4, where float32 cannot hold its square; multiply it by a number that makes it of order 1`;
  } catch (error) {
    if (error instanceof FormulaError) return `it is a formula ${error.message}`;
    throw error;
  }
}
