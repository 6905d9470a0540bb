import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * What is summed: (sa)², (s(a − b))², (s min{|a − b|, 1})², or a itself (for sums of partial sums). s is the `factor` of the
 * parameters, a power of 2 by which squares of very small or large numbers are kept within float32.
 */
export type ReduceTerm = 'square' | 'squared-difference' | 'clipped-difference' | 'identity';

export const reduceWorkgroup = 64;
/** Terms one invocation adds up before its workgroup does. */
export const reduceRun = 64;

/**
 * One partial sum a workgroup of reduceWorkgroup · reduceRun terms: each invocation adds reduceRun terms, then the
 * workgroup adds in pairs. The order is fixed, and the error grows with the logarithm of the length.
 */
export function reduceShader(term: ReduceTerm): string {
  const difference = term === 'squared-difference' || term === 'clipped-difference';
  return wgsl`
struct Params {
  length: u32,
  factor: f32,
  scale: f32,
  slot: u32, // where the first workgroup's sum goes
}
@group(0) @binding(0) var<storage, read> a: array<f32>;
#if ${difference}
@group(0) @binding(1) var<storage, read> b: array<f32>;
#endif
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> shared_sums: array<f32, ${reduceWorkgroup}>;

fn term(i: u32) -> f32 {
#if ${difference}
  let difference = a[i] - b[i];
#endif
#if ${term === 'identity'}
  return a[i];
#else
#if ${term === 'square'}
  let scaled = params.factor * a[i];
#elif ${term === 'squared-difference'}
  let scaled = params.factor * difference;
#else
  let scaled = params.factor * min(abs(difference), 1.0);
#endif
  return scaled * scaled;
#endif
}

@compute @workgroup_size(${reduceWorkgroup})
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let index = group.y * groups.x + group.x;
  let start = index * ${reduceWorkgroup * reduceRun}u + local;
  var sum = 0.0;
  for (var k = 0u; k < ${reduceRun}u; k++) {
    let i = start + k * ${reduceWorkgroup}u;
    if (i < params.length) {
      sum += term(i);
    }
  }
  shared_sums[local] = sum;
  for (var width = ${reduceWorkgroup / 2}u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (local < width) {
      shared_sums[local] += shared_sums[local + width];
    }
  }
  if (local == 0u && index * ${reduceWorkgroup * reduceRun}u < params.length) {
    sums[params.slot + index] = shared_sums[0] * params.scale;
  }
}
`;
}
