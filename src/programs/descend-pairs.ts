import {
  type DescendPairsOptions,
  descendPairsShader,
  descendPairsWorkgroup,
} from '../../shaders/descend-pairs.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Gradient } from './partial-sums.ts';

/** Parameters θ of units r and r + units/2 in pairs: rows of `cols` numbers, padded to multiples of 4, or single entries. */
export interface DescendingPairs {
  units: number;
  /** Of rows; left out for entries. */
  cols?: number;
  /** In pairs; with the option step. */
  gradient?: Gradient;
  /** Δ = θ − θ(0) */
  displacement: GPUBufferBinding;
  start: GPUBufferBinding;
  /** θ = θ(0) + Δ */
  position: GPUBufferBinding;
  /** Half the sum and half the difference of each pair's θ, interleaved. */
  pairs: GPUBufferBinding;
}

export type DescendPairs = (parameters: DescendingPairs, rate?: number) => Dispatch;

/** Δ ← Δ − rate · g, θ = θ(0) + Δ, and θ in pairs. Source: THEORY.md, section 1. */
export async function compileDescendPairs(gpu: Gpu, options: DescendPairsOptions): Promise<DescendPairs> {
  const program = await Program.compile(gpu, 'descend-pairs', descendPairsShader(options));
  return ({ units, cols, gradient, ...bindings }, rate = 0) => {
    const [pairs, row] = [units / 2, cols === undefined ? 1 : strideOf(cols) / 4];
    const count = gradient?.count ?? 0;
    const partial = (gradient?.floats ?? 0) / (cols === undefined ? 1 : 4);
    return {
      call: program.bind({ ...bindings, gradient: gradient?.binding }),
      parameters: { pairs, row, rate, partials: count, partial },
      workgroups: spread(gpu, Math.ceil((pairs * row) / descendPairsWorkgroup)),
      work: (24 + 8 * count) * pairs * row,
    };
  };
}
