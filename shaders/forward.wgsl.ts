import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import { activation } from './parts/activations.wgsl.ts';
import { each } from './parts/each.ts';

export interface ForwardOptions {
  activation: Activation;
  /** Whether A = φ(Z) is stored. */
  phi: boolean;
  /** Whether D = φ′(Z) is stored. */
  phiPrime: boolean;
}

/** Rows of X that one invocation multiplies with 4 units. */
export const forwardTile = { rows: 4, workgroup: [8, 8] } as const;

/**
 * Z = X Wᵀ · scale, A = φ(Z), D = φ′(Z); Z itself is never stored.
 *
 * One invocation makes a tile of 4 rows by 4 units from vec4 loads along the inputs. Rows past the end repeat
 * the last one and are not stored; units past the end are stored as 0, the padding of A and D.
 */
export function forwardShader(options: ForwardOptions): string {
  const { phi, phiPrime } = options;
  const rowTile = forwardTile.rows;
  const [x, y] = forwardTile.workgroup;
  return wgsl`
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

${activation(options.activation)}

fn store(row: u32, column: u32, z: vec4<f32>) {
  let inside = vec4<u32>(4u * column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.units);
  let at = row * ((params.units + 3u) / 4u) + column;
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

@compute @workgroup_size(${x}, ${y})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x; // group of 4 units
  let row = id.y * ${rowTile}u;
  if (4u * column >= params.units || row >= params.rows) {
    return;
  }
  let last_row = params.rows - 1u;
  let last_unit = params.units - 1u;
  ${each(rowTile, (i) => `let x${i} = min(row + ${i}u, last_row) * params.inputs4;`)}
  ${each(4, (r) => `let w${r} = min(4u * column + ${r}u, last_unit) * params.inputs4;`)}
  ${each(rowTile, (i) => `var z${i} = vec4<f32>();`)}
  for (var k = 0u; k < params.inputs4; k++) {
    // Row vector times matrix: component r is ⟨x, w_r⟩ over these four inputs.
    let w = mat4x4<f32>(W[w0 + k], W[w1 + k], W[w2 + k], W[w3 + k]);
    ${each(rowTile, (i) => `z${i} += X[x${i} + k] * w;`)}
  }
  ${each(rowTile, (i) => `if (row + ${i}u < params.rows) { store(row + ${i}u, column, z${i} * params.scale); }`)}
}
`;
}
