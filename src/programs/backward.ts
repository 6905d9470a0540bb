import { type BackwardOptions, backwardShader } from '../../shaders/backward.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { tapsOf } from './factors.ts';
import type { BoundRows } from './forward.ts';
import { tileWorkgroups } from './tile-choice.ts';

/** `inputs`: units of the layer below, the columns of D; W has as many for each tap, padded to a multiple of 4 each. */
export type Backward = (
  B: BoundRows,
  W: Matrix,
  scale: number,
  D: { binding: GPUBufferBinding; inputs: number },
) => Dispatch;

/**
 * D = (B W) · scale ⊙ D for a block of rows, or D = (B W) · scale without slopes; B is rows × units, W units × inputs and D
 * rows × inputs. With patches, rows are of points and positions, W is units × taps · inputs, and the products run over taps.
 * Source: THEORY-DEEP.md, sections (a) and (b). 2 · rows · units · inputs operations, of a convolution as many for each tap;
 * no memory beyond D.
 */
export async function compileBackward(gpu: Gpu, options: BackwardOptions, tile: Tile): Promise<Backward> {
  const program = await Program.compile(gpu, 'backward', backwardShader(options, tile));
  const taps = options.patches ? tapsOf(options.patches) : 1;
  return (B, W, scale, { binding, inputs }) => ({
    call: program.bind({ B: B.binding, W: W.whole().binding, D: binding }),
    parameters: {
      rows: B.rows,
      units: W.rows,
      terms4: (taps * strideOf(W.rows)) / 4,
      inputs4: strideOf(inputs) / 4,
      w4: W.stride / 4,
      scale,
    },
    workgroups: tileWorkgroups(tile, B.rows, inputs),
    work: 2 * B.rows * W.rows * W.stride,
  });
}
