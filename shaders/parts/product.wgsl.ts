import { each } from './each.ts';
import type { Tile } from './tile.ts';

/** An operand in the names of the shader: a buffer of vec4s and how many of them a row has. */
export interface Operand {
  readonly buffer: string;
  readonly stride: string;
}

/** What a program with this tile begins with. */
export const tileExtensions = ({ loads }: Tile): string =>
  loads === 'subgroup' ? 'enable subgroups;\n' : '';

/** Parameters of `main` that the parts below read. */
export const tileBuiltins = ({ loads }: Tile): string => `
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,${
    loads === 'subgroup' ? '\n  @builtin(subgroup_invocation_id) lane: u32,' : ''
  }`;

/** A line for each vec4 of the tile: row i, columns 4g … 4g + 3. */
export const eachTileEntry = ({ rows, cols4 }: Tile, line: (i: number, g: number) => string): string =>
  each(rows * cols4, (t) => line(Math.floor(t / cols4), t % cols4));

/** The vec4s NAMEi_g of a tile as one array, row by row. */
export const tileEntries = ({ rows, cols4 }: Tile, name: string): string =>
  `array<vec4<f32>, ${rows * cols4}>(${Array.from({ length: rows * cols4 }, (_, t) => `${name}${Math.floor(t / cols4)}_${t % cols4}`).join(', ')})`;

/**
 * A tile of P Qᵀ: declares vec4s NAMEi_g, whose component c is ⟨p_{row + i}, q_{column + 4g + c}⟩.
 *
 * In scope: `row` and `column`, where the tile begins; `last_row` and `last_column`, which the rows and columns past
 * the end repeat. `length`: vec4s in a row. `weight`: a WGSL expression in k that multiplies Q's vec4 number k.
 */
export function rowProducts(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  length: string,
  weight?: string,
): string {
  const { rows, cols4, loads } = tile;
  const columns = 4 * cols4;
  const entry = (c: number) => `${Q.buffer}[${name}_q${c} + k]${weight ? ' * weight' : ''}`;
  // Row vector times matrix: component c is the product with q_c over these four entries.
  const add = (i: number) => each(cols4, (g) => `${name}${i}_${g} += p * q${g};`);
  return `
  ${each(columns, (c) => `let ${name}_q${c} = min(column + ${c}u, last_column) * ${Q.stride};`)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  ${
    loads === 'direct'
      ? each(rows, (i) => `let ${name}_p${i} = min(row + ${i}u, last_row) * ${P.stride};`)
      : each(rows / 4, (b) => `let ${name}_p${b} = min(row + ${4 * b}u + lane % 4u, last_row) * ${P.stride};`)
  }
  for (var k = 0u; k < ${length}; k++) {
    ${weight ? `let weight = ${weight};` : ''}
    ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(4 * g + c)).join(', ')});`)}
    ${
      loads === 'direct'
        ? each(rows, (i) => `{ let p = ${P.buffer}[${name}_p${i} + k]; ${add(i)} }`)
        : each(
            rows / 4,
            (b) => `let own${b} = ${P.buffer}[${name}_p${b} + k];
    ${each(4, (i) => `{ let p = subgroupBroadcast(own${b}, ${i}u); ${add(4 * b + i)} }`)}`,
          )
    }
  }`;
}

/**
 * A tile of Pᵀ diag(w) Q, summed over the rows k of both with begin ≤ k < end: declares vec4s NAMEi_g, whose component c
 * is Σ_k w_k P_{k, row + i} Q_{k, column + 4g + c}. `weight`: a WGSL expression in k.
 *
 * In scope: `row4` and `column4`, where the tile begins in vec4s; `last_row4` and `last_column4`, which the vec4s past
 * the end repeat.
 */
export function columnProducts(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { begin: string; end: string },
  weight: string,
): string {
  const { rows, cols4, loads } = tile;
  const load = ({ buffer, stride }: Operand, at: string) => `${buffer}[k * ${stride} + ${at}]`;
  const left =
    loads === 'direct'
      ? each(rows / 4, (b) => `let p${b} = ${load(P, `${name}_p${b}`)};`)
      : `let own = ${load(P, `${name}_p`)};
    ${each(rows / 4, (b) => `let p${b} = subgroupBroadcast(own, ${b}u);`)}`;
  return `
  ${each(cols4, (g) => `let ${name}_q${g} = min(column4 + ${g}u, last_column4);`)}
  ${
    loads === 'direct'
      ? each(rows / 4, (b) => `let ${name}_p${b} = min(row4 + ${b}u, last_row4);`)
      : `let ${name}_p = min(row4 + lane % ${rows / 4}u, last_row4);`
  }
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  for (var k = ${range.begin}; k < ${range.end}; k++) {
    let weight = ${weight};
    ${left}
    ${each(cols4, (g) => `let q${g} = ${load(Q, `${name}_q${g}`)} * weight;`)}
    ${eachTileEntry(tile, (i, g) => `${name}${i}_${g} += p${i >> 2}[${i & 3}] * q${g};`)}
  }`;
}
