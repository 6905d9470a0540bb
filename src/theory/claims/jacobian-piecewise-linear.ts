import { dataConditions, wideEnoughForFirst } from '../conditions.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { type Perturbation, measurePerturbations } from '../perturbation.ts';
import { kernelConstant, normQuantity } from '../quantity.ts';
import { isSmooth } from '../scope.ts';

/** Claim 15: for piecewise linear φ the Jacobian moves by the units whose sign changes. */
export const jacobianPiecewiseLinear: Claim = {
  number: 15,
  slug: 'jacobian-piecewise-linear',
  title: 'Jacobian perturbation, piecewise linear activation',
  statement:
    'For piecewise linear *φ*, with high probability over *W*(0) and *X*, ‖*J*_{1}(*W*, *v*) − *J*_{1}(*W*(0), *v*)‖ ≲ √(*n*/*d*) (‖*W* − *W*(0)‖^{1/3}/*m*^{1/6} + (log *n*/*m*)^{1/4}) for all *W*.',
  measures:
    'The operator norm of the difference at the same points as claim 14; the bound with the spectral norm of *W* − *W*(0), as the deck writes it.',
  source: 'Deck, “Jacobian perturbation for the first layer”, (7)',
  senseless: (scope) =>
    !scope.layers.first
      ? 'it is about the first layer, which does not train'
      : isSmooth(scope)
        ? 'it is about piecewise linear activations, and this one is smooth (see claim 14)'
        : null,
  conditions: (setting) => [wideEnoughForFirst(setting), ...dataConditions(setting)],
};

/** Measures claim 15. */
export const jacobianPiecewiseLinearInstrument = (): Instrument => {
  let perturbations: Perturbation[] = [];
  return {
    start: async (lab) => {
      perturbations = await measurePerturbations(lab);
    },
    finish: (_, { n, m, d, activation }) => {
      // φ′ jumps by 1 − a, and J₁ with it.
      const jump = Math.abs(1 - (activation.name === 'leaky-relu' ? activation.slope : 0));
      const factor = jump === 1 ? '' : '|1 − *a*| ';
      return {
        quantities: perturbations.map(({ key, where, jacobian, spectral }) =>
          normQuantity(jacobian, {
            key: `jacobian_${key}`,
            symbol: '‖*J*_{1}(*W̃*) − *J*_{1}(*W*(0))‖',
            bound: {
              symbol: `${factor}√(*n*/*d*) (‖*W̃* − *W*(0)‖^{1/3}/*m*^{1/6} + (log *n*/*m*)^{1/4})`,
              value:
                jump * Math.sqrt(n / d) * (Math.cbrt(spectral) / m ** (1 / 6) + (Math.log(n) / m) ** (1 / 4)),
            },
            constant: kernelConstant,
            remark: where,
          }),
        ),
      };
    },
  };
};
