import { sumSlicesShader, sumSlicesWorkgroup } from '../../shaders/sum-slices.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';

/** `length`: floats in a slice, a multiple of 4. `accumulate`: add to the total of earlier blocks of rows. */
export type SumSlices = (
  slices: GPUBufferBinding,
  total: GPUBufferBinding,
  length: number,
  count: number,
  accumulate: boolean,
) => Dispatch;

/** total ← (total +) Σ_s slices[s], the end of every sum over rows here. */
export async function compileSumSlices(gpu: Gpu): Promise<SumSlices> {
  const program = await Program.compile(gpu, 'sum-slices', sumSlicesShader());
  return (slices, total, length, count, accumulate) => ({
    call: program.bind({ slices, total }),
    parameters: { length4: length / 4, slices: count, accumulate: Number(accumulate) },
    workgroups: spread(gpu, Math.ceil(length / 4 / sumSlicesWorkgroup)),
    work: 4 * length * (count + 1),
  });
}
