import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** Invocations that share the sums of four rows, a power of 2, and those of a workgroup. */
export interface Lanes {
  lanes: number;
  workgroup: number;
}

/** WGSL of where the lanes of a row meet. */
export const meetingPlace = ({ lanes, workgroup }: Lanes): string =>
  lanes > 1 ? wgsl`var<workgroup> shares: array<vec4<f32>, ${workgroup}>;\n` : '';

/**
 * WGSL that ends a program of outputs: the `sum` of the four rows number `rows4`, of which each lane has a share, becomes f = sum ·
 * scale and e = f − y; what is past the last row becomes 0. Lanes meet in their order.
 */
export const storeFourOutputs = ({ lanes }: Lanes): string => wgsl`
#if ${lanes > 1}
  shares[local.y * ${lanes}u + local.x] = sum;
  workgroupBarrier();
  if (local.x > 0u) {
    return;
  }
  for (var lane = 1u; lane < ${lanes}u; lane++) {
    sum += shares[local.y * ${lanes}u + lane];
  }
#endif
  let first = 4u * rows4;
  if (first >= params.rows) {
    return;
  }
  let inside = vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.rows);
  let output = sum * params.scale;
  f[rows4] = select(vec4<f32>(), output, inside);
  e[rows4] = select(vec4<f32>(), output - y[rows4], inside);`;
