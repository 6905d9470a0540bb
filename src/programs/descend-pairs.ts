import {
  type DescendPairsOptions,
  descendPairsBuffers,
  descendPairsShader,
} from '../../shaders/descend-pairs.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { compileLayers } from './descending-layers.ts';
import type { Gradient } from './partial-sums.ts';

/** Parameters θ of units r and r + units/2 in pairs: rows of `cols` numbers, padded to multiples of 4, or single entries. */
export interface DescendingPairs {
  /** Of rows; left out for entries. */
  cols?: number;
  /** In pairs; with the option step, as is the rate. */
  gradient?: Gradient;
  rate?: number;
  /** Δ = θ − θ(0) */
  displacement: GPUBufferBinding;
  start: GPUBufferBinding;
  /** θ = θ(0) + Δ */
  position: GPUBufferBinding;
  /** Half the sum and half the difference of each pair's θ, interleaved. */
  pairs: GPUBufferBinding;
}

/** Of so many units, the layers that it was compiled for, in as few dispatches as the device's bindings allow. */
export type DescendPairs = (units: number, layers: readonly DescendingPairs[]) => Dispatch[];

/** Δ ← Δ − rate · g, θ = θ(0) + Δ, and θ in pairs. Source: THEORY.md, section 1. */
export async function compileDescendPairs(
  gpu: Gpu,
  { layers, step }: DescendPairsOptions,
): Promise<DescendPairs> {
  const shape = { layers: layers.length, buffersEach: descendPairsBuffers({ step }) };
  const dispatches = await compileLayers(gpu, 'descend-pairs', shape, (numbers) =>
    descendPairsShader({ layers: numbers.map((number) => layers[number]), step }),
  );
  return (units, all) => {
    const pairs = units / 2;
    const each = all.map(({ cols, gradient, rate = 0, ...bindings }) => {
      const row = cols === undefined ? 1 : strideOf(cols) / 4;
      const partials = gradient?.count ?? 0;
      const partial = (gradient?.floats ?? 0) / (cols === undefined ? 1 : 4);
      return {
        bindings: { ...bindings, gradient: gradient?.binding },
        parameters: { row, rate, partials, partial },
        elements: pairs * row,
        work: (24 + 8 * partials) * pairs * row,
      };
    });
    return dispatches(each, { pairs });
  };
}
