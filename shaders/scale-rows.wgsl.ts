import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { philox } from './parts/philox.wgsl.ts';
import { randomEntries } from './parts/random.wgsl.ts';
import { rowSquare } from './parts/row-square.wgsl.ts';

/** The factor of row i: √d/‖x_i‖, or 1/√χ²₃ with χ²₃ of the row's own. */
export type RowFactor = 'sphere' | 'student-t';

export const scaleRowsWorkgroup = 64;

/** x_i ← factor_i x_i, one row an invocation. On the sphere a row of zeros becomes (√d, 0, …, 0). */
export function scaleRowsShader(factor: RowFactor): string {
  const sphere = factor === 'sphere';
  return wgsl`
struct Params {
  rows: u32,
  cols: u32,
#if ${!sphere}
  first_row: u32,
  stream: u32,
  key_low: u32,
  key_high: u32,
#endif
}
@group(0) @binding(0) var<storage, read_write> X: array<vec4<f32>>; // rows × cols
@group(1) @binding(0) var<uniform> params: Params;

#if ${sphere}
${rowSquare}
#else
${philox}
${randomEntries('normal')}
#endif

@compute @workgroup_size(${scaleRowsWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = id.y * groups.x * ${scaleRowsWorkgroup}u + id.x;
  if (row >= params.rows) {
    return;
  }
  let columns4 = (params.cols + 3u) / 4u;
#if ${sphere}
  let square = row_square(row, columns4);
  let root = sqrt(f32(params.cols));
  if (square == 0.0) {
    X[row * columns4].x = root;
    return;
  }
  let factor = root * inverseSqrt(square);
#else
  let counter = vec4<u32>(0u, params.first_row + row, params.stream, 0u);
  let g = entries(philox(counter, vec2<u32>(params.key_low, params.key_high))).xyz;
  let factor = inverseSqrt(g.x * g.x + g.y * g.y + g.z * g.z);
#endif
  for (var k = 0u; k < columns4; k++) {
    X[row * columns4 + k] *= factor;
  }
}
`;
}
