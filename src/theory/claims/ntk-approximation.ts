import type { Norm } from '../../kernel/spectrum.ts';
import { dataConditions, enoughSamples } from '../conditions.ts';
import { needsSamples } from '../alpha.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { kernelDistance } from '../kernels.ts';
import { kernelBound, kernelConstant, normQuantity } from '../quantity.ts';

/** Claim 3: the expected kernel is nearly linear in the inputs (entrywise Taylor expansion). */
export const ntkApproximation: Claim = {
  number: 3,
  slug: 'ntk-approximation',
  title: 'The expected first-layer NTK is nearly linear',
  statement:
    'With high probability over *X*, ‖*Θ*_{1}^{∗} − *Θ*_{lin1}‖ ≲ *n*/*d*^{1+*α*}, where *Θ*_{lin1} = (*ζ*²*XX*ᵀ + *ν*²11ᵀ)/*d*.',
  measures: 'The spectral norm of the difference over *n*, by Lanczos. The width plays no part.',
  source: 'Deck, “First-layer NTK – Approximation”; THEORY.md, sections 3 and 4',
  senseless: () => null,
  conditions: (setting) => [enoughSamples(setting), ...dataConditions(setting)],
};

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
