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

/** The features that a readout takes, and the readout: f = A v · scale. */
export interface Readout {
  A: GPUBufferBinding;
  v: Vector;
}

/** `other`: the second tower's; with the option towers. `scale`: 1/√m, where m = v.length, unless given. */
export type Output = (
  block: RowBlock,
  { A, v }: Readout,
  points: OutputVectors,
  other?: Readout,
  scale?: number,
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
 * f = A v/√m and the residual e = f − y for a block of rows, m = v.length. `lanes`: see outputLanes. With `towers` it is
 * f = (A v + A′ v′) · scale, and 0 to the last bit where A′ = A and v′ = −v.
 * Source: THEORY.md, section 1; THEORY-DEEP.md, section (a). 2 · rows · m operations a tower.
 */
export async function compileOutput(gpu: Gpu, options: OutputOptions): Promise<Output> {
  const program = await Program.compile(gpu, 'output', outputShader(options));
  return (block, { A, v }, { y, f, e }, other, scale = 1 / Math.sqrt(v.length)) => ({
    call: program.bind({
      A,
      v: v.binding,
      y: y.beside(block),
      f: f.beside(block),
      e: e.beside(block),
      ...(options.towers && { A_other: other?.A, v_other: other?.v.binding }),
    }),
    parameters: { rows: block.rows, units4: strideOf(v.length) / 4, scale },
    workgroups: [Math.ceil(block.rows / outputRows(options))],
    work: (options.towers ? 16 : 8) * block.rows * v.length,
  });
}
