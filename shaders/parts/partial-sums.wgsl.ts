import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** Loads that are under way at a time: a GPU waits for each of them far longer than it adds. */
const together = 8;

/**
 * `gradient_at(k)`: entry k of a gradient that stands in partial sums, added in their order: the same bits every run. It reads
 * the buffer `gradient`, and of the parameters `partials`, their number, and `partial`, the elements of one.
 */
export const partialSums = (type: 'f32' | 'vec4<f32>'): string => wgsl`
fn gradient_at(k: u32) -> ${type} {
  var sum = gradient[k];
  var at = k + params.partial;
  let end = k + params.partials * params.partial;
  while (at + ${together - 1}u * params.partial < end) {
    var next: array<${type}, ${together}>;
    for (var s = 0u; s < ${together}u; s++) {
      next[s] = gradient[at + s * params.partial];
    }
    for (var s = 0u; s < ${together}u; s++) {
      sum += next[s];
    }
    at += ${together}u * params.partial;
  }
  for (; at < end; at += params.partial) {
    sum += gradient[at];
  }
  return sum;
}
`;
