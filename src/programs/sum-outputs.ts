import { sumOutputsShader, sumOutputsWorkgroup } from '../../shaders/sum-outputs.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { OutputVectors } from './output.ts';

/** `parts`: how many there are of a block's outputs (outputParts). `scale`: 1/√m. */
export type SumOutputs = (
  block: RowBlock,
  outputs: GPUBufferBinding,
  parts: number,
  points: OutputVectors,
  scale: number,
) => Dispatch;

/**
 * f = A v · scale and the residual e = f − y for a block of rows, of the parts in which the forward program makes A v.
 * Source: THEORY.md, section 1. rows · parts operations.
 */
export async function compileSumOutputs(gpu: Gpu): Promise<SumOutputs> {
  const program = await Program.compile(gpu, 'sum-outputs', sumOutputsShader());
  return (block, outputs, parts, { y, f, e }, scale) => ({
    call: program.bind({ outputs, y: y.beside(block), f: f.beside(block), e: e.beside(block) }),
    parameters: { rows: block.rows, parts, scale },
    workgroups: [Math.ceil(strideOf(block.rows) / 4 / sumOutputsWorkgroup)],
    work: 4 * block.rows * (parts + 2),
  });
}
