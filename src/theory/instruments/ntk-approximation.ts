import type { Norm } from '../../kernel/spectrum.ts';
import { needsSamples } from '../alpha.ts';
import type { Instrument } from '../instrument.ts';
import { kernelDistance } from '../kernels.ts';
import { kernelBound, kernelConstant, normQuantity } from '../quantity.ts';

/** Measures claim 3. */
export const ntkApproximationInstrument = (): Instrument => {
  let norm: Norm;
  return {
    start: async (lab) => {
      norm = await kernelDistance(lab, 'expected', 'linear', 'first');
    },
    finish: (_, setting) => ({
      quantities: [
        normQuantity(
          norm,
          {
            key: 'ntk_approximation',
            symbol: '‖*Θ*_{1}^{∗} − *Θ*_{lin1}‖/*n*',
            bound: kernelBound(setting, needsSamples),
            constant: kernelConstant,
          },
          setting.n,
        ),
      ],
    }),
  };
};
