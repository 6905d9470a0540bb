import { type DescendOptions, descendBuffers, descendShader } from '../../shaders/descend.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { compileLayers } from './descending-layers.ts';
import type { Gradient } from './partial-sums.ts';

/** Parameters θ that descend: rows × cols with rows padded to multiples of 4 floats. */
export interface Descending {
  rows: number;
  cols: number;
  gradient: Gradient;
  rate: number;
  /** Δ = θ − θ(0) */
  displacement: GPUBufferBinding;
  /** θ(0) and θ; with the option position. */
  start?: GPUBufferBinding;
  position?: GPUBufferBinding;
}

/** Of as many layers as it was compiled for, in as few dispatches as the device's bindings allow. */
export type Descend = (layers: readonly Descending[]) => Dispatch[];

/** Δ ← Δ − rate · g and θ = θ(0) + Δ. Source: THEORY.md, section 1. */
export async function compileDescend(gpu: Gpu, { layers, position }: DescendOptions): Promise<Descend> {
  const shape = { layers, buffersEach: descendBuffers({ position }) };
  const dispatches = await compileLayers(gpu, 'descend', shape, ({ length }) =>
    descendShader({ layers: length, position }),
  );
  return (all) =>
    dispatches(
      all.map(({ rows, cols, gradient: { binding, count, floats }, rate, ...bindings }) => {
        const length4 = (rows * strideOf(cols)) / 4;
        return {
          bindings: { ...bindings, gradient: binding },
          parameters: { length4, rate, partials: count, partial: floats / 4 },
          elements: length4,
          work: (12 + 4 * count) * length4,
        };
      }),
    );
}
