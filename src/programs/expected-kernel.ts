import {
  type ExpectedKernelOptions,
  expectedKernelShader,
  expectedKernelTile,
} from '../../shaders/expected-kernel.wgsl.ts';
import { rowWalk } from '../../shaders/parts/gram.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { type Bindings, Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import { hasClosedForm } from '../math/activations.ts';
import { hermiteExtras } from '../math/hermite-coefficients.ts';

/** A block of points as the expected kernel sees it. */
export interface ExpectedPoints {
  X: RowBlock;
  /** a_i = ‖x_i‖²/d of the whole set (programs/row-norms): for a closed form. */
  norms?: Vector;
  /** These points' rows of hermiteSeries, `terms` + hermiteExtras floats each: where there is none. */
  series?: GPUBufferBinding;
}

export interface ExpectedSizes {
  inputs: number;
  /** Terms of the Hermite series, a multiple of 4; not read where there is a closed form. */
  terms: number;
  /** Rows and columns are blocks of one set: where they meet, the diagonal has its own value. */
  sameSet: boolean;
}

export interface ExpectedWeights {
  first: number;
  second: number;
}

/** Fills a block of rows of the kernel matrix for one block of columns; `stride` and `column` as in programs/ntk. */
export type ExpectedKernel = (
  rows: ExpectedPoints,
  cols: ExpectedPoints,
  kernel: GPUBufferBinding,
  sizes: ExpectedSizes & { stride: number; column: number },
  weights: ExpectedWeights,
) => Dispatch;

/** sums_i ← (sums_i +) Σ_j Θ*(x_i, x_j) u_j over one block of columns; `accumulate`: add to earlier blocks' sums. */
export type ExpectedProduct = (
  rows: ExpectedPoints,
  cols: ExpectedPoints,
  vectors: { u: Vector; sums: Vector },
  sizes: ExpectedSizes,
  weights: ExpectedWeights,
  accumulate: boolean,
) => Dispatch;

type Layers = Omit<ExpectedKernelOptions, 'output'>;

/**
 * weight₁ Θ₁* + weight₂ Θ₂* between two blocks of points, stored. Source: THEORY.md, section 3, expected kernel.
 * 2 · rows · cols · (d + 2 terms) operations, terms ≈ 20 for a closed form; no memory beyond the kernel's own.
 */
export async function compileExpectedKernel(gpu: Gpu, layers: Layers): Promise<ExpectedKernel> {
  const program = await compile(gpu, { ...layers, output: 'matrix' });
  const [x, y] = expectedKernelTile.workgroup;
  return (rows, cols, kernel, sizes, weights) => ({
    call: program.bind({ ...points(layers, rows, cols), kernel }),
    parameters: {
      ...parameters(rows, cols, sizes, weights),
      ...seriesParameters(layers, sizes),
      stride4: sizes.stride / 4,
      column4: sizes.column / 4,
    },
    workgroups: [
      Math.ceil(cols.X.rows / expectedKernelTile.cols / x),
      Math.ceil(rows.X.rows / expectedKernelTile.rows / y),
    ],
    work: work(layers, rows, cols, sizes),
  });
}

/**
 * (weight₁ Θ₁* + weight₂ Θ₂*) u without the kernel, one block of rows by one of columns. Source: THEORY.md, section 3.
 * As many operations as to store it; no memory beside u and the sums. A workgroup takes 16 rows.
 */
export async function compileExpectedProduct(gpu: Gpu, layers: Layers): Promise<ExpectedProduct> {
  const program = await compile(gpu, { ...layers, output: 'product' });
  return (rows, cols, { u, sums }, sizes, weights, accumulate) => ({
    call: program.bind({ ...points(layers, rows, cols), u: u.beside(cols.X), sums: sums.beside(rows.X) }),
    parameters: {
      ...parameters(rows, cols, sizes, weights),
      ...seriesParameters(layers, sizes),
      accumulate: Number(accumulate),
    },
    workgroups: [Math.ceil(rows.X.rows / rowWalk.rows)],
    work: work(layers, rows, cols, sizes),
  });
}

const compile = (gpu: Gpu, options: ExpectedKernelOptions): Promise<Program> =>
  Program.compile(gpu, `expected-kernel ${options.output}`, expectedKernelShader(options));

function points({ activation }: Layers, rows: ExpectedPoints, cols: ExpectedPoints): Bindings {
  const X = { X: rows.X.binding, X_other: cols.X.binding };
  return hasClosedForm(activation)
    ? { ...X, a: rows.norms?.beside(rows.X), a_other: cols.norms?.beside(cols.X) }
    : { ...X, series: rows.series, series_other: cols.series };
}

function parameters(
  rows: ExpectedPoints,
  cols: ExpectedPoints,
  { inputs, sameSet }: ExpectedSizes,
  weights: ExpectedWeights,
) {
  return {
    rows: rows.X.rows,
    cols: cols.X.rows,
    inputs4: strideOf(inputs) / 4,
    first_row: rows.X.firstRow,
    first_col: cols.X.firstRow,
    same_set: Number(sameSet),
    inverse_d: 1 / inputs,
    weight1: weights.first,
    weight2: weights.second,
  };
}

const seriesParameters = ({ activation }: Layers, { terms }: ExpectedSizes) =>
  hasClosedForm(activation) ? {} : { series4: (terms + hermiteExtras) / 4 };

function work(
  { activation }: Layers,
  rows: ExpectedPoints,
  cols: ExpectedPoints,
  { inputs, terms }: ExpectedSizes,
): number {
  const entry = 2 * strideOf(inputs) + (hasClosedForm(activation) ? 80 : 4 * terms);
  return rows.X.rows * cols.X.rows * entry;
}
