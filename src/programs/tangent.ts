import { type Tile, fittedRows, groupCols, groupRows } from '../../shaders/parts/tile.ts';
import { type TangentOptions, tangentShader } from '../../shaders/tangent.wgsl.ts';
import { transposedTangentShader } from '../../shaders/transposed-tangent.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Vector } from '../gpu/vector.ts';

/** What the Jacobian is made of at a block of points: B = φ′(Z) diag(v) and φ(Z), rows × units, each where its layer asks. */
export interface TangentHidden {
  B?: GPUBufferBinding;
  A?: GPUBufferBinding;
}

/** The direction: Δ (units × inputs) and δ (units). */
export interface TangentDirection {
  Delta?: GPUBufferBinding;
  delta?: Vector;
}

export type Tangent = (
  X: RowBlock,
  hidden: TangentHidden,
  direction: TangentDirection,
  units: number,
  scales: { first: number; second: number },
  u: Vector,
) => Dispatch;

/**
 * u_i = first Σ_r B_ir ⟨Δ_r, x_i⟩ + second Σ_r A_ir δ_r for a block of rows. With the scales 1/√(md) and 1/√m it is
 * J₁ vec Δ + J₂ δ. Source: THEORY.md, section 3. 2 · rows · units · (inputs + 2) operations; no memory of its own.
 */
export async function compileTangent(
  gpu: Gpu,
  options: TangentOptions,
  tile: Tile,
  inputs: number,
): Promise<Tangent> {
  const { code, rows } = tangentProgram(options, tile, inputs);
  const program = await Program.compile(gpu, 'tangent', code);
  return (X, { B, A }, { Delta, delta }, units, scales, u) => ({
    call: program.bind({
      ...(options.first && { X: X.binding, Delta, B }),
      ...(options.second && { A, delta: delta?.binding }),
      u: u.beside(X),
    }),
    parameters: {
      rows: X.rows,
      units,
      inputs4: strideOf(inputs) / 4,
      scale1: scales.first,
      scale2: scales.second,
    },
    workgroups: spread(gpu, Math.ceil(X.rows / rows)),
    work: X.rows * units * ((options.first ? 2 * strideOf(inputs) + 4 : 0) + (options.second ? 4 : 0)),
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
