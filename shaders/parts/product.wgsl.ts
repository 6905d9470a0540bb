import { each } from './each.ts';
import {
  stagedColumnProducts,
  stagedMemory,
  stagedProducts,
  stagedRowProducts,
} from './staged-product.wgsl.ts';
import { type Operand, type Tile, eachTileEntry, load } from './tile.ts';

/** What a program with this tile begins with. */
export function tileHeader(tile: Tile): string {
  switch (tile.loads) {
    case 'direct':
      return '';
    case 'subgroup':
      return 'enable subgroups;\n';
    case 'workgroup':
      return stagedMemory(tile);
  }
}

/** Parameters of `main` that the parts below read. */
export const tileBuiltins = ({ loads }: Tile): string => `
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,${
    loads === 'subgroup' ? '\n  @builtin(subgroup_invocation_id) lane: u32,' : ''
  }`;

/** Declares `turn`, by which tileRow tells the rows of an invocation. */
export const tileTurn = ({ loads }: Tile): string => (loads === 'subgroup' ? 'let turn = lane % 4u;' : '');

/** What neighbour number `turn ^ j` of its quad has as `own`. */
const swapped = (own: string, j: number): string =>
  [own, `quadSwapX(${own})`, `quadSwapY(${own})`, `quadSwapDiagonal(${own})`][j];

/** The vec4s NAMEi_g of a tile as one array, row by row. */
export const tileEntries = ({ rows, cols4 }: Tile, name: string): string =>
  `array<vec4<f32>, ${rows * cols4}>(${Array.from({ length: rows * cols4 }, (_, t) => `${name}${Math.floor(t / cols4)}_${t % cols4}`).join(', ')})`;

/** Declares what a loop reads again and again, which in a uniform is a load each time where nothing moves it out. */
const constants = (name: string, values: Record<string, string>): string =>
  Object.entries(values)
    .map(([key, value]) => `let ${name}_${key} = ${value};`)
    .join(' ');

/** Where the rows of the tile begin in P, for eachRow. */
function rowOffsets({ rows, loads }: Tile, name: string, { stride }: Operand): string {
  return loads === 'direct'
    ? each(rows, (i) => `let ${name}_p${i} = min(row + ${i}u, last_row) * ${stride};`)
    : each(rows / 4, (b) => `let ${name}_p${b} = min(row + ${4 * b}u + turn, last_row) * ${stride};`);
}

/** A line for each i, with vec4 number k of row tileRow(i) of the tile's rows of P as `p` in scope. */
function eachRow({ rows, loads }: Tile, name: string, P: Operand, line: (i: number) => string): string {
  return loads === 'direct'
    ? each(rows, (i) => `{ let p = ${load(P, `${name}_p${i} + k`)}; ${line(i)} }`)
    : each(
        rows / 4,
        (b) => `let own${b} = ${load(P, `${name}_p${b} + k`)};
    ${each(4, (i) => `{ let p = ${swapped(`own${b}`, i)}; ${line(4 * b + i)} }`)}`,
      );
}

/**
 * A tile of P Qᵀ: declares vec4s NAMEi_g, whose component c is ⟨p_{row + tileRow(i)}, q_{column + 4g + c}⟩.
 *
 * In scope: tileTurn; `row` and `column`, where the tile begins; `last_row` and `last_column`, which the rows and
 * columns past the end repeat. `length`: vec4s in a row.
 */
export function rowProducts(tile: Tile, name: string, P: Operand, Q: Operand, length: string): string {
  if (tile.loads === 'workgroup') return stagedRowProducts(tile, name, P, Q, length);
  const { cols4 } = tile;
  const entry = (c: number) => load(Q, `${name}_q${c} + k`);
  return `
  ${each(4 * cols4, (c) => `let ${name}_q${c} = min(column + ${c}u, last_column) * ${Q.stride};`)}
  ${rowOffsets(tile, name, P)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  ${constants(name, { length })}
  for (var k = 0u; k < ${name}_length; k++) {
    ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(4 * g + c)).join(', ')});`)}
    // Row vector times matrix: component c is the product with q_c over these four entries.
    ${eachRow(tile, name, P, (i) => each(cols4, (g) => `${name}${i}_${g} += p * q${g};`))}
  }`;
}

/**
 * A tile of P Q: declares vec4s NAMEi_g, whose component c is Σ_k P_{row + tileRow(i), k} Q_{k, column + 4g + c}.
 *
 * In scope: tileTurn; `row` and `column4`, where the tile begins, columns in vec4s; `last_row` and `last_column4`, which those
 * past the end repeat. `length`: vec4s in a row of P, padded with zeros; `last`: the last row of Q, which stands where
 * P has its padding.
 */
export function products(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { length: string; last: string },
): string {
  if (tile.loads === 'workgroup') return stagedProducts(tile, name, P, Q, range);
  const { cols4 } = tile;
  const entry = (c: number, g: number) => load(Q, `q_row${c} + ${name}_q${g}`);
  return `
  ${each(cols4, (g) => `let ${name}_q${g} = min(column4 + ${g}u, last_column4);`)}
  ${rowOffsets(tile, name, P)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  ${constants(name, { ...range, q_stride: Q.stride })}
  for (var k = 0u; k < ${name}_length; k++) {
    ${each(4, (c) => `let q_row${c} = min(4u * k + ${c}u, ${name}_last) * ${name}_q_stride;`)}
    ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(c, g)).join(', ')});`)}
    // Matrix times column vector: these four entries of the row of P times four rows of Q.
    ${eachRow(tile, name, P, (i) => each(cols4, (g) => `${name}${i}_${g} += q${g} * p;`))}
  }`;
}

