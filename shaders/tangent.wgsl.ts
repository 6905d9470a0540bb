import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { rowProducts, tileBuiltins, tileHeader } from './parts/product.wgsl.ts';
import { type Tile, eachTileEntry, groupCols, groupRows, load } from './parts/tile.ts';

export interface TangentOptions {
  /** Add J₁ vec Δ. */
  first: boolean;
  /** Add J₂ δ. */
  second: boolean;
  /** How A and B are stored; 'f32' unless given. */
  storage?: FeatureStorage;
  /** Add to what u holds instead of writing it: for a network's further layers. */
  accumulate?: boolean;
}

/** What the program is given, in this form and in the transposed one. */
export const tangentBindings = ({ first, second, storage = 'f32' }: TangentOptions): string => wgsl`
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X and of Δ
  scale1: f32,
  scale2: f32,
}
#if ${first}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> Delta: array<vec4<f32>>; // units × inputs
@group(0) @binding(2) var<storage, read> B: ${featureArray(storage)}; // rows × units, padded with zeros
#endif
#if ${second}
@group(0) @binding(3) var<storage, read> A: ${featureArray(storage)}; // rows × units, padded with zeros
@group(0) @binding(4) var<storage, read> delta: array<vec4<f32>>; // units, padded with zeros
#endif
@group(0) @binding(5) var<storage, read_write> u: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}`;

/**
 * u_i = scale₁ Σ_r B_ir ⟨Δ_r, x_i⟩ + scale₂ Σ_r A_ir δ_r, B = φ′(Z) diag(v): the Jacobian-vector product J₁ vec Δ + J₂ δ.
 *
 * XΔᵀ is never stored: an invocation makes a tile of it in registers and adds it, weighed by B, to the sums of its
 * rows, until its workgroup is through with all units. The lanes of a row meet in workgroup memory, in their order. Not
 * for tiles whose rows quads swap: these have the transposed form.
 */
export function tangentShader(options: TangentOptions, tile: Tile): string {
  const { first, second, storage = 'f32', accumulate = false } = options;
  const { rows, cols4, lanes, groups } = tile;
  const X = { buffer: 'X', stride: 'params.inputs4' };
  const Delta = { buffer: 'Delta', stride: 'params.inputs4' };
  const hidden = (buffer: string, i: number, g: number) =>
    load({ buffer, stride: 'units4', storage }, `min(row + ${i}u, last_row) * units4 + unit4_${g}`);
  return wgsl`${tileHeader(tile)}
${tangentBindings(options)}
var<workgroup> sums: array<f32, ${rows * groups * lanes}>;

@compute @workgroup_size(${lanes}, ${groups})
fn main(${tileBuiltins(tile)}
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let first_row = (group.y * workgroups.x + group.x) * ${groupRows(tile)}u;
  let row = first_row + local.y * ${rows}u;
  let last_row = params.rows - 1u;
  let last_column = params.units - 1u;
  let units4 = (params.units + 3u) / 4u;
  ${each(rows, (i) => `var sum${i} = 0.0;`)}
  for (var start = 0u; start < params.units; start += ${groupCols(tile)}u) {
    let column = start + local.x * ${4 * cols4}u;
    ${each(cols4, (g) => `let unit4_${g} = min(column / 4u + ${g}u, units4 - 1u);`)}
    ${each(cols4, (g) => `let counts${g} = column / 4u + ${g}u < units4;`)}
#if ${first}
    ${rowProducts(tile, 's', X, Delta, 'params.inputs4')}
    ${each(cols4, (g) => `let slopes${g} = select(0.0, params.scale1, counts${g});`)}
    ${eachTileEntry(tile, (i, g) => `sum${i} += dot(${hidden('B', i, g)} * slopes${g}, s${i}_${g});`)}
#endif
#if ${second}
    ${each(cols4, (g) => `let moved${g} = select(vec4<f32>(), params.scale2 * delta[unit4_${g}], counts${g});`)}
    ${eachTileEntry(tile, (i, g) => `sum${i} += dot(${hidden('A', i, g)}, moved${g});`)}
#endif
  }
  let at = local.y * ${rows}u;
  ${each(rows, (i) => `sums[(at + ${i}u) * ${lanes}u + local.x] = sum${i};`)}
  workgroupBarrier();
  for (var i = local.y * ${lanes}u + local.x; i < ${groupRows(tile)}u; i += ${lanes * groups}u) {
    var total = 0.0;
    for (var k = 0u; k < ${lanes}u; k++) {
      total += sums[i * ${lanes}u + k];
    }
    if (first_row + i < params.rows) {
      u[first_row + i] = ${accumulate ? 'u[first_row + i] + ' : ''}total;
    }
  }
}
`;
}
