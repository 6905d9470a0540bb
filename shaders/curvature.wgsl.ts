import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import { activation } from './parts/activations.wgsl.ts';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { unrolled } from './parts/unroll.ts';

/**
 * C = S ⊙ (φ′(Z + h) − φ′(Z − h))/(2h) with Z = X Wᵀ · scale and S = X Gᵀ · scale: how φ′(Z) changes as W moves along
 * G. The difference quotient is φ″ up to h² where φ is smooth; where φ′ jumps, it is the jump smoothed over 2h, which has
 * a direction to offer where φ″ has none.
 */
export const curvatureShader = (phi: Activation, tile: Tile): string => unrolled(curvatureText(phi, tile));

/** The same as it is written. */
export function curvatureText(phi: Activation, tile: Tile): string {
  const X = { buffer: 'X', rows: 'params.rows', stride: 'params.inputs4' };
  const ofUnits = (buffer: string) => ({ buffer, rows: 'params.units', stride: 'params.inputs4' });
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
  let inside = unit + steps < vec4<u32>(params.units);
  let slopes = vec4<f32>(quotient(z.x), quotient(z.y), quotient(z.z), quotient(z.w));
  C[row * ((params.units + 3u) / 4u) + unit / 4u] = select(vec4<f32>(), s * slopes, inside);
}

${tileProduct(tile, 'NT', { name: 'product_with_W', P: X, Q: ofUnits('W') })}
${tileProduct(tile, 'NT', { name: 'product_with_G', P: X, Q: ofUnits('G') })}
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
) {
  let place = ${tilePlace(tile)};
  var z = product_with_W(place);
  var s = product_with_G(place);
  for (var i = 0u; i < tile_rows; i++) {
    for (var g = 0u; g < tile_columns4; g++) {
      store(row_of(place, i), place.column + 4u * g, z[i][g] * params.scale, s[i][g] * params.scale);
    }
  }
}
`;
}
