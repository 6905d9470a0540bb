import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { rowProducts, tileBuiltins, tileEntries, tileHeader, tileTurn } from './parts/product.wgsl.ts';
import { type Tile, eachTileEntry, groupCols, groupRows, tileRow } from './parts/tile.ts';

export interface NtkOptions {
  /** Add weight₁ · Θ₁. */
  first: boolean;
  /** Add weight₂ · Θ₂. */
  second: boolean;
  /**
   * Which entries of a symmetric kernel this block fills beside its own: its transpose's, in another block of rows
   * ('other'); or, on the diagonal, those below it from those above ('itself').
   */
  mirror: 'none' | 'itself' | 'other';
  /** How A and B are stored; 'f32' unless given. */
  storage?: FeatureStorage;
  /** Add to what the kernel holds instead of filling it: for a network's further layers. */
  accumulate?: boolean;
}

/**
 * weight₁ Θ₁ + weight₂ Θ₂ between two blocks of points, entry by entry:
 *
 *     Θ₁ = (B B̃ᵀ/m) ⊙ (X X̃ᵀ/d),  B = φ′(Z) diag(v)      Θ₂ = A Ãᵀ/m
 *
 * Both factors of Θ₁ are accumulated in the same invocation and meet in registers: no n × n intermediate exists. A
 * symmetric kernel is computed on and above its diagonal and stored twice, so it is symmetric to the bit.
 */
export function ntkShader(
  { first, second, mirror, storage = 'f32', accumulate = false }: NtkOptions,
  tile: Tile,
): string {
  const before = (place: string) => (accumulate ? `${place} + ` : '');
  const units = (buffer: string) => ({ buffer, stride: 'params.units4', storage });
  const inputs = (buffer: string) => ({ buffer, stride: 'params.inputs4' });
  const mirrored = mirror !== 'none';
  const swapped = tile.loads === 'subgroup';
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  cols: u32,
  units4: u32, // vec4s in a row of B and of A
  inputs4: u32, // vec4s in a row of X
  stride4: u32, // vec4s in a row of the kernel
  column4: u32, // where this block's columns begin in it, in vec4s
  mirror_column4: u32, // where its rows begin as columns of the transpose, in vec4s
  weight1: f32, // over m d
  weight2: f32, // over m
}
#if ${first}
@group(0) @binding(0) var<storage, read> B: ${featureArray(storage)}; // rows × units
@group(0) @binding(1) var<storage, read> B_other: ${featureArray(storage)}; // cols × units
@group(0) @binding(2) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(3) var<storage, read> X_other: array<vec4<f32>>; // cols × inputs
#endif
#if ${second}
@group(0) @binding(4) var<storage, read> A: ${featureArray(storage)}; // rows × units
@group(0) @binding(5) var<storage, read> A_other: ${featureArray(storage)}; // cols × units
#endif
@group(0) @binding(6) var<storage, read_write> kernel: array<vec4<f32>>;
#if ${mirror === 'other'}
@group(0) @binding(7) var<storage, read_write> mirror: array<vec4<f32>>; // the rows of this block's columns
#endif
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}
#if ${mirrored}
// The columns of theta are the rows row … row + 3 of the kernel, at its columns column … column + 3.
fn store(row: u32, column: u32, theta: mat4x4<f32>) {
  if (row >= params.rows || column >= params.cols) {
    return;
  }
#if ${mirror === 'itself'}
  if (column < row) {
    return;
  }
#endif
  let steps = vec4<u32>(0u, 1u, 2u, 3u);
  let inside = vec4<u32>(column) + steps < vec4<u32>(params.cols);
  let mirror_inside = vec4<u32>(row) + steps < vec4<u32>(params.rows);
  let mirrored = transpose(theta);
  let at = row * params.stride4 + params.column4 + column / 4u;
  let mirror_at = column * params.stride4 + params.mirror_column4 + row / 4u;
#if ${mirror === 'itself'}
  // On the diagonal, what is below it comes from above it.
  let above = column > row;
  ${each(
    4,
    (i) => `if (row + ${i}u < params.rows) {
    let entries = select(mirrored[${i}], theta[${i}], vec4<bool>(above) | (steps >= vec4<u32>(${i}u)));
    kernel[at + ${i}u * params.stride4] = ${before(`kernel[at + ${i}u * params.stride4]`)}select(vec4<f32>(), entries, inside);
  }
  if (above && column + ${i}u < params.cols) {
    kernel[mirror_at + ${i}u * params.stride4] = ${before(`kernel[mirror_at + ${i}u * params.stride4]`)}select(vec4<f32>(), mirrored[${i}], mirror_inside);
  }`,
  )}
#else
  ${each(
    4,
    (i) => `if (row + ${i}u < params.rows) {
    kernel[at + ${i}u * params.stride4] = ${before(`kernel[at + ${i}u * params.stride4]`)}select(vec4<f32>(), theta[${i}], inside);
  }
  if (column + ${i}u < params.cols) {
    mirror[mirror_at + ${i}u * params.stride4] = ${before(`mirror[mirror_at + ${i}u * params.stride4]`)}select(vec4<f32>(), mirrored[${i}], mirror_inside);
  }`,
  )}
#endif
}
#endif

