import { type Tile, fittedRows, groupCols, groupRows } from '../../shaders/parts/tile.ts';
import { type TangentOptions, tangentShader } from '../../shaders/tangent.wgsl.ts';
import { transposedTangentShader } from '../../shaders/transposed-tangent.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Vector } from '../gpu/vector.ts';
import type { FactorPair } from './factors.ts';

/** One layer's part: its factors, the direction Δ (units × inputs) that its Jacobian is applied to, and a scale. */
export interface TangentTerm {
  pair: FactorPair;
  direction: GPUBufferBinding;
  scale: number;
}

/** A layer with a left factor of `units` columns (`outer`), and one whose left is 1 and whose right has as many (`plain`). */
export interface TangentTerms {
  units: number;
  outer?: TangentTerm | undefined;
  plain?: TangentTerm | undefined;
}

export type Tangent = (block: RowBlock, terms: TangentTerms, u: Vector) => Dispatch;

/**
 * u_i = scale Σ_r left_ir ⟨Δ_r, right_i⟩ of the outer term + scale ⟨right_i, Δ⟩ of the plain one, for a block of rows. For
 * two layers, with the scales 1/√(md) and 1/√m and (left, right) = (B, X) and (1, A), it is J₁ vec Δ + J₂ δ. Source:
 * THEORY.md, section 3. 2 · rows · units · (inputs + 2) operations; no memory of its own.
 */
export async function compileTangent(
  gpu: Gpu,
  options: TangentOptions,
  tile: Tile,
  inputs: number,
): Promise<Tangent> {
  const { code, rows } = tangentProgram(options, tile, inputs);
  const program = await Program.compile(gpu, 'tangent', code);
  return (block, { units, outer, plain }, u) => ({
    call: program.bind({
      ...(options.first && { X: outer?.pair.right, Delta: outer?.direction, B: outer?.pair.left }),
      ...(options.second && { A: plain?.pair.right, delta: plain?.direction }),
      u: u.beside(block),
    }),
    parameters: {
      rows: block.rows,
      units,
      inputs4: strideOf(inputs) / 4,
      scale1: outer?.scale ?? 0,
      scale2: plain?.scale ?? 0,
    },
    workgroups: spread(gpu, Math.ceil(block.rows / rows)),
    work: block.rows * units * ((options.first ? 2 * strideOf(inputs) + 4 : 0) + (options.second ? 4 : 0)),
  });
}

/**
 * The WGSL, and how many rows of u a workgroup makes. Where quads swap the rows of a tile, the transposed form takes two
 * thirds of the other's time; where each invocation reads them for itself, it takes a quarter more.
 */
export function tangentProgram(
  options: TangentOptions,
  tile: Tile,
  inputs: number,
): { code: string; rows: number } {
  if (tile.loads !== 'subgroup') return { code: tangentShader(options, tile), rows: groupRows(tile) };
  const fitted = fittedRows(tile, inputs);
  const whole = fitted.rows === strideOf(inputs);
  return { code: transposedTangentShader({ ...options, whole }, fitted), rows: groupCols(fitted) };
}
