import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** Targets that are functions of one or two directions of x. */
export type TargetKind = 'sign-linear' | 'sign-quadratic' | 'hermite';

export const targetWorkgroup = 64;

/** y_i from x_i and the unit directions b (and c), one row an invocation; sign(0) = 1. */
export function targetShader(kind: TargetKind): string {
  const quadratic = kind === 'sign-quadratic';
  return wgsl`
struct Params {
  rows: u32,
  inputs4: u32,
#if ${quadratic}
  lambda: f32,
#elif ${kind === 'hermite'}
  a1: f32,
  a2: f32,
  a3: f32,
#endif
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>; // inputs
#if ${quadratic}
@group(0) @binding(2) var<storage, read> c: array<vec4<f32>>; // inputs
#endif
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

fn sign_of(a: f32) -> f32 {
  return select(1.0, -1.0, a < 0.0);
}

@compute @workgroup_size(${targetWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * ${targetWorkgroup}u + id.x;
  if (i >= params.rows) {
    return;
  }
  var s = 0.0; // ⟨b, x⟩
#if ${quadratic}
  var t = 0.0; // ⟨c, x⟩
#endif
  for (var k = 0u; k < params.inputs4; k++) {
    let x = X[i * params.inputs4 + k];
    s += dot(b[k], x);
#if ${quadratic}
    t += dot(c[k], x);
#endif
  }
#if ${kind === 'sign-linear'}
  y[i] = sign_of(s);
#elif ${quadratic}
  y[i] = sign_of(s + params.lambda * (t * t - 1.0));
#else
  let h2 = (s * s - 1.0) * 0.70710678; // 1/√2
  let h3 = (s * s - 3.0) * s * 0.40824829; // 1/√6
  y[i] = params.a1 * s + params.a2 * h2 + params.a3 * h3;
#endif
}
`;
}
