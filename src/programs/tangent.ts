import { tangentShader, tangentWorkgroup } from '../../shaders/tangent.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';

export interface TangentMatrices {
  /** φ(Z), φ′(Z) at (W(0), v(0)) and S = XΔᵀ/√d, each rows × units. */
  A: GPUBufferBinding;
  D: GPUBufferBinding;
  S: GPUBufferBinding;
}

export type Tangent = (
  block: RowBlock,
  matrices: TangentMatrices,
  v: Vector,
  delta: Vector,
  points: { y: Vector; u: Vector; e: Vector },
) => Dispatch;

/**
 * u = J₁ vec(Δ) + J₂ δ, the linearized network's outputs (f ≡ 0 at initialization), and e = u − y.
 * Source: THEORY.md, section 3, linearized network. 4 · rows · units operations beside the product S.
 */
export async function compileTangent(gpu: Gpu): Promise<Tangent> {
  const program = await Program.compile(gpu, 'tangent', tangentShader());
  return (block, matrices, v, delta, { y, u, e }) => ({
    call: program.bind({
      A: matrices.A,
      D: matrices.D,
      S: matrices.S,
      v: v.binding,
      delta: delta.binding,
      y: y.beside(block),
      u: u.beside(block),
      e: e.beside(block),
    }),
    parameters: {
      rows: block.rows,
      units: v.length,
      stride: strideOf(v.length),
      scale: 1 / Math.sqrt(v.length),
    },
    workgroups: [Math.ceil(block.rows / tangentWorkgroup)],
    work: 16 * block.rows * v.length,
  });
}
