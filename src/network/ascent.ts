import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import { compileCurvature } from '../programs/curvature.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { Vjp } from '../jacobian/vjp.ts';
import { HiddenBlock } from '../jacobian/hidden-block.ts';
import type { ParameterDirection } from './parameters.ts';
import { TwoLayerJacobian } from './two-layer-jacobian.ts';

/** Half the width of the difference quotient that stands for φ″: exact in float32, and small beside the Z that occur. */
const h = 1 / 64;

/**
 * The gradient of qᵀ(w₁Θ₁ + w₂Θ₂)q in (W, v), for a vector q on the points of a Jacobian:
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
  { X, at }: TwoLayerJacobian,
  vector: Float32Array<ArrayBuffer>,
  [w1, w2]: readonly number[],
): Promise<ParameterDirection> {
  const { activation, W } = at;
  const { rows: m, cols: d } = W;
  using stream = new CommandStream(gpu);
  using q = new Vector(gpu, 'q', X.rows);
  q.write(vector);
  // g_r is wanted without v_r, which may be 0.
  using ones = new Vector(gpu, 'factors of the units', m);
  ones.write(new Float32Array(m).fill(1));
  const jacobian = new TwoLayerJacobian(X, { activation, W, v: ones });
  const layers = w2 > 0 ? [0, 1] : [0];
  using factors = await jacobian.factors(gpu, layers);
  const rows = Math.min(factors.blockRows, X.rows);
  const tile = chosenTile(gpu, 'forward', { rows, cols: m, inner: d });
  const curvature = await compileCurvature(gpu, activation, tile);
  using inner = await Vjp.create(gpu, factors.layers, rows);
  using outer = await Vjp.create(gpu, factors.layers.slice(0, 1), rows);
  using C = new HiddenBlock(gpu, 'curvature', rows, m);
  for (const block of factors.blocks()) {
    for (const dispatch of factors.fill(block)) stream.run(dispatch);
    for (const dispatch of inner.add(block, factors.of(block), q)) stream.run(dispatch);
  }
  for (const dispatch of inner.total()) stream.run(dispatch);
  for (const block of factors.blocks()) {
    const bent = C.of(block);
    stream.run(curvature(block, W, inner.sums[0], 1 / Math.sqrt(d), h, bent));
    for (const dispatch of outer.add(block, [{ left: bent, right: block.binding }], q)) stream.run(dispatch);
  }
  for (const dispatch of outer.total()) stream.run(dispatch);
  await stream.finish();
  // Together, since every readback may wait for a slow poll.
  const [g, curved, a, v] = await together([
    inner.sums[0].readAll(),
    outer.sums[0].readAll(),
    w2 > 0 ? inner.sums[1].readAll() : undefined,
    at.v.read(),
  ]);
  const gradient = [new Float64Array(m * d), new Float64Array(m)];
  for (let r = 0; r < m; r++) {
    const bend = (2 * w1 * v[r] ** 2) / (m * d);
    const lift = a ? (2 * w2 * a[r]) / (m * Math.sqrt(d)) : 0;
    let square = 0;
    for (let k = r * d; k < (r + 1) * d; k++) {
      gradient[0][k] = bend * curved[k] + lift * g[k];
      square += g[k] ** 2;
    }
    gradient[1][r] = (2 * w1 * v[r] * square) / (m * d);
  }
  return gradient;
}
