import { type DescendOptions, descendShader, descendWorkgroup } from '../../shaders/descend.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Gradient } from './partial-sums.ts';

/** Parameters θ that descend: rows × cols with rows padded to multiples of 4 floats. */
export interface Descending {
  rows: number;
  cols: number;
  gradient: Gradient;
  /** Δ = θ − θ(0) */
  displacement: GPUBufferBinding;
  /** θ(0) and θ; with the option position. */
  start?: GPUBufferBinding;
  position?: GPUBufferBinding;
}

export type Descend = (parameters: Descending, rate: number) => Dispatch;

/** Δ ← Δ − rate · g and θ = θ(0) + Δ. Source: THEORY.md, section 1. */
export async function compileDescend(gpu: Gpu, options: DescendOptions): Promise<Descend> {
  const program = await Program.compile(gpu, 'descend', descendShader(options));
  return ({ rows, cols, gradient, ...bindings }, rate) => {
    const length4 = (rows * strideOf(cols)) / 4;
    const { binding, count, floats } = gradient;
    return {
      call: program.bind({ ...bindings, gradient: binding }),
      parameters: { length4, rate, partials: count, partial: floats / 4 },
      workgroups: spread(gpu, Math.ceil(length4 / descendWorkgroup)),
      work: (12 + 4 * count) * length4,
    };
  };
}
