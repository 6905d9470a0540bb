import { type ForwardOptions, forwardShader, outputParts } from '../../shaders/forward.wgsl.ts';
import { type FeatureStorage, featureBytes } from '../../shaders/parts/features.wgsl.ts';
import { type Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import { tileWorkgroups } from './tile-choice.ts';

export { type FeatureStorage, featureBytes, outputParts };

/** Rough cost of one activation in the stream's unit of work. */
const activationWork = 40;

/** Rows that one binding holds: of points, or of features of a layer below. */
export type BoundRows = Pick<RowBlock, 'binding' | 'rows'>;

/** `v` where the options keep it in B or ask for outputs: an entry for each unit; with patches, a padded row of units for each position. */
export type Forward = (X: BoundRows, W: Matrix, scale: number, out: ForwardOutputs, v?: Vector) => Dispatch;

export interface ForwardOutputs {
  /** φ(Z), rows × units, in rows of strideOf(units) features; bound where the options keep it. */
  A?: GPUBufferBinding;
  /** φ′(Z) diag(v), likewise. */
  B?: GPUBufferBinding;
  /** A v in parts: outputFloats; likewise. */
  outputs?: GPUBufferBinding;
}

/** Floats of the outputs of so many rows, in their parts. */
export const outputFloats = (tile: Tile, rows: number, units: number): number =>
  outputParts(tile, units) * strideOf(rows);

/**
 * Z = X Wᵀ · scale (scale = 1/√d), A = φ(Z), B = φ′(Z) diag(v) for a block of rows of X; W is units × inputs. With
 * patches, rows are of points and positions, and W is units × patchFloats. Source: THEORY.md, section 1; THEORY-DEEP.md,
 * sections (a) and (b). 2 · rows · units · inputs operations; no memory beyond A, B and the outputs. What sum-outputs
 * makes of these is f = A v/√m.
 */
export async function compileForward(gpu: Gpu, options: ForwardOptions, tile: Tile): Promise<Forward> {
  const program = await Program.compile(gpu, 'forward', forwardShader(options, tile));
  return (X, W, scale, out, v) => ({
    call: program.bind({
      X: X.binding,
      W: W.whole().binding,
      A: out.A,
      B: out.B,
      v: options.outputs || (options.slopes && (options.readout ?? true)) ? v?.binding : undefined,
      outputs: out.outputs,
    }),
    parameters: { rows: X.rows, units: W.rows, inputs4: W.stride / 4, scale },
    workgroups: tileWorkgroups(tile, X.rows, W.rows),
    work: X.rows * W.rows * (2 * W.stride + activationWork),
  });
}
