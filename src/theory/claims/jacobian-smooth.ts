import { assumedData } from '../conditions.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { type Perturbation, measurePerturbations } from '../perturbation.ts';
import { kernelConstant, normQuantity } from '../quantity.ts';
import { isSmooth } from '../scope.ts';

/** Claim 14: the Jacobian is Lipschitz in W where φ is smooth. */
export const jacobianSmooth: Claim = {
  number: 14,
  slug: 'jacobian-smooth',
  title: 'Jacobian perturbation, smooth activation',
  statement:
    'For smooth *φ*, with high probability over *X*, ‖*J*_{1}(*W*, *v*) − *J*_{1}(*W̃*, *v*)‖ ≲ √(*n*/(*md*)) ‖*W* − *W̃*‖_{F} for all *W*, *W̃*.',
  measures:
    'The operator norm of the difference between *W*(0) and a random point at distance *R* = √(*d* log *d*), one at *R*/10, and one where all units moved alike, so that both norms of *W* − *W̃* are the same; and the ratio to the spectral norm of *W* − *W̃*, which the deck also writes and which is the sharper bound.',
  source: 'Deck, “Jacobian perturbation for the first layer”, (6)',
  senseless: (scope) =>
    !scope.layers.first
      ? 'it is about the first layer, which does not train'
      : isSmooth(scope)
        ? null
        : 'it is about smooth activations, and this one is piecewise linear (see claim 15)',
  conditions: (setting) => [assumedData(setting)],
};

/** Measures claim 14. */
export const jacobianSmoothInstrument = (): Instrument => {
  let perturbations: Perturbation[] = [];
  return {
    start: async (lab) => {
      perturbations = await measurePerturbations(lab);
    },
    finish: (_, { n, m, d }) => {
      const slope = Math.sqrt(n / (m * d));
      return {
        quantities: perturbations.flatMap(({ key, where, jacobian, frobenius, spectral }) => [
          normQuantity(jacobian, {
            key: `jacobian_${key}`,
            symbol: '‖*J*_{1}(*W*(0)) − *J*_{1}(*W̃*)‖',
            bound: { symbol: '√(*n*/(*md*)) ‖*W* − *W̃*‖_{F}', value: slope * frobenius },
            constant: kernelConstant,
            remark: where,
          }),
          normQuantity(
            jacobian,
            {
              key: `jacobian_${key}_spectral`,
              symbol: '‖*J*_{1}(*W*(0)) − *J*_{1}(*W̃*)‖/(√(*n*/(*md*)) ‖*W* − *W̃*‖)',
              bound: null,
              remark: `${where}; the ratio to the spectral norm`,
            },
            slope * spectral,
          ),
        ]),
      };
    },
  };
};
