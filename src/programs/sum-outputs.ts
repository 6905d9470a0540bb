import { sumOutputsRows, sumOutputsShader } from '../../shaders/sum-outputs.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { RowBlock } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { OutputVectors } from './output.ts';

export type SumOutputs = (
  block: RowBlock,
  outputs: GPUBufferBinding,
  points: OutputVectors,
  scale: number,
) => Dispatch;

/** Parts up to which one invocation may sum them all: lavapipe leaves loops after 65,535 rounds in all, without a word. */
const longestSum = 16_384;

/** Invocations that share the parts of four rows. */
export const sumOutputsLanes = (parts: number): number => (parts <= longestSum ? 1 : 32);

/**
 * f = A v · scale (1/√m) and the residual e = f − y for a block of rows, of the parts (outputParts) in which the forward
 * program makes A v. Source: THEORY.md, section 1. rows · parts operations.
 */
export async function compileSumOutputs(gpu: Gpu, parts: number): Promise<SumOutputs> {
  const options = { lanes: sumOutputsLanes(parts) };
  const program = await Program.compile(gpu, 'sum-outputs', sumOutputsShader(options));
  return (block, outputs, { y, f, e }, scale) => ({
    call: program.bind({ outputs, y: y.beside(block), f: f.beside(block), e: e.beside(block) }),
    parameters: { rows: block.rows, parts, scale },
    workgroups: [Math.ceil(block.rows / sumOutputsRows(options))],
    work: 4 * block.rows * (parts + 2),
  });
}
