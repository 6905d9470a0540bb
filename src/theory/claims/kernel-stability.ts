import { assumedData, enoughSamples, wideEnough } from '../conditions.ts';
import type { Norm } from '../../kernel/spectrum.ts';
import type { Quantity } from '../claim.ts';
import { alphaOf } from '../horizon.ts';
import type { ClaimModule } from '../instrument.ts';
import { kernelConstant, normQuantity } from '../quantity.ts';
import { withStability } from '../stability.ts';

const symbol = '‖*J*(*θ*)*J*(*θ̃*)ᵀ − *K*‖';

/** Claim 12: Assumption 1, and the lemma that verifies it for the first layer. */
export const kernelStability: ClaimModule = {
  number: 12,
  slug: 'kernel-stability',
  title: 'The kernel stays near the linear one (Assumption 1)',
  statement:
    'There are *ε* < ‖*K*‖ and *R* with ‖*J*(*θ*)*J*(*θ̃*)ᵀ − *K*‖ ≤ *ε* for all *θ*, *θ̃* within *R* of *θ*(0). First layer: with high probability, for *R* = √(*d* log *d*), *ε* ≲ *n*/*d*^{1+*α*/7}.',
  measures:
    '*ε* along the real path (*θ* = *θ̃* = *θ*(*t*)), at random pairs of points on the surface of the ball, and at adversarial points of it (conditional gradient ascent on the eigenvalue of *JJ*ᵀ − *K* of largest size). In the ball *W* moves and *v* stays.',
  source: 'Deck, “Assumption 1” and “Lemma to prove Assumption 1”',
  senseless: () => null,
  conditions: (setting) => [enoughSamples(setting), wideEnough(setting), assumedData(setting)],
  instrument: () =>
    withStability((found, _, setting) => {
      const { n, d } = setting;
      const bound = { symbol: '*d*^{−(1+*α*/7)}', value: d ** -(1 + alphaOf(setting, 1) / 7) };
      const largest = (norms: readonly Norm[], key: string, where: string): Quantity[] =>
        norms.length === 0
          ? []
          : [
              normQuantity(
                norms.reduce((best, norm) => (norm.value > best.value ? norm : best)),
                { key, symbol: `${symbol}/*n* ${where}`, bound, constant: kernelConstant },
                n,
              ),
            ];
      const path = found.path.map(({ norm }) => norm);
      return {
        quantities: [
          ...largest(path, 'epsilon_path', 'along the path'),
          ...largest(found.random, 'epsilon_random', 'at random points of the ball'),
          ...largest(found.adversarial, 'epsilon_adversarial', 'at adversarial points of the ball'),
        ],
        series: [
          {
            key: 'epsilon_path',
            symbol: '*ε*/*n* at *θ*(*t*)',
            axis: 'step',
            x: found.path.map(({ step }) => step),
            y: path.map(({ value }) => value / n),
            bound: { symbol: bound.symbol, y: path.map(() => bound.value) },
          },
        ],
      };
    }),
};
