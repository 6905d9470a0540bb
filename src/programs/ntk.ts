import { type NtkOptions, ntkShader } from '../../shaders/ntk.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { tileWorkgroups } from './tile-choice.ts';

export type Mirror = NtkOptions['mirror'];

/** A block of points as the kernel sees it: inputs, B = φ′(Z) diag(v) and φ(Z), the last two rows × units. */
export interface KernelPoints {
  X: RowBlock;
  B?: GPUBufferBinding;
  A?: GPUBufferBinding;
}

export interface KernelSizes {
  inputs: number;
  units: number;
  /** Floats in a row of the kernel matrix, and the first column of this block, a multiple of 4. */
  stride: number;
  column: number;
}

/** The block of rows of the kernel matrix to fill; with `mirror: 'other'`, also the one its transpose lies in. */
export interface KernelBlocks {
  kernel: RowBlock;
  transpose?: RowBlock;
}

/**
 * Fills a block of rows of the kernel matrix for one block of columns; the weights are 1, or the learning rates for the
 * kernel that drives the dynamics.
 */
export type Ntk = (
  rows: KernelPoints,
  cols: KernelPoints,
  blocks: KernelBlocks,
  sizes: KernelSizes,
  weights: { first: number; second: number },
) => Dispatch;

/**
 * weight₁ Θ₁ + weight₂ Θ₂ between two blocks of points. Source: THEORY.md, section 3.
 * 2 · rows · cols · (units (first + second) + inputs) operations, half on the diagonal; no memory beyond the kernel's own.
 */
export async function compileNtk(gpu: Gpu, options: NtkOptions, tile: Tile): Promise<Ntk> {
  const program = await Program.compile(gpu, 'ntk', ntkShader(options, tile));
  return (rows, cols, { kernel, transpose }, { inputs, units, stride, column }, weights) => {
    const first = options.first
      ? { B: rows.B!, B_other: cols.B!, X: rows.X.binding, X_other: cols.X.binding }
      : {};
    const second = options.second ? { A: rows.A!, A_other: cols.A! } : {};
    const products = (options.first ? units + inputs : 0) + (options.second ? units : 0);
    return {
      call: program.bind({ ...first, ...second, kernel: kernel.binding, mirror: transpose?.binding }),
      parameters: {
        rows: rows.X.rows,
        cols: cols.X.rows,
        units4: strideOf(units) / 4,
        inputs4: strideOf(inputs) / 4,
        stride4: stride / 4,
        column4: column / 4,
        mirror_column4: kernel.firstRow / 4,
        weight1: weights.first / (units * inputs),
        weight2: weights.second / units,
      },
      workgroups: tileWorkgroups(tile, rows.X.rows, cols.X.rows),
      work: (options.mirror === 'itself' ? 1 : 2) * rows.X.rows * cols.X.rows * products,
    };
  };
}
