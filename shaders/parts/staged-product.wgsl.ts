import { each } from './each.ts';
import {
  type Operand,
  type Tile,
  eachTileEntry,
  groupCols,
  groupRows,
  load,
  stagedStride,
  stagedTerms4,
} from './tile.ts';

/*
 * The products of product.wgsl.ts through workgroup memory: a workgroup copies the next `stagedTerms4` vec4s of the sums
 * (of 4 terms each) of its rows and columns, meets at a barrier, and multiplies from there. What lies past the end is
 * copied as 0. Every loop is the same for the whole workgroup, as barriers ask.
 */

/** Where the copies lie. */
export const stagedMemory = (tile: Tile): string => `
var<workgroup> staged_p: array<vec4<f32>, ${stagedTerms4 * stagedStride(groupRows(tile))}>;
var<workgroup> staged_q: array<vec4<f32>, ${stagedTerms4 * stagedStride(groupCols(tile))}>;
`;

/** Copies `count` rows from `first` on, each the vec4s start … start + stagedTerms4 − 1. */
function copyRows(
  tile: Tile,
  target: string,
  operand: Operand,
  rows: { first: string; count: number; last: string },
  length: string,
): string {
  return `for (var t = local.y * ${tile.lanes}u + local.x; t < ${rows.count * stagedTerms4}u; t += ${tile.lanes * tile.groups}u) {
      let r = t / ${stagedTerms4}u;
      let k = min(start + t % ${stagedTerms4}u, ${length} - 1u);
      let value = ${load(operand, `min(${rows.first} + r, ${rows.last}) * ${operand.stride} + k`)};
      ${target}[t % ${stagedTerms4}u * ${stagedStride(rows.count)}u + r + r / 8u] = select(vec4<f32>(), value, start + t % ${stagedTerms4}u < ${length});
    }`;
}

/** Copies `count` vec4s from `first` on of each of the rows begin … begin + 4 · stagedTerms4 − 1. */
function copyColumns(
  tile: Tile,
  target: string,
  operand: Operand,
  columns: { first: string; count: number; last: string },
  range: { begin: string; end: string },
  weight?: (k: string) => string,
): string {
  const { count } = columns;
  return `for (var t = local.y * ${tile.lanes}u + local.x; t < ${4 * stagedTerms4 * count}u; t += ${tile.lanes * tile.groups}u) {
      let k = min(${range.begin} + t / ${count}u, ${range.end} - 1u);
      let value = ${load(operand, `k * ${operand.stride} + min(${columns.first} + t % ${count}u, ${columns.last})`)}${weight ? ` * ${weight('k')}` : ''};
      ${target}[t] = select(vec4<f32>(), value, ${range.begin} + t / ${count}u < ${range.end});
    }`;
}

/** Where the vec4 of row (or column) i of this invocation's tile lies among the copies of vec4 number k. */
const stagedAt = (rows: number, base: string, i: number): string =>
  `k * ${stagedStride(rows)}u + ${base} + ${i + Math.floor(i / 8)}u`;

const bases = ({ rows, cols4 }: Tile, name: string): string => `
  let ${name}_p = local.y * ${rows}u + local.y * ${rows}u / 8u;
  let ${name}_q = local.x * ${4 * cols4}u + local.x * ${4 * cols4}u / 8u;`;

/** rowProducts, staged. */
export function stagedRowProducts(tile: Tile, name: string, P: Operand, Q: Operand, length: string): string {
  const { rows, cols4 } = tile;
  const [height, width] = [groupRows(tile), groupCols(tile)];
  const left = { first: `(row - local.y * ${rows}u)`, count: height, last: 'last_row' };
  const right = { first: `(column - local.x * ${4 * cols4}u)`, count: width, last: 'last_column' };
  const entry = (c: number) => `staged_q[${stagedAt(width, `${name}_q`, c)}]`;
  return `${bases(tile, name)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  for (var start = 0u; start < ${length}; start += ${stagedTerms4}u) {
    ${copyRows(tile, 'staged_p', P, left, length)}
    ${copyRows(tile, 'staged_q', Q, right, length)}
    workgroupBarrier();
    for (var k = 0u; k < ${stagedTerms4}u; k++) {
      ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(4 * g + c)).join(', ')});`)}
      ${each(rows, (i) => `{ let p = staged_p[${stagedAt(height, `${name}_p`, i)}]; ${each(cols4, (g) => `${name}${i}_${g} += p * q${g};`)} }`)}
    }
    workgroupBarrier();
  }`;
}

/** products, staged. */
export function stagedProducts(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { length: string; last: string },
): string {
  const { rows, cols4, lanes } = tile;
  const height = groupRows(tile);
  const left = { first: `(row - local.y * ${rows}u)`, count: height, last: 'last_row' };
  const right = { first: `(column4 - local.x * ${cols4}u)`, count: cols4 * lanes, last: 'last_column4' };
  const entry = (c: number, g: number) =>
    `staged_q[(4u * k + ${c}u) * ${cols4 * lanes}u + local.x * ${cols4}u + ${g}u]`;
  return `${bases(tile, name)}
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  for (var start = 0u; start < ${range.length}; start += ${stagedTerms4}u) {
    ${copyRows(tile, 'staged_p', P, left, range.length)}
    ${copyColumns(tile, 'staged_q', Q, right, { begin: '(4u * start)', end: `(${range.last} + 1u)` })}
    workgroupBarrier();
    for (var k = 0u; k < ${stagedTerms4}u; k++) {
      ${each(cols4, (g) => `let q${g} = mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(c, g)).join(', ')});`)}
      ${each(rows, (i) => `{ let p = staged_p[${stagedAt(height, `${name}_p`, i)}]; ${each(cols4, (g) => `${name}${i}_${g} += q${g} * p;`)} }`)}
    }
    workgroupBarrier();
  }`;
}

/** columnProducts, staged. */
export function stagedColumnProducts(
  tile: Tile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { begin: string; end: string },
  weight: (k: string) => string,
): string {
  const { rows, cols4, lanes, groups } = tile;
  const [height4, width4] = [(rows * groups) / 4, cols4 * lanes];
  const left = { first: `(row4 - local.y * ${rows / 4}u)`, count: height4, last: 'last_row4' };
  const right = { first: `(column4 - local.x * ${cols4}u)`, count: width4, last: 'last_column4' };
  const part = { begin: 'start', end: range.end };
  return `
  ${eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`)}
  for (var start = ${range.begin}; start < ${range.end}; start += ${4 * stagedTerms4}u) {
    ${copyColumns(tile, 'staged_p', P, left, part)}
    ${copyColumns(tile, 'staged_q', Q, right, part, weight)}
    workgroupBarrier();
    for (var k = 0u; k < ${4 * stagedTerms4}u; k++) {
      ${each(rows / 4, (b) => `let p${b} = staged_p[k * ${height4}u + local.y * ${rows / 4}u + ${b}u];`)}
      ${each(cols4, (g) => `let q${g} = staged_q[k * ${width4}u + local.x * ${cols4}u + ${g}u];`)}
      ${eachTileEntry(tile, (i, g) => `${name}${i}_${g} += p${i >> 2}[${i & 3}] * q${g};`)}
    }
    workgroupBarrier();
  }`;
}