#if ${mirrored && swapped}
/** Four rows, of which row j came as number j ^ turn. */
fn in_order(rows: mat4x4<f32>, turn: u32) -> mat4x4<f32> {
  let odd = (turn & 1u) != 0u;
  let pairs = array(select(rows[0], rows[1], odd), select(rows[1], rows[0], odd), select(rows[2], rows[3], odd), select(rows[3], rows[2], odd));
  let upper = (turn & 2u) != 0u;
  return mat4x4<f32>(select(pairs[0], pairs[2], upper), select(pairs[1], pairs[3], upper), select(pairs[2], pairs[0], upper), select(pairs[3], pairs[1], upper));
}
#endif

@compute @workgroup_size(${tile.lanes}, ${tile.groups})
fn main(${tileBuiltins(tile)}
) {
#if ${mirror === 'itself'}
  if ((group.x + 1u) * ${groupCols(tile)}u <= group.y * ${groupRows(tile)}u) {
    return; // below the diagonal
  }
#endif
  let row = group.y * ${groupRows(tile)}u + local.y * ${tile.rows}u;
  let column = group.x * ${groupCols(tile)}u + local.x * ${4 * tile.cols4}u;
  ${tileTurn(tile)}
  let last_row = params.rows - 1u;
  let last_column = params.cols - 1u;
  ${eachTileEntry(tile, (i, g) => `var theta${i}_${g} = vec4<f32>();`)}
#if ${first}
  ${rowProducts(tile, 'slopes', units('B'), units('B_other'), 'params.units4')}
  ${rowProducts(tile, 'inputs', inputs('X'), inputs('X_other'), 'params.inputs4')}
  ${eachTileEntry(tile, (i, g) => `theta${i}_${g} = params.weight1 * (slopes${i}_${g} * inputs${i}_${g});`)}
#endif
#if ${second}
  ${rowProducts(tile, 'values', units('A'), units('A_other'), 'params.units4')}
  ${eachTileEntry(tile, (i, g) => `theta${i}_${g} = fma(vec4<f32>(params.weight2), values${i}_${g}, theta${i}_${g});`)}
#endif
#if ${mirrored}
  var theta = ${tileEntries(tile, 'theta')};
  for (var b = 0u; b < ${tile.rows / 4}u; b++) {
    for (var g = 0u; g < ${tile.cols4}u; g++) {
      let at = 4u * ${tile.cols4}u * b + g;
      let block = mat4x4<f32>(${[0, 1, 2, 3].map((i) => `theta[at + ${i * tile.cols4}u]`).join(', ')});
#if ${swapped}
      store(row + 4u * b, column + 4u * g, in_order(block, turn));
#else
      store(row + 4u * b, column + 4u * g, block);
#endif
    }
  }
#else
  ${eachTileEntry(
    tile,
    (i, g) => `if (row + ${tileRow(tile, `${i}u`)} < params.rows && column + ${4 * g}u < params.cols) {
    let inside = vec4<u32>(column + ${4 * g}u) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.cols);
    let at = (row + ${tileRow(tile, `${i}u`)}) * params.stride4 + params.column4 + column / 4u + ${g}u;
    kernel[at] = ${before('kernel[at]')}select(vec4<f32>(), theta${i}_${g}, inside);
  }`,
  )}
#endif
}
`;
}
