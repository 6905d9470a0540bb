import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import type { ExpectedForm } from './activations/shader.ts';
import { shaderOf } from './parts/activations.wgsl.ts';
import { each } from './parts/each.ts';
import { gram, rowWalk } from './parts/gram.ts';

export interface ExpectedKernelOptions {
  activation: Activation;
  /** Add weight₁ · Θ₁*. */
  first: boolean;
  /** Add weight₂ · Θ₂*. */
  second: boolean;
  /** A block of the stored kernel, or its product with a vector. */
  output: 'matrix' | 'product';
}

/** An invocation makes a 4 × 4 tile of a stored kernel. */
export const expectedKernelTile = { rows: 4, cols: 4, workgroup: [8, 8] } as const;

/**
 * weight₁ Θ₁* + weight₂ Θ₂* between two blocks of points: with a = ‖x‖²/d, b = ‖x′‖²/d, c = ⟨x, x′⟩/d and (z, z′) ~
 * N(0, [[a, c], [c, b]])
 *
 *     Θ₁* = c E[φ′(z)φ′(z′)]      Θ₂* = E[φ(z)φ(z′)]
 *
 * from closed forms or from Hermite series (src/math/hermite-coefficients.ts). Where row and column are the same point, c
 * is a itself: arccos and the series are at their worst there.
 *
 * 'matrix' stores the block. 'product' sums it against u as it is made: the invocations of a workgroup share 16 rows and
 * walk over the columns in tiles of 4 × 4, then add in pairs: a fixed order, so the same bits every run.
 */
export function expectedKernelShader({ activation, first, second, output }: ExpectedKernelOptions): string {
  const form = shaderOf(activation).expected;
  const closed = form !== null;
  const matrix = output === 'matrix';
  return wgsl`
struct Params {
  rows: u32,
  cols: u32,
  inputs4: u32, // vec4s in a row of X
  first_row: u32, // of the block of rows, in its set
  first_col: u32, // of the block of columns, in its set
  same_set: u32, // 1: rows and columns are of one set
  inverse_d: f32,
  weight1: f32,
  weight2: f32,
#if ${!closed}
  series4: u32, // vec4s in a row of the series
#endif
#if ${matrix}
  stride4: u32, // vec4s in a row of the kernel
  column4: u32, // where this block's columns begin in it, in vec4s
#else
  accumulate: u32, // 1: add to the sums of earlier blocks of columns
#endif
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> X_other: array<vec4<f32>>; // cols × inputs
#if ${closed}
@group(0) @binding(2) var<storage, read> a: array<f32>; // rows
@group(0) @binding(3) var<storage, read> a_other: array<f32>; // cols
#else
@group(0) @binding(2) var<storage, read> series: array<vec4<f32>>; // rows × (terms, then 1/√a and the diagonal)
@group(0) @binding(3) var<storage, read> series_other: array<vec4<f32>>; // cols × the same
#endif
#if ${matrix}
@group(0) @binding(4) var<storage, read_write> kernel: array<vec4<f32>>;
#else
@group(0) @binding(4) var<storage, read> u: array<vec4<f32>>; // cols
@group(0) @binding(5) var<storage, read_write> sums: array<f32>; // rows
#endif
@group(1) @binding(0) var<uniform> params: Params;

${gram}
${form ? closedForm(form, first, second) : hermiteForm(first, second)}

#if ${matrix}
@compute @workgroup_size(${expectedKernelTile.workgroup.join(', ')})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = ${expectedKernelTile.cols}u * id.x;
  let row = ${expectedKernelTile.rows}u * id.y;
  if (column >= params.cols || row >= params.rows) {
    return;
  }
  let theta = tile(row, column);
  let inside = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.cols);
  let at = row * params.stride4 + params.column4 + id.x;
  ${each(
    4,
    (i) =>
      `if (row + ${i}u < params.rows) { kernel[at + ${i}u * params.stride4] = select(vec4<f32>(), theta[${i}], inside); }`,
  )}
}
#else
var<workgroup> shared_sums: array<vec4<f32>, ${rowWalk.lanes * (rowWalk.rows / 4)}>;

@compute @workgroup_size(${rowWalk.lanes}, ${rowWalk.rows / 4})
fn main(
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3<u32>,
) {
  let row = ${rowWalk.rows}u * group.x + 4u * local.y;
  var sum = vec4<f32>();
  for (var column = 4u * local.x; column < params.cols; column += ${4 * rowWalk.lanes}u) {
    let inside = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.cols);
    // Row vector times matrix: component i is ⟨u, Θ* row i⟩ over these four columns.
    sum += select(vec4<f32>(), u[column / 4u], inside) * tile(row, column);
  }
  shared_sums[index] = sum;
  for (var width = ${rowWalk.lanes / 2}u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (local.x < width) {
      shared_sums[index] += shared_sums[index + width];
    }
  }
  if (local.x == 0u) {
    let total = shared_sums[index];
    ${each(4, (i) => {
      const before = `select(0.0, sums[row + ${i}u], params.accumulate == 1u)`;
      return `if (row + ${i}u < params.rows) { sums[row + ${i}u] = ${before} + total[${i}]; }`;
    })}
  }
}
#endif
`;
}

