import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { unrolled } from './parts/unroll.ts';

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
  /** Add to what the kernel holds instead of writing it: for a network's further layers. */
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
export const ntkShader = (options: NtkOptions, tile: Tile): string => unrolled(ntkText(options, tile));

/** The same as it is written. */
export function ntkText(
  { first, second, mirror, storage = 'f32', accumulate = false }: NtkOptions,
  tile: Tile,
): string {
  const store = accumulate ? '+=' : '=';
  const product = (name: string, buffer: string, of: { stride: string; storage?: FeatureStorage }) =>
    tileProduct(tile, 'NT', {
      name,
      P: { buffer, rows: 'params.rows', ...of },
      Q: { buffer: `${buffer}_other`, rows: 'params.cols', ...of },
    });
  const units = { stride: 'params.units4', storage };
  const inputs = { stride: 'params.inputs4' };
  const mirrored = mirror !== 'none';
  const swapped = tile.loads === 'subgroup';
  // A block that is indexed in a loop is put into memory: the smallest tile, which is there to compile soon, has it so.
  const rowLoop = `${tile.rows === 4 ? '' : '@unroll '}for (var i = 0u; i < 4u; i++)`;
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
  let inside = column + steps < vec4<u32>(params.cols);
  let mirror_inside = row + steps < vec4<u32>(params.rows);
  var block = theta;
  var mirrored = transpose(theta);
  let at = row * params.stride4 + params.column4 + column / 4u;
  let mirror_at = column * params.stride4 + params.mirror_column4 + row / 4u;
#if ${mirror === 'itself'}
  // On the diagonal, what is below it comes from above it.
  let above = column > row;
  ${rowLoop} {
    if (row + i < params.rows) {
      let entries = select(mirrored[i], block[i], vec4<bool>(above) | (steps >= vec4<u32>(i)));
      kernel[at + i * params.stride4] ${store} select(vec4<f32>(), entries, inside);
    }
    if (above && column + i < params.cols) {
      kernel[mirror_at + i * params.stride4] ${store} select(vec4<f32>(), mirrored[i], mirror_inside);
    }
  }
#else
  ${rowLoop} {
    if (row + i < params.rows) {
      kernel[at + i * params.stride4] ${store} select(vec4<f32>(), block[i], inside);
    }
    if (column + i < params.cols) {
      mirror[mirror_at + i * params.stride4] ${store} select(vec4<f32>(), mirrored[i], mirror_inside);
    }
  }
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

#if ${first}
${product('product_of_slopes', 'B', units)}
${product('product_of_inputs', 'X', inputs)}
#endif
#if ${second}
${product('product_of_values', 'A', units)}
#endif
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
) {
#if ${mirror === 'itself'}
  if ((group.x + 1u) * lanes * 4u * tile_columns4 <= group.y * groups * tile_rows) {
    return; // below the diagonal
  }
#endif
  let place = ${tilePlace(tile)};
  var theta: Tile;
#if ${first}
  let slopes = product_of_slopes(place);
  let inputs = product_of_inputs(place);
  @unroll for (var i = 0u; i < tile_rows; i++) {
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      theta[i][g] = params.weight1 * (slopes[i][g] * inputs[i][g]);
    }
  }
#endif
#if ${second}
  let values = product_of_values(place);
  @unroll for (var i = 0u; i < tile_rows; i++) {
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      theta[i][g] = fma(vec4<f32>(params.weight2), values[i][g], theta[i][g]);
    }
  }
#endif
  var entries = theta;
  for (var g = 0u; g < tile_columns4; g++) {
    let column = place.column + 4u * g;
#if ${mirrored}
    for (var b = 0u; b < tile_rows4; b++) {
      let block = mat4x4<f32>(entries[4u * b][g], entries[4u * b + 1u][g], entries[4u * b + 2u][g], entries[4u * b + 3u][g]);
      store(place.row + 4u * b, column, ${swapped ? 'in_order(block, place.turn)' : 'block'});
    }
#else
    for (var i = 0u; i < tile_rows; i++) {
      let row = row_of(place, i);
      if (row < params.rows && column < params.cols) {
        kernel[row * params.stride4 + params.column4 + column / 4u] ${store} select(vec4<f32>(), entries[i][g], column + steps < vec4<u32>(params.cols));
      }
    }
#endif
  }
}
`;
}
