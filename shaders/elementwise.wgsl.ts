import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** out = a x + b y, or out = a x + b out. */
export type ElementwiseOperation = 'sum' | 'accumulate';

export const elementwiseWorkgroup = 64;

/** One vec4 of entries an invocation. */
export function elementwiseShader(operation: ElementwiseOperation): string {
  return wgsl`
struct Params {
  length4: u32,
  a: f32,
  b: f32,
}
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
#if ${operation === 'sum'}
@group(0) @binding(1) var<storage, read> y: array<vec4<f32>>;
#endif
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${elementwiseWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let k = id.y * groups.x * ${elementwiseWorkgroup}u + id.x;
  if (k >= params.length4) {
    return;
  }
#if ${operation === 'sum'}
  out[k] = params.a * x[k] + params.b * y[k];
#else
  out[k] = params.a * x[k] + params.b * out[k];
#endif
}
`;
}
