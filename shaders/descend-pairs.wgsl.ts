import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { descendingLayers, partialSums } from './parts/descending-layers.wgsl.ts';
import { each } from './parts/each.ts';

/** What a unit has of a layer: a row of W, as vec4s, or an entry of v. */
export type PairedLayer = 'rows' | 'entries';

export interface DescendPairsOptions {
  /** Those that descend in one dispatch. */
  layers: readonly PairedLayer[];
  /** Take a step first; without it, θ and its pairs are made of θ(0) and Δ as they are. */
  step: boolean;
}

/** Buffers that it binds for each layer. */
export const descendPairsBuffers = ({ step }: Pick<DescendPairsOptions, 'step'>): number => (step ? 5 : 4);

/**
 * One step of gradient descent in the displacement Δ = θ − θ(0) of units in pairs r, r′ = r + m/2, which begin with
 * w_r = w_r′ and v_r = −v_r′. Beside θ = θ(0) + Δ it stores half the sum and half the difference of each pair's θ,
 * interleaved, where what cancels at θ(0) is made of Δ alone: for rows the difference, ½(Δ_r − Δ_r′), for entries the sum,
 * ½(Δ_r + Δ_r′).
 *
 * The gradient comes in partial sums, interleaved likewise. That of rows is by r and by r′; that of entries is by their half-sum and
 * half-difference, as A of the forward program's pairs makes it.
 */
export function descendPairsShader({ layers, step }: DescendPairsOptions): string {
  return wgsl`
struct Layer {
  row: u32, // elements in a row
  rate: f32,
  partials: u32,
  partial: u32, // elements in a partial sum of the gradient
}
struct Params {
  layers: array<Layer, ${layers.length}>,
  pairs: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
${each(layers.length, (layer) => layerText(layer, layers[layer], step))}${descendingLayers(layers.length, (layer) => `params.pairs * params.layers[${layer}].row`)}`;
}

function layerText(layer: number, of: PairedLayer, step: boolean): string {
  const type = of === 'rows' ? 'vec4<f32>' : 'f32';
  const binding = (k: number) => `@group(0) @binding(${5 * layer + k})`;
  return wgsl`
#if ${step}
${binding(0)} var<storage, read> gradient_${layer}: array<${type}>; // partial sums × m × row, in pairs
#endif
${binding(1)} var<storage, read_write> displacement_${layer}: array<${type}>; // m × row
${binding(2)} var<storage, read> start_${layer}: array<${type}>; // m × row
${binding(3)} var<storage, read_write> position_${layer}: array<${type}>; // m × row
${binding(4)} var<storage, read_write> pairs_${layer}: array<${type}>; // m × row, in pairs
${step ? partialSums(type, layer) : ''}
fn descend_${layer}(k: u32) {
  let row = params.layers[${layer}].row;
  let half = params.pairs * row;
  let one = k / row * 2u * row + k % row;
  let other = one + row;
  var moved = displacement_${layer}[k];
  var moved_other = displacement_${layer}[half + k];
#if ${step}
  let rate = params.layers[${layer}].rate;
  let g = gradient_${layer}_at(one);
  let g_other = gradient_${layer}_at(other);
#if ${of === 'rows'}
  moved -= rate * g;
  moved_other -= rate * g_other;
#else
  moved -= rate * (0.5 * (g + g_other));
  moved_other -= rate * (0.5 * (g - g_other));
#endif
  displacement_${layer}[k] = moved;
  displacement_${layer}[half + k] = moved_other;
#endif
  let start = start_${layer}[k];
  position_${layer}[k] = start + moved;
  position_${layer}[half + k] = start_${layer}[half + k] + moved_other;
  let half_sum = 0.5 * (moved + moved_other);
  let half_difference = 0.5 * (moved - moved_other);
#if ${of === 'rows'}
  pairs_${layer}[one] = start + half_sum;
  pairs_${layer}[other] = half_difference;
#else
  pairs_${layer}[one] = half_sum;
  pairs_${layer}[other] = start + half_difference;
#endif
}
`;
}
