import { type DeepArchitecture, type DeepShape, deepShape } from '../src/math/deep/architecture.ts';
import type { ProductShape, ProductUse } from '../src/programs/product-shape.ts';
import type { NetworkSize } from './problem.ts';

/**
 * Floating-point operations of each case, an addition and a multiplication counting one each. They count the formula as
 * it stands: who uses a symmetry does fewer and may pass the peak; who computes something twice gets nothing for it. An
 * activation or exponential counts nothing.
 */

/** C = AB of size³: 2 size³. */
export const matrixProductOperations = (size: number): number => 2 * size ** 3;

/** Z = XWᵀ, D diag(v²)Dᵀ and XXᵀ: 2nmd + 2n²(m + d). */
export const denseNtkOperations = ({ n, d, m }: NetworkSize): number => 2 * n * m * d + 2 * n * n * (m + d);

/** Z = XWᵀ and ∇_W = Dᵀ(e ∘ X), f = Av and ∇_v = Aᵀe: 4nmd + 4nm. */
export const gradientStepOperations = ({ n, d, m }: NetworkSize): number => 4 * n * m * d + 4 * n * m;

/** G = Dᵀ(u ∘ X) and ⟨G_r, x_i⟩, then the sum over r: 4nmd + 2nm, D = φ′(Z) being there. */
export const ntkProductOperations = ({ n, d, m }: NetworkSize): number => 4 * n * m * d + 2 * n * m;

/** Of every layer of one tower and every point, terms of Z_l and of its gradient: positions · fan-in · channels. */
const towerTerms = (shape: DeepShape): number[] =>
  shape.layers.map(({ positions, fanIn, channels }) => positions * fanIn * channels);

/**
 * Of each of the two towers every Z_l, its gradient and, but for the first layer, what comes back through it; f and its gradient:
 * 2n (6 Σ_l terms_l − 2 terms_1 + 4 · weights of the readout).
 */
export function deepStepOperations(architecture: DeepArchitecture, n: number): number {
  const shape = deepShape(architecture);
  const terms = towerTerms(shape);
  const all = terms.reduce((sum, count) => sum + count, 0);
  return 2 * n * (6 * all - 2 * terms[0] + 4 * shape.readout.weights);
}

/** Jᵀu of a tower and J times that, layer by layer, B_l and H_l being there: 4n (Σ_l terms_l + weights of the readout). */
export function deepProductOperations(architecture: DeepArchitecture, n: number): number {
  const shape = deepShape(architecture);
  return 4 * n * towerTerms(shape).reduce((sum, count) => sum + count, shape.readout.weights);
}

/** A product with the stored Θ₁: 2n². */
export const storedProductOperations = ({ n }: NetworkSize): number => 2 * n * n;

/** What a trial of src/tuning computes: two operations a term, of both products where there are two. */
export function trialOperations(use: ProductUse, { rows, cols, inner }: ProductShape): number {
  const product = 2 * rows * cols * inner;
  // Four slices of points; points with a quarter as many inputs as units.
  return use === 'first-gradient' ? 4 * product : use === 'ntk' ? 1.25 * product : product;
}
