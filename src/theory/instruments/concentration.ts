import { CommandStream } from '../../gpu/command-stream.ts';
import { Matrix } from '../../gpu/matrix.ts';
import { type DataExtremes, dataExtremes } from '../../kernel/data-extremes.ts';
import { FeatureKernel, inputFeatures } from '../../kernel/feature-kernel.ts';
import { type Norm, spectralNorm } from '../../spectral/spectrum.ts';
import type { Quantity } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { normQuantity, quantity } from '../quantity.ts';

/** Measures claim 1. */
export const concentrationInstrument = (): Instrument => {
  let extremes: DataExtremes;
  let norm: Norm;
  /** Of the first and of the second half of the rows, where the covariance is not known otherwise. */
  let halves: [Norm, Norm] | null = null;
  return {
    start: async (lab) => {
      const { gpu, train, signal, setting } = lab;
      extremes = await dataExtremes(gpu, train.X, signal);
      norm = await gramNorm(lab, train.X);
      if (setting.data.form !== 'not known' || train.size < 2) return;
      const half = Math.floor(train.size / 2);
      halves = [await halfNorm(lab, 0, half), await halfNorm(lab, train.size - half, half)];
    },
    finish: (_, { n, d, data }) => {
      const bound = { symbol: '√(log *n*/*d*)', value: Math.sqrt(Math.log(n) / d) };
      // Sums of d products: as a random walk, with room.
      const rounding = 4 * Math.sqrt(d) * 2 ** -24;
      return {
        quantities: [
          quantity({
            key: 'norm_deviation',
            symbol: 'max_{*i*} |‖*x*_{*i*}‖²/*d* − 1|',
            value: extremes.normDeviation,
            error: rounding * (1 + extremes.normDeviation),
            bound,
            constant: 4,
          }),
          quantity({
            key: 'inner_product',
            symbol: 'max_{*i*≠*j*} |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d*',
            value: extremes.innerProduct,
            error: rounding * (1 + extremes.normDeviation),
            bound,
            constant: 4,
          }),
          ...gramQuantities(norm, halves, { n, norm: data.norm }),
        ],
      };
    },
  };
};

/**
 * ‖XXᵀ‖/n beside ‖Σ‖. Of own arrays Σ is not known, and ‖XᵀX‖/n of the same rows would be the same number: so the first
 * half of the rows is held against the second.
 */
function gramQuantities(
  norm: Norm,
  halves: [Norm, Norm] | null,
  { n, norm: covariance }: { n: number; norm: number | null },
): Quantity[] {
  const shared = { relation: 'of order', constant: 4 } as const;
  const half = Math.floor(n / 2);
  if (halves) {
    const [first, second] = halves;
    return [
      normQuantity(norm, { key: 'gram_norm', symbol: '‖*XX*ᵀ‖/*n*', bound: null, relation: 'beside' }, n),
      normQuantity(
        first,
        {
          ...shared,
          key: 'gram_norm_halves',
          symbol: '‖*XX*ᵀ‖/*n* of the first half of the rows',
          bound: { symbol: 'that of the other half', value: second.value / half },
          remark: 'which stands for ‖*Σ*‖, since these inputs have no other',
        },
        half,
      ),
    ];
  }
  const bound = covariance === null ? null : { symbol: '‖*Σ*‖', value: covariance };
  return [normQuantity(norm, { ...shared, key: 'gram_norm', symbol: '‖*XX*ᵀ‖/*n*', bound }, n)];
}

/** ‖XXᵀ‖, with what float32 leaves open of it. */
async function gramNorm({ gpu, seed, signal }: Lab, X: Matrix): Promise<Norm> {
  using stream = new CommandStream(gpu);
  using gram = await FeatureKernel.create(gpu, stream, X, inputFeatures(X.cols));
  await stream.finish();
  const norm = await spectralNorm(gpu, gram, { seed, ...(signal && { signal }) });
  return { ...norm, error: norm.error + 2 ** -20 * norm.value };
}

/** The same of `count` rows from `first`. */
async function halfNorm(lab: Lab, first: number, count: number): Promise<Norm> {
  const { X } = lab.train;
  using half = new Matrix(lab.gpu, 'half of the inputs', count, X.cols);
  const rows = (await X.readAll()).slice(first * X.cols, (first + count) * X.cols);
  half.write(rows);
  return await gramNorm(lab, half);
}
