import { agreementTime, reachesTime } from '../agreement.ts';
import { assumedData, enoughSamples, wideEnough } from '../conditions.ts';
import type { Norm } from '../../kernel/spectrum.ts';
import { alpha } from '../horizon.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { kernelConstant, normQuantity } from '../quantity.ts';
import { withStability } from '../stability.ts';

const symbol = '‖*J*(*θ*)*J*(*θ̃*)ᵀ − *K*‖';

/** Claim 12: Assumption 1, and the lemma that verifies it for the first layer. */
export const kernelStability: Claim = {
  number: 12,
  slug: 'kernel-stability',
  title: 'The kernel stays near the linear one (Assumption 1)',
  statement:
    'There are *ε* < ‖*K*‖ and *R* with ‖*J*(*θ*)*J*(*θ̃*)ᵀ − *K*‖ ≤ *ε* for all *θ*, *θ̃* within *R* of *θ*(0). First layer: with high probability, for *R* = √(*d* log *d*), *ε* ≲ *n*/*d*^{1+*α*/7}.',
  measures:
    '*ε* along the real path (*θ* = *θ̃* = *θ*(*t*)), at random pairs of points on the surface of the ball, and at adversarial points of it (conditional gradient ascent on the eigenvalue of *JJ*ᵀ − *K* of largest size). In the ball *W* moves and *v* stays. And the largest *ε* over ‖*K*‖, which Assumption 1 wants below 1.',
  source: 'Deck, “Assumption 1” and “Lemma to prove Assumption 1”',
  senseless: () => null,
  conditions: (setting) => [enoughSamples(setting), wideEnough(setting), assumedData(setting)],
};

/** Measures claim 12. */
export const kernelStabilityInstrument = (): Instrument =>
  withStability((found, ending, setting) => {
    const { n, d, layers } = setting;
    const T = agreementTime(setting);
    // The lemma, and its rate, are about the first layer alone; of the others the deck gives none.
    const rate =
      layers.first && !layers.second ? { symbol: '*d*^{−(1+*α*/7)}', value: d ** -(1 + alpha / 7) } : null;
    const path = found.path.map(({ norm }) => norm);
    const places = [
      { norms: path, key: 'epsilon_path', where: 'along the path' },
      { norms: found.random, key: 'epsilon_random', where: 'at random points of the ball' },
      { norms: found.adversarial, key: 'epsilon_adversarial', where: 'at adversarial points of the ball' },
    ].filter(({ norms }) => norms.length > 0);
    const all = largestOf(places.flatMap(({ norms }) => norms));
    const K = found.linearNorm!;
    return {
      quantities: [
        ...places.map(({ norms, key, where }) =>
          normQuantity(
            largestOf(norms),
            { key, symbol: `${symbol}/*n* ${where}`, bound: rate, constant: kernelConstant },
            n,
          ),
        ),
        normQuantity(
          all,
          {
            key: 'epsilon_relative',
            symbol: `the largest *ε*/‖*K*‖`,
            bound: { symbol: '1', value: 1 },
          },
          K.value,
        ),
      ],
      series: [
        {
          key: 'epsilon_path',
          symbol: '*ε*/*n* at *θ*(*t*)',
          axis: 'step',
          x: found.path.map(({ step }) => step),
          y: path.map(({ value }) => value / n),
          bound: rate && { symbol: rate.symbol, y: path.map(() => rate.value) },
        },
      ],
      conditions: [reachesTime(ending, T)],
    };
  });

const largestOf = (norms: readonly Norm[]): Norm =>
  norms.reduce((best, norm) => (norm.value > best.value ? norm : best));
