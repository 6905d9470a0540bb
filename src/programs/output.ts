import { type OutputOptions, outputRows, outputShader } from '../../shaders/output.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';

export interface OutputVectors {
  y: Vector;
  f: Vector;
  e: Vector;
}

/** The features that the readout of a tower takes, and the readout. */
export interface Readout {
  A: GPUBufferBinding;
  v: Vector;
}

/** Of both towers. */
export type Output = (
  block: RowBlock,
  towers: readonly [Readout, Readout],
  points: OutputVectors,
  scale: number,
) => Dispatch;

/** Units up to which one invocation may sum them all: lavapipe leaves a loop after 65,535 rounds, without a word. */
const longestSum = 131_072;

/**
 * Invocations that share the units of a row. A GPU reads what neighbours want together, and has invocations to spare; a
 * processor does best by long sums.
 */
export const outputLanes = ({ adapter }: Gpu, units: number): number =>
  adapter.software && units <= longestSum ? 1 : 32;

/**
 * f = (A v + A′ v′) · scale and the residual e = f − y for a block of rows; f is 0 to the last bit where A′ = A and v′ = −v.
 * `lanes`: see outputLanes. Source: THEORY-DEEP.md, section (a). 4 · rows · units operations.
 */
export async function compileOutput(gpu: Gpu, options: OutputOptions): Promise<Output> {
  const program = await Program.compile(gpu, 'output', outputShader(options));
  return (block, [one, other], { y, f, e }, scale) => ({
    call: program.bind({
      A: one.A,
      v: one.v.binding,
      A_other: other.A,
      v_other: other.v.binding,
      y: y.beside(block),
      f: f.beside(block),
      e: e.beside(block),
    }),
    parameters: { rows: block.rows, units4: strideOf(one.v.length) / 4, scale },
    workgroups: [Math.ceil(block.rows / outputRows(options))],
    work: 16 * block.rows * one.v.length,
  });
}
