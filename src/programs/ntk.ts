import { type NtkOptions, ntkShader } from '../../shaders/ntk.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { FactorPair } from './factors.ts';
import { tileWorkgroups } from './tile-choice.ts';

export type Mirror = NtkOptions['mirror'];

/** The factors of both sides' points, and the weight that the layer's kernel is multiplied by. */
export interface NtkTerm {
  rows: FactorPair;
  cols: FactorPair;
  weight: number;
}

/** A layer with a left factor of `units` columns (`outer`), and one whose left is 1 and whose right has as many (`plain`). */
export interface NtkTerms {
  units: number;
  inputs: number;
  outer?: NtkTerm | undefined;
  plain?: NtkTerm | undefined;
}

/** The block of the kernel matrix to fill: its rows, how many columns and from which on, a multiple of 4. */
export interface KernelBlock {
  kernel: RowBlock;
  /** Floats in a row of the kernel matrix. */
  stride: number;
  column: number;
  cols: number;
  /** With `mirror: 'other'`, the block of rows that its transpose lies in. */
  transpose?: RowBlock | undefined;
}

/** Fills a block of rows of the kernel matrix for one block of columns. */
export type Ntk = (terms: NtkTerms, block: KernelBlock) => Dispatch;

/**
 * The sum of weight · (left left̃ᵀ) ⊙ (right right̃ᵀ) of the outer term and weight · right right̃ᵀ of the plain one, between
 * two blocks of points; for two layers, with (left, right) = (B, X) and (1, A) and the weights over m·d and m, Θ₁ + Θ₂.
 * Source: THEORY.md, section 3. 2 · rows · cols · (units + inputs) operations of the outer term and 2 · rows · cols · units
 * of the plain one, half on the diagonal; no memory beyond the kernel's own.
 */
export async function compileNtk(gpu: Gpu, options: NtkOptions, tile: Tile): Promise<Ntk> {
  const program = await Program.compile(gpu, 'ntk', ntkShader(options, tile));
  return ({ units, inputs, outer, plain }, { kernel, stride, column, cols, transpose }) => {
    const first = options.first
      ? {
          B: outer?.rows.left,
          B_other: outer?.cols.left,
          X: outer?.rows.right,
          X_other: outer?.cols.right,
        }
      : {};
    const second = options.second ? { A: plain?.rows.right, A_other: plain?.cols.right } : {};
    const products = (options.first ? units + inputs : 0) + (options.second ? units : 0);
    return {
      call: program.bind({ ...first, ...second, kernel: kernel.binding, mirror: transpose?.binding }),
      parameters: {
        rows: kernel.rows,
        cols,
        units4: strideOf(units) / 4,
        inputs4: strideOf(inputs) / 4,
        stride4: stride / 4,
        column4: column / 4,
        mirror_column4: kernel.firstRow / 4,
        weight1: outer?.weight ?? 0,
        weight2: plain?.weight ?? 0,
      },
      workgroups: tileWorkgroups(tile, kernel.rows, cols),
      work: (options.mirror === 'itself' ? 1 : 2) * kernel.rows * cols * products,
    };
  };
}
