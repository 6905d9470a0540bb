import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './each.ts';

export const descendWorkgroup = 64;

/**
 * The entry point of a program in which several layers descend: `descend_L(k)` for each element k of each layer L, those of
 * one layer after those of the other. `length`: WGSL of how many layer L has.
 */
export const descendingLayers = (layers: number, length: (layer: number) => string): string => wgsl`
@compute @workgroup_size(${descendWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  var k = id.y * groups.x * ${descendWorkgroup}u + id.x;
  ${each(
    layers,
    (layer) => `if (k < ${length(layer)}) {
    descend_${layer}(k);
    return;
  }
  k -= ${length(layer)};`,
  )}
}
`;

/** Loads that are under way at a time: a GPU waits for each of them far longer than it adds. */
const together = 8;

/**
 * `gradient_L_at(k)`, L the number of the layer: entry k of its gradient, which stands in partial sums, added in their order:
 * the same bits every run. It reads the buffer `gradient_L`, and of `params.layers[L]` their number, `partials`, and the
 * elements of one, `partial`.
 */
export const partialSums = (type: 'f32' | 'vec4<f32>', layer: number): string => wgsl`
fn gradient_${layer}_at(k: u32) -> ${type} {
  let partial = params.layers[${layer}].partial;
  var sum = gradient_${layer}[k];
  var at = k + partial;
  let end = k + params.layers[${layer}].partials * partial;
  while (at + ${together - 1}u * partial < end) {
    var next: array<${type}, ${together}>;
    for (var s = 0u; s < ${together}u; s++) {
      next[s] = gradient_${layer}[at + s * partial];
    }
    for (var s = 0u; s < ${together}u; s++) {
      sum += next[s];
    }
    at += ${together}u * partial;
  }
  for (; at < end; at += partial) {
    sum += gradient_${layer}[at];
  }
  return sum;
}
`;
