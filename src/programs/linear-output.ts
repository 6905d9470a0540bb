import {
  type LinearOutputOptions,
  linearOutputShader,
  linearOutputWorkgroup,
} from '../../shaders/linear-output.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import type { LinearFeatures } from '../math/linear-features.ts';

export interface LinearVectors {
  /** Norm feature q(x_i). */
  q: Vector;
  u: Vector;
  /** With the option `residual` only. */
  y?: Vector;
  e?: Vector;
}

export type LinearOutput = (
  X: RowBlock,
  features: LinearFeatures,
  beta: Vector,
  points: LinearVectors,
) => Dispatch;

/** Floats of β on the device: strideOf(d) for x, then bias, q and two zeros. */
export const betaLength = (d: number): number => strideOf(d) + 4;

/** u = Ψβ, and e = u − y where asked, for a block of rows. Source: THEORY.md, section 4. 2 · rows · d operations. */
export async function compileLinearOutput(gpu: Gpu, options: LinearOutputOptions): Promise<LinearOutput> {
  const program = await Program.compile(gpu, 'linear-output', linearOutputShader(options));
  return (X, features, beta, { q, y, u, e }) => ({
    call: program.bind({
      X: X.binding,
      q: q.beside(X),
      beta: beta.binding,
      u: u.beside(X),
      ...(options.residual && { y: y?.beside(X), e: e?.beside(X) }),
    }),
    parameters: {
      rows: X.rows,
      inputs4: strideOf(features.d) / 4,
      scale: features.scale,
      bias: features.bias,
      norm_scale: features.normScale,
    },
    workgroups: [Math.ceil(X.rows / linearOutputWorkgroup)],
    work: 4 * X.rows * strideOf(features.d),
  });
}
