import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { blockedSums } from './blocked-sum.ts';

/**
 * `make_residuals(begin, thread, keep)`: of the `rows` rows from `begin` on, a multiple of 4, e = f − y in workgroup memory, as
 * sum-outputs makes it of the parts of the outputs: `residuals[i % rows]` is that of row i, 0 past the last one. Where `keep`,
 * f and e are stored, too. The whole workgroup calls it, of lanes × groups invocations with a number `thread` each.
 *
 * It reads buffers outputs and y, writes f and e, and takes rows, parts and scale from the parameters.
 */
export const residuals = (rows: number): string => wgsl`
var<workgroup> residuals: array<f32, ${rows}>;
fn make_residuals(begin: u32, thread: u32, keep: bool) {
  let stride4 = (params.rows + 3u) / 4u;
  workgroupBarrier(); // Those of the rows before have been read.
  for (var n = thread; n < ${rows / 4}u; n += lanes * groups) {
    let rows4 = begin / 4u + n;
    let column = min(rows4, stride4 - 1u);
    ${blockedSums('sum', {
      range: { first: '0u', end: 'params.parts', step: 1 },
      type: 'vec4<f32>',
      count: 1,
      prepare: '',
      term: () => 'outputs[r * stride4 + column]',
    })}
    let inside = vec4<u32>(4u * rows4) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.rows);
    let output = sum0 * params.scale;
    let residual = select(vec4<f32>(), output - y[column], inside);
    for (var i = 0u; i < 4u; i++) {
      residuals[4u * n + i] = residual[i];
    }
    if (keep && rows4 < stride4) {
      f[rows4] = select(vec4<f32>(), output, inside);
      e[rows4] = residual;
    }
  }
  workgroupBarrier();
}
`;
