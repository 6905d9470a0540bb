import { normFeatureShader, normFeatureWorkgroup } from '../../shaders/norm-feature.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import type { LinearFeatures } from '../math/linear-features.ts';

export type NormFeature = (X: RowBlock, features: LinearFeatures, q: Vector) => Dispatch;

/** q(x_i) = ϑ₀ + ϑ₁(‖x_i‖/√d − 1) + ϑ₂(‖x_i‖/√d − 1)² for a block of rows. Source: THEORY.md, section 4. */
export async function compileNormFeature(gpu: Gpu): Promise<NormFeature> {
  const program = await Program.compile(gpu, 'norm-feature', normFeatureShader());
  return (X, { d, theta0, theta1, theta2 }, q) => ({
    call: program.bind({ X: X.binding, q: q.beside(X) }),
    parameters: { rows: X.rows, inputs4: strideOf(d) / 4, inverse_d: 1 / d, theta0, theta1, theta2 },
    workgroups: [Math.ceil(X.rows / normFeatureWorkgroup)],
    work: 4 * X.rows * strideOf(d),
  });
}
