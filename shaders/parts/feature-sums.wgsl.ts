import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type FeatureStorage, unstored } from './features.wgsl.ts';

export interface FeatureSums {
  storage: FeatureStorage;
  groups: number;
  /** An array of lanes · groups · tile_columns4 vec4s in workgroup memory at least; none where groups = 1. */
  meeting?: string;
  /** WGSL of e_i; of the buffer e unless given. */
  weight?: ((i: string) => string) | undefined;
  /** WGSL of the vec4s from row to row of A; the units' of a partial sum unless given. */
  rowStride?: string;
  /** WGSL that comes before each slice, which begins at the row `begin`. */
  prepare?: string;
}

/**
 * `add_features(column4, local, number, first, last)`: adds Aᵀe over the rows first ≤ i < last, slice by slice, to partial sum
 * `number` of `feature_partials`, for the tile_columns4 vec4s of units from column4 on that an invocation has. Its workgroup
 * has lanes × groups invocations; those of one lane share the rows of a slice, and meet in `meeting`.
 *
 * It reads buffers A and e, and units4, slice_rows and accumulate of the parameters.
 */
export const featureSums = ({
  storage,
  groups,
  meeting = '',
  weight = (i) => `e[${i}]`,
  rowStride = 'stride',
  prepare = '',
}: FeatureSums): string => wgsl`
fn add_features(column4: u32, local: vec2<u32>, number: u32, first: u32, last: u32) {
  let stride = params.units4;
  let slice_rows = params.slice_rows;
  var at: array<u32, tile_columns4>;
  @unroll for (var g = 0u; g < tile_columns4; g++) {
    at[g] = min(column4 + g, stride - 1u);
  }
  var begin = first;
  loop {
    let end = min(begin + slice_rows, last);${prepare}
    // Without a value, SwiftShader would keep that of the last turn of the loop.
    var sums = array<vec4<f32>, tile_columns4>();
    for (var i = begin + local.y; i < end; i += groups) {
      let weight = ${weight('i')};
      let row = i * ${rowStride};
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        sums[g] += ${unstored(storage, 'A[row + at[g]]')} * weight;
      }
    }
#if ${groups > 1}
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      ${meeting}[(local.y * tile_columns4 + g) * lanes + local.x] = sums[g];
    }
    workgroupBarrier();
    for (var other = 1u; other < groups; other++) {
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        sums[g] += ${meeting}[(other * tile_columns4 + g) * lanes + local.x];
      }
    }
    workgroupBarrier();
#endif
    let anew = begin == first && params.accumulate == 0u;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      if (local.y == 0u && column4 + g < stride) {
        let entry = number * stride + column4 + g;
        feature_partials[entry] = select(feature_partials[entry] + sums[g], sums[g], anew);
      }
    }
    begin += slice_rows;
    if (begin >= last) {
      break;
    }
  }
}
`;
