import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import { activation } from './parts/activations.wgsl.ts';
import { rowProducts, tileBuiltins, tileEntries, tileHeader } from './parts/product.wgsl.ts';
import { type Tile, groupCols, groupRows } from './parts/tile.ts';

export interface ForwardOptions {
  activation: Activation;
  /** Whether A = φ(Z) is stored. */
  phi: boolean;
  /** Whether D = φ′(Z) is stored. */
  phiPrime: boolean;
}

/**
 * Z = X Wᵀ · scale, A = φ(Z), D = φ′(Z); Z itself is never stored.
 *
 * Rows past the end are not stored; units past the end are stored as 0, the padding of A and D.
 */
export function forwardShader({ activation: of, phi, phiPrime }: ForwardOptions, tile: Tile): string {
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X and of W
  scale: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> W: array<vec4<f32>>; // units × inputs
#if ${phi}
@group(0) @binding(2) var<storage, read_write> A: array<vec4<f32>>; // rows × units
#endif
#if ${phiPrime}
@group(0) @binding(3) var<storage, read_write> D: array<vec4<f32>>; // rows × units
#endif
@group(1) @binding(0) var<uniform> params: Params;

${activation(of)}

fn store(row: u32, unit: u32, z: vec4<f32>) {
  if (row >= params.rows || unit >= params.units) {
    return;
  }
  let inside = vec4<u32>(unit) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.units);
  let at = row * ((params.units + 3u) / 4u) + unit / 4u;
#if ${phi && phiPrime}
  let p = array(phi_both(z.x), phi_both(z.y), phi_both(z.z), phi_both(z.w));
  A[at] = select(vec4<f32>(), vec4<f32>(p[0].x, p[1].x, p[2].x, p[3].x), inside);
  D[at] = select(vec4<f32>(), vec4<f32>(p[0].y, p[1].y, p[2].y, p[3].y), inside);
#elif ${phi}
  A[at] = select(vec4<f32>(), vec4<f32>(phi(z.x), phi(z.y), phi(z.z), phi(z.w)), inside);
#else
  D[at] = select(vec4<f32>(), vec4<f32>(phi_prime(z.x), phi_prime(z.y), phi_prime(z.z), phi_prime(z.w)), inside);
#endif
}

@compute @workgroup_size(${tile.lanes}, ${tile.groups})
fn main(${tileBuiltins(tile)}
) {
  let row = group.y * ${groupRows(tile)}u + local.y * ${tile.rows}u;
  let column = group.x * ${groupCols(tile)}u + local.x * ${4 * tile.cols4}u;
  let last_row = params.rows - 1u;
  let last_column = params.units - 1u;
  ${rowProducts(tile, 'z', { buffer: 'X', stride: 'params.inputs4' }, { buffer: 'W', stride: 'params.inputs4' }, 'params.inputs4')}
  // A loop, since activations are long: unrolled, they would be most of the program and of its compilation.
  var z = ${tileEntries(tile, 'z')};
  for (var t = 0u; t < ${tile.rows * tile.cols4}u; t++) {
    store(row + t / ${tile.cols4}u, column + 4u * (t % ${tile.cols4}u), z[t] * params.scale);
  }
}
`;
}
