import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { blockedAdditions, blockedSums } from './parts/blocked-sum.ts';

export const sumOutputsWorkgroup = 64;

/** The most additions that a part passes through on its way into f. */
export const sumOutputsAdditions = (parts: number): number => blockedAdditions(parts);

/** f = Σ_p part p · scale and e = f − y, of the parts in which the forward program makes outputs: four rows an invocation. */
export const sumOutputsShader = (): string => wgsl`
struct Params {
  rows: u32,
  parts: u32,
  scale: f32,
}
@group(0) @binding(0) var<storage, read> outputs: array<vec4<f32>>; // parts × rows
@group(0) @binding(1) var<storage, read> y: array<vec4<f32>>; // rows
@group(0) @binding(2) var<storage, read_write> f: array<vec4<f32>>; // rows
@group(0) @binding(3) var<storage, read_write> e: array<vec4<f32>>; // rows
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${sumOutputsWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let rows4 = id.x;
  let stride4 = (params.rows + 3u) / 4u;
  if (rows4 >= stride4) {
    return;
  }
  ${blockedSums('sum', {
    range: { first: '0u', end: 'params.parts', step: 1 },
    type: 'vec4<f32>',
    count: 1,
    prepare: '',
    term: () => 'outputs[r * stride4 + rows4]',
  })}
  let inside = vec4<u32>(4u * rows4) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.rows);
  let output = sum0 * params.scale;
  f[rows4] = select(vec4<f32>(), output, inside);
  e[rows4] = select(vec4<f32>(), output - y[rows4], inside);
}
`;
