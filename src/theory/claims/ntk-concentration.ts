import type { Norm } from '../../kernel/spectrum.ts';
import { dataConditions, enoughSamples, wideEnoughForFirst } from '../conditions.ts';
import { needsBoth } from '../alpha.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { kernelDistance } from '../kernels.ts';
import { kernelBound, kernelConstant, normQuantity } from '../quantity.ts';

/** Claim 2: Θ₁(W(0)) is near its expectation (matrix Bernstein). */
export const ntkConcentration: Claim = {
  number: 2,
  slug: 'ntk-concentration',
  title: 'The first-layer NTK concentrates',
  statement:
    'With high probability over *W*(0) and *X*, ‖*Θ*_{1}(*W*(0)) − *Θ*_{1}^{∗}‖ ≤ *n*/*d*^{1+*α*}, where *Θ*_{1}^{∗} = E_{*W*} *Θ*_{1}(*W*).',
  measures:
    'The spectral norm of the difference over *n*, by Lanczos. The expected kernel is in closed form for erf, sin, the identity, ReLU and leaky ReLU, and a Hermite series else.',
  source: 'Deck, “First-layer NTK – Concentration”; THEORY.md, section 3',
  senseless: () => null,
  conditions: (setting) => [enoughSamples(setting), wideEnoughForFirst(setting), ...dataConditions(setting)],
};

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
