import type { Points } from '../../data/off-distribution.ts';
import { type DataExtremes, dataExtremes } from '../../kernel/data-extremes.ts';
import type { Norm } from '../../spectral/spectrum.ts';
import type { Bound, Quantity } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { gram } from '../kernels.ts';
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
      norm = await gramNorm(lab);
      if (setting.data.form !== 'not known' || train.size < 2) return;
      const [rows, d, X] = [Math.floor(train.size / 2), setting.d, await train.X.readAll()];
      const [first, second] = [X.slice(0, rows * d), X.slice((train.size - rows) * d)];
      halves = [
        await gramNorm(lab, { rows, d, data: first }),
        await gramNorm(lab, { rows, d, data: second }),
      ];
    },
    finish: (_, { n, d, data }) => {
      // Sums of d products: as a random walk, with room.
      const rounding = 4 * Math.sqrt(d) * 2 ** -24;
      const greatest = 1 + extremes.normDeviation;
      // There tails are not those of Gaussians any more, and of bounded inputs nothing is said.
      const remark =
        n === 1
          ? 'of a single point nothing is claimed'
          : Math.log(n) > d
            ? 'where log *n* > *d*, √(log *n*/*d*) is above 1, and nothing is claimed'
            : '';
      const root = Math.sqrt(Math.log(n) / d);
      const bound: Bound | null = remark ? null : { symbol: '√(log *n*/*d*)', value: root };
      // On a sphere the greatest of n²/2 products nearly comes up to this at every n and d: that none is above 1 bends 2√(log n/d)
      // where d is small, and beside the root alone they would seem to grow.
      const onSphere = extremes.normDeviation <= rounding;
      const ofProducts =
        onSphere && bound
          ? { symbol: '√(1 − *n*^{−4/*d*})', value: Math.sqrt(-Math.expm1(-4 * root ** 2)) }
          : bound;
      return {
        quantities: [
          quantity({
            key: 'norm_deviation',
            symbol: 'max_{*i*} |‖*x*_{*i*}‖²/*d* − 1|',
            value: extremes.normDeviation,
            error: rounding * greatest,
            bound,
            constant: 4,
            remark,
          }),
          ...(n === 1
            ? []
            : [
                quantity({
                  key: 'inner_product',
                  symbol: 'max_{*i*≠*j*} |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d*',
                  value: extremes.innerProduct,
                  error: rounding * greatest,
                  bound: ofProducts,
                  constant: onSphere ? 2 : 4,
                  remark:
                    remark ||
                    (onSphere ? 'beside 2√(log *n*/*d*), as far as points on a sphere come up to it' : ''),
                }),
              ]),
          ...gramQuantities(norm, halves, { n, d, norm: data.norm }),
        ],
      };
    },
  };
};

/**
 * ‖XXᵀ‖/n beside what ‖Σ‖ makes of it. Of own arrays Σ is not known, and ‖XᵀX‖/n of the same rows would be the same number: so the first
 * half of the rows is held against the second.
 */
function gramQuantities(
  norm: Norm,
  halves: [Norm, Norm] | null,
  { n, d, norm: covariance }: { n: number; d: number; norm: number | null },
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
  // ‖Σ‖ is as right, but for a constant, which small sizes only come up to: E‖X‖ of Gaussian rows is at most √(n‖Σ‖) + √(Tr Σ), and
  // for Σ = I near it (Gordon; Davidson and Szarek 2001, Theorem II.13). d/n counts up to 1: fewer points than inputs are to fail.
  const bound =
    covariance === null
      ? null
      : {
          symbol: '(√‖*Σ*‖ + √min(1, *d*/*n*))²',
          value: (Math.sqrt(covariance) + Math.sqrt(Math.min(1, d / n))) ** 2,
        };
  return [normQuantity(norm, { ...shared, key: 'gram_norm', symbol: '‖*XX*ᵀ‖/*n*', bound }, n)];
}

/** ‖XXᵀ‖, with what float32 leaves open of it. */
async function gramNorm(lab: Lab, rows?: Points): Promise<Norm> {
  const norm = await lab.norm(gram(rows), { rounding: 0 });
  return { ...norm, error: norm.error + 2 ** -20 * norm.value };
}
