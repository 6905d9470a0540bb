import { mathematicsOf } from '../../math/activations.ts';
import type { Instrument } from '../instrument.ts';
import { type Perturbation, measurePerturbations, noBall } from '../perturbation.ts';
import { kernelConstant, normQuantity } from '../quantity.ts';

/** Measures claim 15. */
export const jacobianPiecewiseLinearInstrument = (): Instrument => {
  let perturbations: Perturbation[] = [];
  return {
    start: async (lab) => {
      perturbations = await measurePerturbations(lab);
    },
    finish: (_, { n, m, d, activation }) => {
      // φ′ jumps by 1 − a, and J₁ with it.
      const { left, right } = mathematicsOf(activation).slopes!;
      const jump = Math.abs(right - left);
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
        remark: perturbations.length === 0 ? noBall : '',
      };
    },
  };
};
