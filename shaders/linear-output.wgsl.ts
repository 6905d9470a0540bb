import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export interface LinearOutputOptions {
  /** Also store e = u − y. */
  residual: boolean;
}

export const linearOutputWorkgroup = 64;

/**
 * u = Ψβ, and e = u − y, without Ψ: ψ(x) = [scale · x; bias; norm_scale · q(x)]. β holds its coordinates for x, padded
 * to vec4s as a row of X is, and in one vec4 more those of the bias and of q.
 */
export function linearOutputShader({ residual }: LinearOutputOptions): string {
  return wgsl`
struct Params {
  rows: u32,
  inputs4: u32,
  scale: f32,
  bias: f32,
  norm_scale: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> q: array<f32>; // rows
@group(0) @binding(2) var<storage, read> beta: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> u: array<f32>; // rows
#if ${residual}
@group(0) @binding(3) var<storage, read> y: array<f32>; // rows
@group(0) @binding(5) var<storage, read_write> e: array<f32>; // rows
#endif
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${linearOutputWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= params.rows) {
    return;
  }
  var sum = vec4<f32>();
  for (var k = 0u; k < params.inputs4; k++) {
    sum += X[i * params.inputs4 + k] * beta[k];
  }
  let rest = beta[params.inputs4];
  let linear = params.scale * ((sum.x + sum.y) + (sum.z + sum.w));
  let output = linear + (params.bias * rest.x + params.norm_scale * q[i] * rest.y);
  u[i] = output;
#if ${residual}
  e[i] = output - y[i];
#endif
}
`;
}
