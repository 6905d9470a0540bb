import { targetShader, targetWorkgroup } from '../../shaders/target.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import { spread } from '../gpu/spread.ts';

/** A target that is a function of one or two directions (THEORY.md, section 2). */
export type DirectionTarget =
  | { readonly kind: 'sign-linear' }
  | { readonly kind: 'sign-quadratic'; readonly lambda: number }
  /** Σ a_k² = 1 */
  | { readonly kind: 'hermite'; readonly coefficients: readonly [number, number, number] };

/** Unit directions of a target; c is used by sign-quadratic alone. */
export interface Directions {
  b: Vector;
  c: Vector;
}

export type Target = (X: RowBlock, directions: Directions, y: Vector) => Dispatch;

/**
 * y_i for a block of rows of X, by one of (THEORY.md, section 2):
 *
 *     sign(bᵀx)      sign(bᵀx + λ((cᵀx)² − 1))      a₁s + a₂(s² − 1)/√2 + a₃(s³ − 3s)/√6, s = bᵀx
 *
 * with sign(0) = 1. 4 · rows · d operations.
 */
export async function compileTarget(gpu: Gpu, target: DirectionTarget): Promise<Target> {
  const program = await Program.compile(gpu, `target ${target.kind}`, targetShader(target.kind));
  const settings = settingsOf(target);
  return (X, { b, c }, y) => ({
    call: program.bind({
      X: X.binding,
      b: b.binding,
      c: target.kind === 'sign-quadratic' ? c.binding : undefined,
      y: y.beside(X),
    }),
    parameters: { rows: X.rows, inputs4: strideOf(b.length) / 4, ...settings },
    workgroups: spread(gpu, Math.ceil(X.rows / targetWorkgroup)),
    work: 4 * X.rows * strideOf(b.length),
  });
}

function settingsOf(target: DirectionTarget): Record<string, number> {
  switch (target.kind) {
    case 'sign-linear':
      return {};
    case 'sign-quadratic':
      return { lambda: target.lambda };
    case 'hermite': {
      const [a1, a2, a3] = target.coefficients;
      return { a1, a2, a3 };
    }
  }
}
