import { unitTerms } from './matrix-unit-tiles.wgsl.ts';
import type { Tile } from './tile.ts';

/**
 * The number r of roundings for which γ_r |P||Q| bounds the error of a product whose sums have so many terms.
 *
 * Term by term it is the number of terms. On matrix units of k terms, which are taken to round toward zero each of the
 * k + 1 numbers that they add, brought to the exponent of the largest, and their sum: 2u of what is summed each, so
 * 2 (1 + 2/k) for each of `unitTerms` terms, and 2⁻¹⁰ of that for the products of high and low halves; 8 for what the halves
 * leave out, where no factor is less than 2⁻¹⁶ of the largest among `unitTerms`; and two float32 additions for every
 * `unitTerms` terms. Source: Ootomo and Yokota (2022), and Fasi, Higham, Mikaitis and Pranesh (2021) for the units.
 */
export function roundings(tile: Tile, terms: number): number {
  if (tile.loads !== 'matrix-units') return terms;
  const onUnit = 2 * (1 + 2 / tile.unit.k) * Math.min(unitTerms, Math.max(terms, tile.unit.k));
  return Math.ceil(8 + (1 + 2 ** -10) * onUnit + 2 * Math.ceil(terms / unitTerms));
}
