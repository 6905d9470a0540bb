import { activationFunctions } from '../../math/activations.ts';
import type { Instrument } from '../instrument.ts';
import {
  type JacobianScale,
  type Perturbation,
  jacobianScale,
  measurePerturbations,
  noBall,
} from '../perturbation.ts';
import { normQuantity, quantity } from '../quantity.ts';

/** Measures claim 14. */
export const jacobianSmoothInstrument = (): Instrument => {
  let perturbations: Perturbation[] = [];
  let scale: JacobianScale;
  return {
    start: async (lab) => {
      scale = await jacobianScale(lab);
      perturbations = await measurePerturbations(lab);
    },
    finish: (_, { n, m, d, activation }) => {
      const { supPhiSecond } = activationFunctions(activation);
      const constant = supPhiSecond! * scale.largestWeight * scale.largestPoint * scale.inputs;
      const slope = Math.sqrt(n / (m * d));
      return {
        quantities: [
          ...perturbations.map(({ key, where, jacobian, spectral }) =>
            normQuantity(jacobian, {
              key: `jacobian_${key}`,
              symbol: '‖*J*_{1}(*W*(0)) − *J*_{1}(*W̃*)‖',
              bound: { symbol: '*C* √(*n*/(*md*)) ‖*W* − *W̃*‖', value: constant * slope * spectral },
              relation: 'proved',
              remark: where,
            }),
          ),
          quantity({
            key: 'jacobian_constant',
            symbol: '*C* = sup|*φ*″| max|*v*_{*r*}| (max ‖*x*_{*i*}‖/√*d*) ‖*X*‖/√*n*',
            value: constant,
            bound: null,
            relation: 'beside',
            remark: 'the constant of ≲',
          }),
          ...perturbations.map(({ key, where, jacobian, frobenius }) =>
            normQuantity(
              jacobian,
              {
                key: `jacobian_${key}_frobenius`,
                symbol: '‖*J*_{1}(*W*(0)) − *J*_{1}(*W̃*)‖/(√(*n*/(*md*)) ‖*W* − *W̃*‖_{F})',
                bound: null,
                relation: 'beside',
                remark: `${where}; as the claim is written`,
              },
              slope * frobenius,
            ),
          ),
        ],
        remark: perturbations.length === 0 ? noBall : '',
      };
    },
  };
};
