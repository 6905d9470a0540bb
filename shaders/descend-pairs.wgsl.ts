import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { partialSums } from './parts/partial-sums.wgsl.ts';

export const descendPairsWorkgroup = 64;

export interface DescendPairsOptions {
  /** What a unit has: a row of W, as vec4s, or an entry of v. */
  of: 'rows' | 'entries';
  /** Take a step first; without it, θ and its pairs are made of θ(0) and Δ as they are. */
  step: boolean;
}

/**
 * One step of gradient descent in the displacement Δ = θ − θ(0) of units in pairs r, r′ = r + m/2, which begin with
 * w_r = w_r′ and v_r = −v_r′. Beside θ = θ(0) + Δ it stores half the sum and half the difference of each pair's θ,
 * interleaved, where what cancels at θ(0) is made of Δ alone: for rows the difference, ½(Δ_r − Δ_r′), for entries the sum,
 * ½(Δ_r + Δ_r′).
 *
 * The gradient comes in partial sums, interleaved likewise. That of rows is by r and by r′; that of entries is by their half-sum and
 * half-difference, as A of the forward program's pairs makes it.
 */
export function descendPairsShader({ of, step }: DescendPairsOptions): string {
  const type = of === 'rows' ? 'vec4<f32>' : 'f32';
  return wgsl`
struct Params {
  pairs: u32,
  row: u32, // elements in a row
  rate: f32,
  partials: u32,
  partial: u32, // elements in a partial sum of the gradient
}
#if ${step}
@group(0) @binding(0) var<storage, read> gradient: array<${type}>; // partial sums × m × row, in pairs
#endif
@group(0) @binding(1) var<storage, read_write> displacement: array<${type}>; // m × row
@group(0) @binding(2) var<storage, read> start: array<${type}>; // m × row
@group(0) @binding(3) var<storage, read_write> position: array<${type}>; // m × row
@group(0) @binding(4) var<storage, read_write> pairs: array<${type}>; // m × row, in pairs
@group(1) @binding(0) var<uniform> params: Params;
${step ? partialSums(type) : ''}
@compute @workgroup_size(${descendPairsWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let k = id.y * groups.x * ${descendPairsWorkgroup}u + id.x;
  let half = params.pairs * params.row;
  if (k >= half) {
    return;
  }
  let one = k / params.row * 2u * params.row + k % params.row;
  let other = one + params.row;
  var moved = displacement[k];
  var moved_other = displacement[half + k];
#if ${step}
  let g = gradient_at(one);
  let g_other = gradient_at(other);
#if ${of === 'rows'}
  moved -= params.rate * g;
  moved_other -= params.rate * g_other;
#else
  moved -= params.rate * (0.5 * (g + g_other));
  moved_other -= params.rate * (0.5 * (g - g_other));
#endif
  displacement[k] = moved;
  displacement[half + k] = moved_other;
#endif
  position[k] = start[k] + moved;
  position[half + k] = start[half + k] + moved_other;
  let half_sum = 0.5 * (moved + moved_other);
  let half_difference = 0.5 * (moved - moved_other);
#if ${of === 'rows'}
  pairs[one] = start[k] + half_sum;
  pairs[other] = half_difference;
#else
  pairs[one] = half_sum;
  pairs[other] = start[k] + half_difference;
#endif
}
`;
}
