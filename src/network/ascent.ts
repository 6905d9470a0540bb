import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { compileCurvature } from '../programs/curvature.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { displaced } from './displacement.ts';
import { NetworkGradient } from './gradient.ts';
import { HiddenBlock } from './hidden-block.ts';
import { TangentFeatures, type TangentSide } from './tangent-features.ts';

/** Half the width of the difference quotient that stands for φ″: exact in float32, and small beside the Z that occur. */
const h = 1 / 64;

/**
 * The point at distance |radius| from `centre` in the direction of W in which qᵀΘ₁(W)q grows fastest at `side` (falls,
 * for a negative radius), where every v_r² is the same:
 *
 *     G_r = Σ_i q_i φ′(z_ir) x_i        ∂(qᵀΘ₁q)/∂w_r ∝ Σ_i q_i φ″(z_ir) ⟨G_r, x_i⟩ x_i
 *
 * φ″ is a difference quotient (see the curvature program), so that piecewise linear φ have a direction too. 8nmd
 * operations. The caller disposes of the matrix.
 */
export async function steepestPoint(
  gpu: Gpu,
  stream: CommandStream,
  activation: Activation,
  side: TangentSide,
  q: Vector,
  centre: Matrix,
  radius: number,
): Promise<Matrix> {
  const { X, at } = side;
  const layers = { first: true, second: false };
  // v in the features would stay in the direction, as its sign.
  using ones = new Vector(gpu, 'factors of the units', at.W.rows);
  ones.write(new Float32Array(at.W.rows).fill(1));
  using features = await TangentFeatures.create(gpu, { X, at: { W: at.W, v: ones } }, activation, layers);
  const rows = Math.min(features.blockRows, X.rows);
  const sizes = { units: at.W.rows, inputs: X.cols, blockRows: rows };
  const tile = chosenTile(gpu, 'forward', { rows, cols: at.W.rows, inner: X.cols });
  const curvature = await compileCurvature(gpu, activation, tile);
  using inner = await NetworkGradient.create(gpu, sizes, layers);
  using outer = await NetworkGradient.create(gpu, sizes, layers);
  using C = new HiddenBlock(gpu, 'curvature', rows, at.W.rows);
  for (const block of features.blocks()) {
    for (const dispatch of features.fill(block)) stream.run(dispatch);
    for (const dispatch of inner.add(block, features.of(block), q)) stream.run(dispatch);
  }
  for (const block of features.blocks()) {
    stream.run(curvature(block, at.W, inner.first!, 1 / Math.sqrt(X.cols), h, C.of(block)));
    for (const dispatch of outer.add(block, { B: C.of(block) }, q)) stream.run(dispatch);
  }
  const point = await displaced(gpu, stream, centre, outer.first!, radius);
  // What the dispatches use goes at the end of this function.
  await stream.finish();
  return point;
}
