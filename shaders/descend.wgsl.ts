import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { descendingLayers, partialSums } from './parts/descending-layers.wgsl.ts';
import { each } from './parts/each.ts';

export interface DescendOptions {
  /** Layers that descend in one dispatch. */
  layers: number;
  /** Also store θ = θ(0) + Δ. */
  position: boolean;
}

/** Buffers that it binds for each layer. */
export const descendBuffers = ({ position }: Pick<DescendOptions, 'position'>): number => (position ? 4 : 2);

/**
 * One step of gradient descent in the displacement Δ = θ − θ(0) of each layer: Δ ← Δ − rate · g, and θ = θ(0) + Δ.
 *
 * Δ is the state and θ only its sum with θ(0), so the small steps of early training add up to float32's relative
 * precision of the displacement itself, not of the much larger parameter. The gradient comes in partial sums.
 */
export function descendShader({ layers, position }: DescendOptions): string {
  return wgsl`
struct Layer {
  length4: u32, // vec4s in Δ
  rate: f32,
  partials: u32,
  partial: u32, // vec4s in a partial sum of g
}
struct Params {
  layers: array<Layer, ${layers}>,
}
@group(1) @binding(0) var<uniform> params: Params;
${each(layers, (layer) => layerText(layer, position))}${descendingLayers(layers, (layer) => `params.layers[${layer}].length4`)}`;
}

const layerText = (layer: number, position: boolean): string => wgsl`
@group(0) @binding(${4 * layer}) var<storage, read> gradient_${layer}: array<vec4<f32>>; // partial sums
@group(0) @binding(${4 * layer + 1}) var<storage, read_write> displacement_${layer}: array<vec4<f32>>;
#if ${position}
@group(0) @binding(${4 * layer + 2}) var<storage, read> start_${layer}: array<vec4<f32>>;
@group(0) @binding(${4 * layer + 3}) var<storage, read_write> position_${layer}: array<vec4<f32>>;
#endif
${partialSums('vec4<f32>', layer)}
fn descend_${layer}(k: u32) {
  let moved = displacement_${layer}[k] - params.layers[${layer}].rate * gradient_${layer}_at(k);
  displacement_${layer}[k] = moved;
#if ${position}
  position_${layer}[k] = start_${layer}[k] + moved;
#endif
}
`;
