import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import { activation } from './parts/activations.wgsl.ts';
import { rowProducts, tileBuiltins, tileEntries, tileHeader, tileTurn } from './parts/product.wgsl.ts';
import { type Tile, groupCols, groupRows, tileRow } from './parts/tile.ts';

/**
 * C = S ⊙ (φ′(Z + h) − φ′(Z − h))/(2h) with Z = X Wᵀ · scale and S = X Gᵀ · scale: how φ′(Z) changes as W moves along
 * G. The difference quotient is φ″ up to h² where φ is smooth; where φ′ jumps, it is the jump smoothed over 2h, which has
 * a direction to offer where φ″ has none.
 */
export function curvatureShader(phi: Activation, tile: Tile): string {
  const X = { buffer: 'X', stride: 'params.inputs4' };
  const product = (name: string, buffer: string) =>
    rowProducts(tile, name, X, { buffer, stride: 'params.inputs4' }, 'params.inputs4');
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X, of W and of G
  scale: f32,
  h: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> W: array<vec4<f32>>; // units × inputs
@group(0) @binding(2) var<storage, read> G: array<vec4<f32>>; // units × inputs
@group(0) @binding(3) var<storage, read_write> C: array<vec4<f32>>; // rows × units
@group(1) @binding(0) var<uniform> params: Params;

${activation(phi)}

fn quotient(z: f32) -> f32 {
  return (phi_prime(z + params.h) - phi_prime(z - params.h)) / (2.0 * params.h);
}

fn store(row: u32, unit: u32, z: vec4<f32>, s: vec4<f32>) {
  if (row >= params.rows || unit >= params.units) {
    return;
  }
  let inside = vec4<u32>(unit) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.units);
  let slopes = vec4<f32>(quotient(z.x), quotient(z.y), quotient(z.z), quotient(z.w));
  C[row * ((params.units + 3u) / 4u) + unit / 4u] = select(vec4<f32>(), s * slopes, inside);
}

@compute @workgroup_size(${tile.lanes}, ${tile.groups})
fn main(${tileBuiltins(tile)}
) {
  let row = group.y * ${groupRows(tile)}u + local.y * ${tile.rows}u;
  let column = group.x * ${groupCols(tile)}u + local.x * ${4 * tile.cols4}u;
  ${tileTurn(tile)}
  let last_row = params.rows - 1u;
  let last_column = params.units - 1u;
  ${product('z', 'W')}
  ${product('s', 'G')}
  var z = ${tileEntries(tile, 'z')};
  var s = ${tileEntries(tile, 's')};
  for (var t = 0u; t < ${tile.rows * tile.cols4}u; t++) {
    store(row + ${tileRow(tile, `(t / ${tile.cols4}u)`)}, column + 4u * (t % ${tile.cols4}u), z[t] * params.scale, s[t] * params.scale);
  }
}
`;
}
