import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `arctan_unit(t)`: arctan t for 0 ≤ t ≤ 1, and `angle(y, x)`: the angle of (x, y) with the x-axis, in [0, π], for y ≥ 0; 0
 * at the origin. WGSL's own atan2 may be wrong by 4096 ulp, and acos inherits that.
 *
 * arctan t = t·P(t²)/Q(t²) of degrees 3 and 3 with positive coefficients, so nothing cancels; fitted on [0, 1] as erf is:
 * 0.015 · 2^−24, with float32 coefficients 0.026 · 2^−24. The float32 π is off by 1.5 · 2^−24.
 */
export const angle = wgsl`
fn arctan_unit(t: f32) -> f32 {
  let z = t * t;
  var p = fma(z, 0.012350598, 0.39727446);
  p = fma(z, p, 1.5675039);
  p = fma(z, p, 1.3883333);
  var q = fma(z, 0.07005278, 0.79637206);
  q = fma(z, q, 2.0302815);
  q = fma(z, q, 1.3883333);
  return t * p / q;
}

fn angle(y: f32, x: f32) -> f32 {
  let a = abs(x);
  let steep = y > a;
  let larger = select(a, y, steep);
  // The smallest normal float32 keeps 0/0 away. Choices, since min and max cost a processor four times as much.
  let t = arctan_unit(select(y, a, steep) / select(larger, 1.1754944e-38, larger < 1.1754944e-38));
  let quarter = select(t, 1.5707964 - t, steep);
  return select(quarter, 3.1415927 - quarter, x < 0.0);
}
`;
