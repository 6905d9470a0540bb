import { outputRows, outputShader } from '../../shaders/output.wgsl.ts';
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

export type Output = (block: RowBlock, A: GPUBufferBinding, v: Vector, points: OutputVectors) => Dispatch;

/** Units up to which one invocation may sum them all: lavapipe leaves a loop after 65,535 rounds, without a word. */
const longestSum = 131_072;

/**
 * Invocations that share the units of a row. A GPU reads what neighbours want together, and has invocations to spare; a
 * processor does best by long sums.
 */
export const outputLanes = ({ adapter }: Gpu, units: number): number =>
  adapter.software && units <= longestSum ? 1 : 32;

/**
 * f = A v/√m and the residual e = f − y for a block of rows, m = v.length. `lanes`: see outputLanes.
 * Source: THEORY.md, section 1. 2 · rows · m operations.
 */
export async function compileOutput(gpu: Gpu, lanes: number): Promise<Output> {
  const program = await Program.compile(gpu, 'output', outputShader({ lanes }));
  return (block, A, v, { y, f, e }) => ({
    call: program.bind({ A, v: v.binding, y: y.beside(block), f: f.beside(block), e: e.beside(block) }),
    parameters: {
      rows: block.rows,
      units4: strideOf(v.length) / 4,
      scale: 1 / Math.sqrt(v.length),
    },
    workgroups: [Math.ceil(block.rows / outputRows({ lanes }))],
    work: 8 * block.rows * v.length,
  });
}
