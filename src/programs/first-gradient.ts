import {
  type FirstGradientOptions,
  firstGradientBuffers,
  firstGradientShader,
} from '../../shaders/first-gradient.wgsl.ts';
import { positionsOf } from '../../shaders/parts/patches.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import type { FactorPair } from './factors.ts';
import type { OutputVectors } from './output.ts';
import { type GradientTarget, type PartialSums, sliceRows } from './partial-sums.ts';
import { tileWorkgroups } from './tile-choice.ts';

/** The layer above, whose gradient Aᵀe is made beside; with the option second. */
export interface SecondTarget {
  A: GPUBufferBinding;
  partials: GPUBufferBinding;
}

/** What e is made of, and f beside it, as by sum-outputs; with the option residuals. */
export interface Residuals extends Pick<OutputVectors, 'y' | 'f'> {
  outputs: GPUBufferBinding;
  parts: number;
  scale: number;
}

/** `e`: an entry for each point; undefined where rows are not weighed. */
export type FirstGradient = (
  block: RowBlock,
  { left, right }: FactorPair,
  shape: { units: number; inputs: number },
  e: Vector | undefined,
  target: GradientTarget,
  beside?: { second?: SecondTarget | undefined; residuals?: Residuals | undefined },
) => Dispatch;

/** Parts of the outputs up to which every workgroup makes e for itself: a twentieth of what it reads of B and X. */
const fewParts = 8;

/**
 * Whether e of outputs in so many parts is better made by every workgroup than by a dispatch of its own: where the device binds the
 * buffers, and a dispatch takes longer than its work. To a processor it does not; and who sums many slices, waits for e of each.
 */
export const makesResiduals = (
  { adapter, device }: Gpu,
  parts: number,
  sums: PartialSums,
  second: boolean,
): boolean =>
  !adapter.software &&
  parts <= fewParts &&
  sums.rows === sliceRows &&
  firstGradientBuffers(second) <= device.limits.maxStorageBuffersPerShaderStage;

/** Floats of a partial sum of units × inputs, both padded to multiples of 4. */
export const firstGradientFloats = (units: number, inputs: number): number =>
  strideOf(units) * strideOf(inputs);

/**
 * Partial sums of leftᵀ diag(e) right (units × inputs) for a block of rows, which descend adds up: with left = B =
 * φ′(Z) diag(v) and right = X, they make ∇_W L but for 1/(n√(md)). With patches, `block` is of points, of which left has a row
 * for each position, and e an entry for each point. Not weighed, a partial sum is what belongs to one point: its row of the
 * Jacobian, and `sums` are one for each point.
 * With `second`, Aᵀe beside: ∇_v L but for 1/(n√m). With `residuals`, e and f are made as sum-outputs makes them.
 * Source: THEORY.md, section 1; THEORY-DEEP.md, sections (b) and (c). 2 · rows · units · inputs operations.
 */
export async function compileFirstGradient(
  gpu: Gpu,
  tile: Tile,
  options: FirstGradientOptions = {},
): Promise<FirstGradient> {
  const program = await Program.compile(gpu, 'first-gradient', firstGradientShader(tile, options));
  const { patches, weighed = true, second: both = false } = options;
  const positions = patches ? positionsOf(patches) : 1;
  return (
    block,
    { left, right },
    { units, inputs },
    e,
    { partials, sums, accumulate },
    { second, residuals } = {},
  ) => {
    const [vectorUnits, vectorInputs] = [strideOf(units) / 4, strideOf(inputs) / 4];
    const rows = block.rows * positions;
    const [across, down] = tileWorkgroups(tile, inputs, units);
    return {
      call: program.bind({
        B: left,
        X: right,
        e: weighed ? e?.beside(block) : undefined,
        partials,
        outputs: residuals?.outputs,
        y: residuals?.y.beside(block),
        f: residuals?.f.beside(block),
        ...(both && { A: second?.A, feature_partials: second?.partials }),
      }),
      parameters: {
        rows,
        slice_rows: Math.min(sliceRows, sums.rows),
        partial_rows: sums.rows,
        units4: vectorUnits,
        inputs4: vectorInputs,
        accumulate: Number(accumulate),
        ...(residuals && { parts: residuals.parts, scale: residuals.scale }),
      },
      workgroups: [across, down + Number(both), sums.count],
      work: 2 * rows * strideOf(units) * (strideOf(inputs) + Number(both)),
    };
  };
}
