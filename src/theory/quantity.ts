import type { Norm } from '../spectral/spectrum.ts';
import { type AlphaNeeds, boundWithAlpha } from './alpha.ts';
import type { Quantity, Setting } from './claim.ts';
import { slopeSquare } from './conditions.ts';

/** A quantity, with what most of them have. */
export function quantity(
  given: Pick<Quantity, 'key' | 'symbol' | 'value' | 'bound'> & Partial<Quantity>,
): Quantity {
  return { error: null, relation: 'at most', constant: 1, remark: '', ...given };
}

/** A norm that was measured, over `unit`, with its error: any, where it has not converged. */
export function normQuantity(
  { value, error, converged, products }: Norm,
  given: Pick<Quantity, 'key' | 'symbol' | 'bound'> & Partial<Quantity>,
  unit = 1,
): Quantity {
  const remark = converged ? '' : `not converged after ${products} products`;
  return quantity({
    ...given,
    value: value / unit,
    error: converged ? error / unit : Infinity,
    remark: [remark, given.remark].filter(Boolean).join('; '),
  });
}

/** sup|φ′|² d^{−(1+α)}, the bound of claims 2 to 4 on norms of kernels over n, for the α that their sizes allow. */
export function kernelBound(setting: Setting, asks: AlphaNeeds): Quantity['bound'] {
  const factor = slopeSquare(setting);
  const scale = factor === 1 ? '' : 'sup|*φ*′|² ';
  return boundWithAlpha(setting, asks, { symbol: `${scale}*d*^{−(1+*α*)}`, factor, fixed: 1, share: 1 });
}

/** The constant granted to the bounds on kernels in a single run. */
export const kernelConstant = 4;

/** Three digits of a number, for remarks. */
export const shortly = (value: number): string => String(Number(value.toPrecision(3)));
