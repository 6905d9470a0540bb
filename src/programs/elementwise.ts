import {
  type ElementwiseOperation,
  elementwiseShader,
  elementwiseWorkgroup,
} from '../../shaders/elementwise.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';

export interface ElementwiseOperands {
  x: GPUBufferBinding;
  /** With the operation "sum" only. */
  y?: GPUBufferBinding;
  out: GPUBufferBinding;
}

/** `length`: floats, a multiple of 4: the padding of vectors and hidden blocks takes part. */
export type Elementwise = (
  operands: ElementwiseOperands,
  length: number,
  factors: { a: number; b: number },
) => Dispatch;

/** out = a x + b y ("sum") or out = a x + b out ("accumulate"), entry by entry. */
export async function compileElementwise(gpu: Gpu, operation: ElementwiseOperation): Promise<Elementwise> {
  const program = await Program.compile(gpu, `elementwise ${operation}`, elementwiseShader(operation));
  return (operands, length, { a, b }) => ({
    call: program.bind({ ...operands }),
    parameters: { length4: length / 4, a, b },
    workgroups: spread(gpu, Math.ceil(length / 4 / elementwiseWorkgroup)),
    work: 4 * length,
  });
}