/** Which of the columns column … column + 3 are the same point as row + i. */
const samePoint = (i: number): string =>
  `vec4<bool>(params.same_set == 1u) & (vec4<u32>(params.first_col + column) + vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(params.first_row + row + ${i}u))`;

/** `tile(row, column)`: 4 × 4 entries, [i][j] for row + i and column + j, from expected(a, b, c, ab − c²). */
function closedForm({ code, keepsGap }: ExpectedForm, first: boolean, second: boolean): string {
  return wgsl`
${code({ first, second })}

${keepsGap ? residual : ''}
fn entry(row: u32, column: u32, a_row: f32, b: f32, c: f32, same: bool) -> f32 {
  // Where nothing may be left of ab − c², it is not left to a compiler that may fuse one product of it.
  var gap = select(max(a_row * b - c * c, 0.0), 0.0, same);
#if ${keepsGap}
  if (gap < 0.0009765625 * a_row * b && !same) {
    gap = a_row * residual(row, column, c / a_row);
  }
#endif
  return expected(a_row, b, select(c, a_row, same), gap);
}

fn tile(row: u32, column: u32) -> mat4x4<f32> {
  // Indexed in loops, and so in memory: that costs little beside an entry, of which sixteen copies would take long to compile.
  var products = gram(row, column);
  var theta: mat4x4<f32>;
  let last_row = params.rows - 1u;
  let last_col = params.cols - 1u;
  for (var i = 0u; i < 4u; i++) {
    let a_row = a[min(row + i, last_row)];
    for (var j = 0u; j < 4u; j++) {
      let b = a_other[min(column + j, last_col)];
      let same = params.same_set == 1u && params.first_row + row + i == params.first_col + column + j;
      theta[i][j] = entry(row + i, column + j, a_row, b, products[i][j] * params.inverse_d, same);
    }
  }
  return theta;
}
`;
}

/**
 * `residual(row, column, s)`: ‖x′ − s·x‖²/d. With s = c/a it is (ab − c²)/a, of which nothing cancels where the two points are
 * nearly parallel: there the difference of products would be rounding, and its root, √(2⁻²⁴), a thousand times as much.
 */
const residual = wgsl`
fn residual(row: u32, column: u32, s: f32) -> f32 {
  let at = min(row, params.rows - 1u) * params.inputs4;
  let other = min(column, params.cols - 1u) * params.inputs4;
  var sum = 0.0;
  for (var k = 0u; k < params.inputs4; k++) {
    let r = X_other[other + k] - s * X[at + k];
    sum += dot(r, r);
  }
  return sum * params.inverse_d;
}
`;

/** `tile(row, column)` from Σ_k (weight₁ k + weight₂) α_k(a) α_k(b) ρ^k, by Horner's rule in ρ. */
function hermiteForm(first: boolean, second: boolean): string {
  const weight = [...(first ? ['params.weight1 * degree'] : []), ...(second ? ['params.weight2'] : [])];
  const diagonal = [
    ...(first ? ['params.weight1 * end.y'] : []),
    ...(second ? ['params.weight2 * end.z'] : []),
  ];
  return wgsl`
fn diagonal(end: vec4<f32>) -> f32 {
  return ${diagonal.join(' + ')};
}

fn tile(row: u32, column: u32) -> mat4x4<f32> {
  let products = gram(row, column);
  let last_row = params.rows - 1u;
  let last_col = params.cols - 1u;
  let end = params.series4 - 1u;
  ${each(4, (i) => `let row${i} = min(row + ${i}u, last_row) * params.series4;`)}
  ${each(4, (j) => `let col${j} = min(column + ${j}u, last_col) * params.series4;`)}
  let inverse_roots = vec4<f32>(${[0, 1, 2, 3].map((j) => `series_other[col${j} + end].x`).join(', ')});
  ${each(4, (i) => {
    const rho = `products[${i}] * params.inverse_d * series[row${i} + end].x * inverse_roots`;
    return `let rho${i} = clamp(${rho}, vec4<f32>(-1.0), vec4<f32>(1.0));
  var sum${i} = vec4<f32>();`;
  })}
  for (var k = end; k > 0u; k--) {
    let degree = vec4<f32>(f32(4u * (k - 1u))) + vec4<f32>(0.0, 1.0, 2.0, 3.0);
    let weight = vec4<f32>(${weight.join(' + ')});
    // Component j of right[p] is the coefficient of degree 4(k − 1) + p of column j.
    let right = transpose(mat4x4<f32>(${[0, 1, 2, 3].map((j) => `series_other[col${j} + k - 1u]`).join(', ')}));
    ${each(4, (i) => {
      const horner = [3, 2, 1, 0].map(
        (p) => `sum${i} = fma(sum${i}, rho${i}, left${i}[${p}] * right[${p}]);`,
      );
      return `let left${i} = weight * series[row${i} + k - 1u];
    ${horner.join('\n    ')}`;
    })}
  }
  ${each(4, (i) => {
    const theta = `select(sum${i}, vec4<f32>(diagonal(series[row${i} + end])), ${samePoint(i)})`;
    return `let theta${i} = ${theta};`;
  })}
  return mat4x4<f32>(theta0, theta1, theta2, theta3);
}
`;
}
