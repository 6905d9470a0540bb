import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { blockedAdditions, blockedSums } from './parts/blocked-sum.ts';
import { meetingPlace, storeFourOutputs } from './parts/four-outputs.wgsl.ts';

const workgroup = 64;

export interface SumOutputsOptions {
  /** Invocations that share the parts of four rows, a power of 2: 1 but where the parts are very many. */
  lanes: number;
}

/** The most additions that a part passes through on its way into f. */
export const sumOutputsAdditions = (parts: number, { lanes }: SumOutputsOptions): number =>
  blockedAdditions(Math.ceil(parts / lanes)) + lanes;

/** Rows that a workgroup makes. */
export const sumOutputsRows = ({ lanes }: SumOutputsOptions): number => (4 * workgroup) / lanes;

/** f = Σ_p part p · scale and e = f − y, of the parts in which the forward program makes outputs. */
export const sumOutputsShader = ({ lanes }: SumOutputsOptions): string => wgsl`
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
${meetingPlace({ lanes, workgroup })}
@compute @workgroup_size(${lanes}, ${workgroup / lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let stride4 = (params.rows + 3u) / 4u;
  let rows4 = group.x * ${workgroup / lanes}u + local.y;
  let column = min(rows4, stride4 - 1u);
  ${blockedSums('sum', {
    range: { first: 'local.x', end: 'params.parts', step: lanes },
    type: 'vec4<f32>',
    count: 1,
    prepare: '',
    term: () => 'outputs[r * stride4 + column]',
  })}
  var sum = sum0;
  ${storeFourOutputs({ lanes, workgroup })}
}
`;