/** Where the vec4s of the tile begin in the rows of P, for transposedRows. */
function transposedOffsets({ rows, loads }: Tile, name: string): string {
  const offset = (b: number, at: string) => `let ${name}_p${b} = min(row4 + ${at}, last_row4);`;
  if (loads === 'direct') return each(rows / 4, (b) => offset(b, `${b}u`));
  const whole = Math.floor(rows / 16);
  return `${each(whole, (q) => offset(4 * q, `${4 * q}u + turn`))}
  ${each(rows / 4 - 4 * whole, (j) => offset(4 * whole + j, `${4 * whole + j}u`))}`;
}

/**
 * Declares `k0` … `k3` from `k`, repeating the last row past the end, and of these rows of P what belongs to the tile: pB_s,
 * vec4 tileRow4(B) of row k_s. A quad swaps four vec4s of each row; of a vec4 that is left over its invocations read a row
 * each.
 */
function transposedRows({ rows, loads }: Tile, name: string, P: Operand, k: string): string {
  const at = (row: string, b: number) => load(P, `${row} + ${name}_p${b}`);
  const fours = loads === 'direct' ? 0 : Math.floor(rows / 16);
  const others = Array.from({ length: rows / 4 - 4 * fours }, (_, j) => 4 * fours + j);
  const read = others.map((b) =>
    loads === 'direct'
      ? each(4, (s) => `let p${b}_${s} = ${at(`p_row${s}`, b)};`)
      : `let left${b} = ${at('p_row_turn', b)};
    ${each(4, (s) => `let p${b}_${s} = quadBroadcast(left${b}, ${s}u);`)}`,
  );
  return `${each(4, (s) => `let k${s} = min(${k} + ${s}u, ${name}_last);`)}
    ${each(4, (s) => `let p_row${s} = k${s} * ${name}_p_stride;`)}
    ${loads === 'subgroup' ? `let p_row_turn = min(${k} + turn, ${name}_last) * ${name}_p_stride;` : ''}
    ${each(4, (s) =>
      each(
        fours,
        (q) => `let own${q}_${s} = ${at(`p_row${s}`, 4 * q)};
    ${each(4, (j) => `let p${4 * q + j}_${s} = ${swapped(`own${q}_${s}`, j)};`)}`,
      ),
    )}
    ${read.join('\n    ')}`;
}

/** Of the rows k0 … k3, what belongs to entries i of the tile. */
const fourRows = (i: number): string => [0, 1, 2, 3].map((s) => `p${i >> 2}_${s}[${i & 3}]`).join(', ');

/**
 * A tile of Pᵀ Qᵀ: declares vec4s NAMEi_g, whose component c is
 *
 *     Σ_k P_{k, 4 (row4 + tileRow4(i/4)) + i%4} Q_{column + 4g + c, k}.
 *
 * Not for tiles through workgroup memory. In scope: tileTurn; `row4`, where the tile begins in vec4s, and `column`;
 * `last_row4` and `last_column`, which those past the end repeat. `length`: vec4s in a row of Q, padded with zeros; `last`:
 * the last row of P, which stands where Q has its padding.
 */
export function transposedProducts(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { length: string; last: string },
): string {
  const { rows, cols4 } = tile;
  const entry = (c: number) => load(Q, `${name}_q${c} + k`);
  return `
  ${transposedOffsets(tile, name)}
  ${each(4 * cols4, (c) => `let ${name}_q${c} = min(column + ${c}u, last_column) * ${Q.stride};`)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  ${constants(name, { ...range, p_stride: P.stride })}
  for (var k = 0u; k < ${name}_length; k++) {
    ${transposedRows(tile, name, P, '4u * k')}
    ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(4 * g + c)).join(', ')});`)}
    ${each(rows, (i) => `{ let p = vec4<f32>(${fourRows(i)}); ${each(cols4, (g) => `${name}${i}_${g} += p * q${g};`)} }`)}
  }`;
}

/**
 * A tile of Pᵀ diag(w) Q, summed over the rows k of both with begin ≤ k < end: declares vec4s NAMEi_g, whose component
 * c is Σ_k w_k P_{k, 4 (row4 + tileRow4(i/4)) + i%4} Q_{k, column + 4g + c}. `weight`: WGSL of w_k.
 *
 * In scope: tileTurn; `row4` and `column4`, where the tile begins in vec4s; `last_row4` and `last_column4`, which the vec4s past
 * the end repeat. Four rows are taken at a time, so that a sum is fetched and put back once for four products; rows past
 * the end repeat the last one with the weight 0.
 */
export function columnProducts(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { begin: string; end: string },
  weight: (k: string) => string,
): string {
  if (tile.loads === 'workgroup') return stagedColumnProducts(tile, name, P, Q, range, weight);
  const { rows, cols4 } = tile;
  const { begin, end } = range;
  const entry = (s: number, g: number) => `${load(Q, `q_row${s} + ${name}_q${g}`)} * weight${s}`;
  return `
  ${transposedOffsets(tile, name)}
  ${each(cols4, (g) => `let ${name}_q${g} = min(column4 + ${g}u, last_column4);`)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  ${constants(name, { end, last: `${end} - 1u`, p_stride: P.stride, q_stride: Q.stride })}
  for (var k = ${begin}; k < ${name}_end; k += 4u) {
    ${transposedRows(tile, name, P, 'k')}
    ${each(4, (s) => `let weight${s} = select(0.0, ${weight(`k${s}`)}, k + ${s}u < ${name}_end);`)}
    ${each(4, (s) => `let q_row${s} = k${s} * ${name}_q_stride;`)}
    ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((s) => entry(s, g)).join(', ')});`)}
    ${each(rows, (i) => `{ let p = vec4<f32>(${fourRows(i)}); ${each(cols4, (g) => `${name}${i}_${g} += q${g} * p;`)} }`)}
  }`;
}
