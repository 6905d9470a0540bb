import { curvatureShader } from '../../shaders/curvature.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix, RowBlock } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Activation } from '../math/activation-names.ts';
import { tileWorkgroups } from './tile-choice.ts';

/** Rough cost of two φ′ in the stream's unit of work. */
const quotientWork = 80;

/** `G` is at least units × inputs. */
export type Curvature = (
  X: RowBlock,
  W: Matrix,
  G: Matrix,
  scale: number,
  h: number,
  C: GPUBufferBinding,
) => Dispatch;

/**
 * C = S ⊙ (φ′(Z + h) − φ′(Z − h))/(2h) for a block of rows, Z = X Wᵀ · scale and S = X Gᵀ · scale: with h → 0 the
 * derivative of φ′(Z) as W moves along G. 4 · rows · units · inputs operations; no memory beyond C.
 */
export async function compileCurvature(gpu: Gpu, activation: Activation, tile: Tile): Promise<Curvature> {
  const program = await Program.compile(gpu, 'curvature', curvatureShader(activation, tile));
  return (X, W, G, scale, h, C) => ({
    call: program.bind({ X: X.binding, W: W.whole().binding, G: G.whole().binding, C }),
    parameters: { rows: X.rows, units: W.rows, inputs4: W.stride / 4, scale, h },
    workgroups: tileWorkgroups(tile, X.rows, W.rows),
    work: X.rows * W.rows * (4 * W.stride + quotientWork),
  });
}
