import { mutatedText, oddNumber, oddText } from './documents.ts';
import type { Random } from './random.ts';

/** A formula, or what was one until some characters changed. */
export function someFormula(random: Random): string {
  const formula = expression(random, random.below(6));
  if (random.chance(0.02)) return formula.repeat(random.pick([10, 3000]));
  if (random.chance(0.02)) return oddText(random);
  return random.chance(0.6) ? formula : mutatedText(random, formula);
}

function expression(random: Random, levels: number): string {
  if (levels === 0) {
    return random.pick([
      'd',
      'n',
      'x_1',
      'm',
      '2',
      '0.5',
      '1e3',
      'constructor',
      '__proto__',
      String(oddNumber(random)),
    ]);
  }
  const part = () => expression(random, levels - 1 - random.below(levels));
  switch (random.below(5)) {
    case 0:
      return `(${part()})`;
    case 1:
      return `${random.pick(['-', '+', '!', '~'])}${part()}`;
    case 2: {
      const call = random.pick([
        'ceil',
        'floor',
        'round',
        'sqrt',
        'log',
        'exp',
        'min',
        'max',
        'sin',
        'toString',
      ]);
      return `${call}(${Array.from({ length: random.pick([1, 1, 1, 0, 2, 40]) }, part).join(', ')})`;
    }
    default:
      return `${part()} ${random.pick(['+', '-', '*', '/', '^', '**', '%', '&&', '='])} ${part()}`;
  }
}

/** What might be written for an activation: a formula in x, or what was one until some characters changed. */
export function someActivation(random: Random): string {
  const formula = someFormula(random)
    .replaceAll(/\b(?:d|n|m|x_1)\b/g, 'x')
    .replaceAll(/\b(?:ceil|floor|round)\b/g, 'tanh');
  return formula.slice(0, 120);
}
