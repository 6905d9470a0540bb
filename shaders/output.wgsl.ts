import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { blockedAdditions, blockedSums } from './parts/blocked-sum.ts';
import { each } from './parts/each.ts';
import { meetingPlace, storeFourOutputs } from './parts/four-outputs.wgsl.ts';

export interface OutputOptions {
  /** Invocations that share the units of a row, a power of 2: on a processor 1. */
  lanes: number;
}

const workgroup = 64;
/** Rows of A an invocation, so that what is read of v serves as often. */
const own = 4;

/** The most additions that one of `units` products passes through on its way into f. */
export const outputAdditions = (units: number, { lanes }: OutputOptions): number =>
  // Along the units; the components of the vec4; the other tower; the lanes.
  blockedAdditions(Math.ceil(units / 4 / lanes)) + 3 + lanes;

/** Rows that a workgroup makes. */
export const outputRows = ({ lanes }: OutputOptions): number => (own * workgroup) / lanes;

/**
 * f = (A v + A′ v′) · scale of two towers, and e = f − y; the lanes of a row meet in workgroup memory, in their order. The
 * sums are of blocks of terms, so that wide networks keep their digits. Both towers are summed alike, and then added: where
 * A′ = A and v′ = −v, f is 0.
 */
export function outputShader({ lanes }: OutputOptions): string {
  const groups = workgroup / lanes;
  return wgsl`
struct Params {
  rows: u32,
  units4: u32, // vec4s in a row of A
  scale: f32,
}
@group(0) @binding(0) var<storage, read> A: array<vec4<f32>>; // rows × m
@group(0) @binding(1) var<storage, read> v: array<vec4<f32>>; // m
@group(0) @binding(2) var<storage, read> y: array<vec4<f32>>; // rows
@group(0) @binding(3) var<storage, read_write> f: array<vec4<f32>>; // rows
@group(0) @binding(4) var<storage, read_write> e: array<vec4<f32>>; // rows
@group(0) @binding(5) var<storage, read> A_other: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> v_other: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> params: Params;
${meetingPlace({ lanes, workgroup })}
@compute @workgroup_size(${lanes}, ${groups})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let rows4 = group.x * ${groups}u + local.y;
  ${each(own, (i) => `let row${i} = min(${own}u * rows4 + ${i}u, params.rows - 1u) * params.units4;`)}
  ${blockedSums('sums', {
    range: { first: 'local.x', end: 'params.units4', step: lanes },
    type: 'vec4<f32>',
    count: own,
    prepare: 'let weight = v[r];',
    term: (i) => `weight * A[row${i} + r]`,
  })}
  var sum = vec4<f32>();
  ${each(own, (i) => `sum[${i}] = (sums${i}.x + sums${i}.y) + (sums${i}.z + sums${i}.w);`)}
  ${blockedSums('others', {
    range: { first: 'local.x', end: 'params.units4', step: lanes },
    type: 'vec4<f32>',
    count: own,
    prepare: 'let weight = v_other[r];',
    term: (i) => `weight * A_other[row${i} + r]`,
  })}
  ${each(own, (i) => `sum[${i}] += (others${i}.x + others${i}.y) + (others${i}.z + others${i}.w);`)}
  ${storeFourOutputs({ lanes, workgroup })}
}
`;
}
