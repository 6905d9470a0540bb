import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { compileCurvature } from '../programs/curvature.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { NetworkGradient } from '../jacobian/vjp.ts';
import { HiddenBlock } from '../jacobian/hidden-block.ts';
import { TangentFeatures, type TangentSide } from './two-layer-jacobian.ts';

/** Half the width of the difference quotient that stands for φ″: exact in float32, and small beside the Z that occur. */
const h = 1 / 64;

/** A direction in the space of the parameters, row-major as they are. */
export interface ParameterDirection {
  /** m × d */
  W: Float64Array;
  /** m */
  v: Float64Array;
}

/**
 * The gradient of qᵀ(w₁Θ₁ + w₂Θ₂)q in (W, v) at `side`, for a vector q on its points:
 *
 *     g_r = Σ_i q_i φ′(z_ir) x_i      a_r = Σ_i q_i φ(z_ir)
 *     ∂/∂w_r = 2w₁v_r²/(md) Σ_i q_i φ″(z_ir) ⟨g_r, x_i⟩ x_i/√d + 2w₂/(m√d) a_r g_r
 *     ∂/∂v_r = 2w₁v_r‖g_r‖²/(md)
 *
 * φ″ is a difference quotient (see the curvature program), so that piecewise linear φ have a direction too. 8nmd
 * operations on the device, and O(md) on the host.
 */
export async function kernelGradient(
  gpu: Gpu,
  stream: CommandStream,
  activation: Activation,
  side: TangentSide,
  q: Vector,
  weights: { first: number; second: number },
): Promise<ParameterDirection> {
  const { X, at } = side;
  const { rows: m, cols: d } = at.W;
  // g_r is wanted without v_r, which may be 0.
  using ones = new Vector(gpu, 'factors of the units', m);
  ones.write(new Float32Array(m).fill(1));
  const layers = { first: true, second: weights.second > 0 };
  using features = await TangentFeatures.create(gpu, { X, at: { W: at.W, v: ones } }, activation, layers);
  const rows = Math.min(features.blockRows, X.rows);
  const sizes = { units: m, inputs: d, blockRows: rows };
  const tile = chosenTile(gpu, 'forward', { rows, cols: m, inner: d });
  const curvature = await compileCurvature(gpu, activation, tile);
  using inner = await NetworkGradient.create(gpu, sizes, layers);
  using outer = await NetworkGradient.create(gpu, sizes, { first: true, second: false });
  using C = new HiddenBlock(gpu, 'curvature', rows, m);
  for (const block of features.blocks()) {
    for (const dispatch of features.fill(block)) stream.run(dispatch);
    for (const dispatch of inner.add(block, features.of(block), q)) stream.run(dispatch);
  }
  for (const block of features.blocks()) {
    stream.run(curvature(block, at.W, inner.first!, 1 / Math.sqrt(d), h, C.of(block)));
    for (const dispatch of outer.add(block, { B: C.of(block) }, q)) stream.run(dispatch);
  }
  await stream.finish();
  // Together, since every readback may wait for a slow poll.
  const [g, curved, a, v] = await together([
    inner.first!.readAll(),
    outer.first!.readAll(),
    inner.second?.read(),
    at.v.read(),
  ]);
  const W = new Float64Array(m * d);
  const dv = new Float64Array(m);
  for (let r = 0; r < m; r++) {
    const bend = (2 * weights.first * v[r] ** 2) / (m * d);
    const lift = a ? (2 * weights.second * a[r]) / (m * Math.sqrt(d)) : 0;
    let square = 0;
    for (let k = r * d; k < (r + 1) * d; k++) {
      W[k] = bend * curved[k] + lift * g[k];
      square += g[k] ** 2;
    }
    dv[r] = (2 * weights.first * v[r] * square) / (m * d);
  }
  return { W, v: dv };
}
