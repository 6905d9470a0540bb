import { type Tile, fittedRows, groupCols, groupRows, sharesRows } from '../../shaders/parts/tile.ts';
import { type TangentOptions, tangentShader } from '../../shaders/tangent.wgsl.ts';
import { transposedTangentShader } from '../../shaders/transposed-tangent.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { FactorPair } from './factors.ts';
import { fillingNumbers } from './partial-sums.ts';

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

/** In how many partial sums a sum over units is made, and how many widths of a tile's workgroup the units of each take. */
export interface TangentSums {
  readonly count: number;
  readonly tiles: number;
}

/** Where u goes, whether it is added there, and in which partial sums of strideOf(rows) floats, if any: sum-slices adds these. */
export interface TangentTarget {
  readonly u: GPUBufferBinding;
  readonly accumulate?: boolean;
  readonly sums?: TangentSums | undefined;
}

/** Several dispatches one after the other where one would make too many rounds of its loops; see mostRounds. */
export type Tangent = (block: RowBlock, terms: TangentTerms, target: TangentTarget) => readonly Dispatch[];

/** Of the layers that a tangent is of. */
export interface TangentSizes {
  readonly units: number;
  readonly inputs: number;
}

/**
 * Rounds of loops that a dispatch makes at most on a processor: lavapipe leaves every loop after 65,535 rounds of all of them, without a
 * word. Some hundreds are for what the lanes make of a row.
 */
const mostRounds = 65_000;

/** Multiply-adds of a GPU's workgroup that take about as long as the dispatch more that adds partial sums. */
const dispatchWork = 2 ** 21;
/** Multiply-adds that a GPU makes while it reads a float. */
const readWork = 50;

/**
 * The partial sums of u for blocks of so many rows. A GPU has workgroups for every few rows, too few where rows are some
 * thousands: there it has several for the same rows, as many as keep it busy, of no less work than another dispatch is
 * worth. One on a processor, whose cores are few, and where subgroups share rows. (On no GPU timed yet.)
 */
export function tangentSums(
  { adapter }: Gpu,
  { first, second }: TangentOptions,
  tile: Tile,
  { rows, units, inputs }: { rows: number; units: number; inputs: number },
): TangentSums {
  const tiles = Math.ceil(units / groupCols(tile));
  const perUnit = (first ? inputs + readWork : 0) + (second ? readWork : 0);
  const worth = Math.floor((groupRows(tile) * units * perUnit) / dispatchWork);
  const filling = Math.floor(fillingNumbers(adapter) / (rows * groupCols(tile)));
  const wanted = adapter.software || sharesRows(tile) ? 1 : Math.min(tiles, worth, filling);
  const each = Math.ceil(tiles / Math.max(1, wanted));
  return { count: Math.ceil(tiles / each), tiles: each };
}

/**
 * u_i = scale Σ_r left_ir ⟨Δ_r, right_i⟩ of the outer term + scale ⟨right_i, Δ⟩ of the plain one, for a block of rows. For
 * two layers, with the scales 1/√(md) and 1/√m and (left, right) = (B, X) and (1, A), it is J₁ vec Δ + J₂ δ. Source:
 * THEORY.md, section 3. 2 · rows · units · (inputs + 2) operations; no memory of its own. Where subgroups
 * share rows, there are no partial sums.
 */
export async function compileTangent(
  gpu: Gpu,
  options: TangentOptions,
  tile: Tile,
  sizes: TangentSizes,
): Promise<Tangent> {
  const { code, rows, transposed } = tangentProgram(options, tile, sizes);
  const program = await Program.compile(gpu, 'tangent', code);
  const inputs4 = strideOf(sizes.inputs) / 4;
  const most =
    gpu.adapter.software && !transposed ? Math.max(1, Math.floor(mostRounds / (inputs4 + 1))) : Infinity;
  return (block, { units, outer, plain }, { u, accumulate = false, sums }) => {
    const tiles = Math.ceil(units / groupCols(tile));
    const each = sums?.tiles ?? Math.min(tiles, most);
    const call = program.bind({
      ...(options.first && { X: outer?.pair.right, Delta: outer?.direction, B: outer?.pair.left }),
      ...(options.second && { A: plain?.pair.right, delta: plain?.direction }),
      u,
    });
    const count = sums ? 1 : Math.ceil(tiles / each);
    const perUnit = (options.first ? 2 * strideOf(sizes.inputs) + 4 : 0) + (options.second ? 4 : 0);
    return Array.from({ length: count }, (_, part) => ({
      call,
      parameters: {
        rows: block.rows,
        units,
        inputs4,
        scale1: outer?.scale ?? 0,
        scale2: plain?.scale ?? 0,
        accumulate: Number(accumulate || part > 0),
        first_tile: part * each,
        partial_tiles: each,
        partial: sums ? strideOf(block.rows) : block.rows,
      },
      workgroups: [...spread(gpu, Math.ceil(block.rows / rows)), sums?.count ?? 1],
      work: (block.rows * units * perUnit) / count,
    }));
  };
}

/**
 * The WGSL, and how many rows of u a workgroup makes. Where a subgroup shares the rows of a tile, the transposed form takes two
 * thirds of the other's time; where each invocation reads them for itself, it takes a quarter more. It cannot be had in several
 * dispatches, and so not where it makes too many rounds, but of quads, which have no other.
 */
export function tangentProgram(
  options: TangentOptions,
  tile: Tile,
  { units, inputs }: TangentSizes,
): { code: string; rows: number; transposed: boolean } {
  const fitted = fittedRows(tile, inputs);
  const units4 = strideOf(units) / 4;
  const rounds = Math.ceil(strideOf(inputs) / fitted.rows) * (units4 + 1) + units4;
  if (!sharesRows(tile) || (tile.loads === 'broadcast' && rounds > mostRounds)) {
    return { code: tangentShader(options, tile), rows: groupRows(tile), transposed: false };
  }
  const whole = fitted.rows === strideOf(inputs);
  return {
    code: transposedTangentShader({ ...options, whole }, fitted),
    rows: groupCols(fitted),
    transposed: true,
  };
}
