import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

/** An invocation's tile is 8 units × 8 inputs: two vec4s of each. */
export const firstGradientTile = { units4: 2, inputs4: 2, workgroup: [8, 8] } as const;

/**
 * Partial sums of Dᵀ diag(e) X over slices of rows: slice s holds Σ_i D_ir e_i x_i over its rows i, for all units r.
 * diag(e) meets D in registers; the scaled D is never stored. The slices are summed in fixed order by sum-slices.
 */
export function firstGradientShader(): string {
  const { units4, inputs4, workgroup } = firstGradientTile;
  const [x, y] = workgroup;
  const tile = (line: (r: number, c: number) => string) =>
    each(4 * units4 * inputs4, (k) => line(Math.floor(k / inputs4), k % inputs4));
  return wgsl`
struct Params {
  rows: u32,
  slice_rows: u32,
  units4: u32, // vec4s in a row of D
  inputs4: u32, // vec4s in a row of X
}
@group(0) @binding(0) var<storage, read> D: array<vec4<f32>>; // rows × units
@group(0) @binding(1) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(2) var<storage, read> e: array<f32>; // rows
@group(0) @binding(3) var<storage, read_write> slices: array<vec4<f32>>; // slices × units × inputs
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${x}, ${y})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = ${inputs4}u * id.x;
  let u = ${units4}u * id.y;
  if (c >= params.inputs4 || u >= params.units4) {
    return;
  }
  // Tiles that hang over the edge repeat the last vec4 and do not store it.
  ${each(units4, (g) => `let u${g} = min(u + ${g}u, params.units4 - 1u);`)}
  ${each(inputs4, (g) => `let c${g} = min(c + ${g}u, params.inputs4 - 1u);`)}
  ${tile((r, g) => `var g${r}_${g} = vec4<f32>();`)}
  let end = min((id.z + 1u) * params.slice_rows, params.rows);
  for (var i = id.z * params.slice_rows; i < end; i++) {
    let residual = e[i];
    ${each(units4, (g) => `let d${g} = D[i * params.units4 + u${g}] * residual;`)}
    ${each(inputs4, (g) => `let x${g} = X[i * params.inputs4 + c${g}];`)}
    ${tile((r, g) => `g${r}_${g} += d${r >> 2}[${r & 3}] * x${g};`)}
  }
  let slice = id.z * 4u * params.units4;
  ${tile(
    (r, g) =>
      `if (u + ${r >> 2}u < params.units4 && c + ${g}u < params.inputs4) { slices[(slice + 4u * u + ${r}u) * params.inputs4 + c + ${g}u] = g${r}_${g}; }`,
  )}
}
`;
}
