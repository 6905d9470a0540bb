import { CommandStream } from '../../gpu/command-stream.ts';
import { type DataExtremes, dataExtremes } from '../../kernel/data-extremes.ts';
import { FeatureKernel, inputFeatures } from '../../kernel/feature-kernel.ts';
import { type Norm, spectralNorm } from '../../kernel/spectrum.ts';
import { assumedData } from '../conditions.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { normQuantity, quantity } from '../quantity.ts';

/** Claim 1: the points lie near the sphere of radius √d and are nearly orthogonal. */
export const concentration: Claim = {
  number: 1,
  slug: 'concentration',
  title: 'Concentration of the data',
  statement:
    'For *n* ≫ *d*, with high probability ‖*x*_{*i*}‖²/*d* = 1 ± *O*(√(log *n*/*d*)) for all *i*, |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d* = *O*(√(log *n*/*d*)) for all *i* ≠ *j*, and ‖*XX*ᵀ‖ = *Θ*(*n*).',
  measures:
    'The largest deviation of a squared norm and the largest inner product over all pairs, both over *d*, and the spectral norm of *XX*ᵀ over *n* by Lanczos.',
  source: 'Paper, section 3; deck, “Claim”; THEORY.md, section 2',
  senseless: () => null,
  conditions: (setting) => [
    {
      hypothesis: '*n* ≫ *d*',
      here: { symbol: '*n*/*d*', value: setting.n / setting.d },
      verdict: setting.n >= 10 * setting.d ? 'met' : setting.n > setting.d ? 'borderline' : 'not met',
      remark: '',
    },
    assumedData(setting),
  ],
};

/** Measures claim 1. */
export const concentrationInstrument = (): Instrument => {
  let extremes: DataExtremes;
  let norm: Norm;
  return {
    start: async ({ gpu, train, seed, signal }) => {
      extremes = await dataExtremes(gpu, train.X, signal);
      using stream = new CommandStream(gpu);
      using gram = await FeatureKernel.create(gpu, stream, train.X, inputFeatures(train.X.cols));
      await stream.finish();
      norm = await spectralNorm(gpu, gram, { seed, ...(signal && { signal }) });
    },
    finish: (_, { n, d }) => {
      const bound = { symbol: '√(log *n*/*d*)', value: Math.sqrt(Math.log(n) / d) };
      return {
        quantities: [
          quantity({
            key: 'norm_deviation',
            symbol: 'max_{*i*} |‖*x*_{*i*}‖²/*d* − 1|',
            value: extremes.normDeviation,
            bound,
            constant: 4,
          }),
          quantity({
            key: 'inner_product',
            symbol: 'max_{*i*≠*j*} |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d*',
            value: extremes.innerProduct,
            bound,
            constant: 4,
          }),
          normQuantity(
            norm,
            {
              key: 'gram_norm',
              symbol: '‖*XX*ᵀ‖/*n*',
              bound: { symbol: '1', value: 1 },
              relation: 'of order',
              constant: 4,
            },
            n,
          ),
        ],
      };
    },
  };
};
