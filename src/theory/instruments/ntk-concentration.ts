import type { Norm } from '../../kernel/spectrum.ts';
import { needsBoth } from '../alpha.ts';
import type { Instrument } from '../instrument.ts';
import { kernelDistance } from '../kernels.ts';
import { kernelBound, kernelConstant, normQuantity } from '../quantity.ts';

/** Measures claim 2. */
export const ntkConcentrationInstrument = (): Instrument => {
  let norm: Norm;
  return {
    start: async (lab) => {
      norm = await kernelDistance(lab, 'initial', 'expected', 'first');
    },
    finish: (_, setting) => ({
      quantities: [
        normQuantity(
          norm,
          {
            key: 'ntk_concentration',
            symbol: '‖*Θ*_{1}(*W*(0)) − *Θ*_{1}^{∗}‖/*n*',
            bound: kernelBound(setting, needsBoth),
            constant: kernelConstant,
          },
          setting.n,
        ),
      ],
    }),
  };
};
