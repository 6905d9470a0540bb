import { each } from './each.ts';
import {
  type Operand,
  type StagedTile,
  eachTileEntry,
  groupCols,
  groupRows,
  invocations,
  load,
  stagedStride,
  stagedTerms4,
} from './tile.ts';

/*
 * The products of product.wgsl.ts through workgroup memory: a workgroup copies the next 4 · stagedTerms4 terms of the sums of its
 * rows and columns, meets at a barrier, and multiplies from there. What lies past the end is copied as 0. Every loop is
 * the same for the whole workgroup, as barriers ask.
 */

/** Where the copies lie. */
export const stagedMemory = (tile: StagedTile): string => `
var<workgroup> staged_p: array<vec4<f32>, ${stagedTerms4 * stagedStride(groupRows(tile))}>;
var<workgroup> staged_q: array<vec4<f32>, ${stagedTerms4 * stagedStride(groupCols(tile))}>;
`;

/** What a workgroup copies of one operand at a time, vec4 by vec4, its invocations beside each other. */
interface Copy {
  /** vec4s in all. */
  count: number;
  /** WGSL before the loop, for vec4 number j of an invocation, t + j · invocations. */
  prepare: (j: number) => string;
  /** WGSL of that vec4 in the part that begins at `start`. */
  value: (j: number) => string;
  /** Where it goes. */
  target: (j: number) => string;
}

/** Which vec4 of a copy is number j of an invocation. */
const numbered = (tile: StagedTile, j: number): string => (j === 0 ? 't' : `(t + ${j * invocations(tile)}u)`);

/** Of `count` rows from `first` on, the vec4s start … start + stagedTerms4 − 1. In scope then: their number `length`. */
function rowCopy(
  tile: StagedTile,
  name: string,
  target: string,
  operand: Operand,
  rows: { first: string; count: number; last: string },
  length: string,
): Copy {
  const k = (j: number) => `${numbered(tile, j)} % ${stagedTerms4}u`;
  const row = (j: number) => `${numbered(tile, j)} / ${stagedTerms4}u`;
  return {
    count: rows.count * stagedTerms4,
    prepare: (j) =>
      `let ${name}_${target}${j} = min(${rows.first} + ${row(j)}, ${rows.last}) * ${operand.stride};`,
    value: (j) =>
      `select(vec4<f32>(), ${load(operand, `${name}_${target}${j} + min(start + ${k(j)}, ${length} - 1u)`)}, start + ${k(j)} < ${length})`,
    target: (j) => `${target}[${k(j)} * ${stagedStride(rows.count)}u + ${row(j)} + ${row(j)} / 8u]`,
  };
}

/**
 * Of the rows start … start + 4 · stagedTerms4 − 1, which end at `end`, `count` vec4s from `first` on. The vec4s that an
 * invocation reads, `each` of them, lie apart, so that its neighbours find theirs in different banks.
 */
function columnCopy(
  tile: StagedTile,
  name: string,
  target: string,
  operand: Operand,
  columns: { first: string; count: number; last: string; each: number },
  { start, end }: { start: string; end: string },
  weight?: (k: string) => string,
): Copy {
  const { count } = columns;
  const row = (j: number) => `(${start} + ${numbered(tile, j)} / ${count}u)`;
  const column = (j: number) => `${numbered(tile, j)} % ${count}u`;
  const clamped = (j: number) => `min(${row(j)}, ${end} - 1u)`;
  return {
    count: 4 * stagedTerms4 * count,
    prepare: (j) => `let ${name}_${target}${j} = min(${columns.first} + ${column(j)}, ${columns.last});`,
    value: (j) =>
      `select(vec4<f32>(), ${load(operand, `${clamped(j)} * ${operand.stride} + ${name}_${target}${j}`)}${weight ? ` * ${weight(clamped(j))}` : ''}, ${row(j)} < ${end})`,
    target: (j) =>
      `${target}[${numbered(tile, j)} / ${count}u * ${count}u + ${column(j)} % ${columns.each}u * ${count / columns.each}u + ${column(j)} / ${columns.each}u]`,
  };
}

/** The loop over parts of `step` from `begin` to `end`, each copied and then multiplied by `multiply`. */
function staged(
  tile: StagedTile,
  copies: readonly Copy[],
  range: { begin: string; end: string; step: number },
  multiply: string,
): string {
  const threads = invocations(tile);
  const pieces = copies.flatMap(({ count, prepare, value, target }, c) =>
    Array.from({ length: Math.ceil(count / threads) }, (_, j) => ({
      prepare: prepare(j),
      next: `next${c}_${j}`,
      value: value(j),
      store:
        (j + 1) * threads <= count
          ? `${target(j)} = next${c}_${j};`
          : `if (${numbered(tile, j)} < ${count}u) { ${target(j)} = next${c}_${j}; }`,
    })),
  );
  const lines = (of: (piece: (typeof pieces)[number]) => string) => pieces.map(of).join('\n      ');
  const { begin, end, step } = range;
  return tile.ahead
    ? `{
    let t = local.y * ${tile.lanes}u + local.x;
    ${lines(({ prepare }) => prepare)}
    var start = ${begin};
    ${lines(({ next, value }) => `var ${next} = ${value};`)}
    while (start < ${end}) {
      ${lines(({ store }) => store)}
      workgroupBarrier();
      start += ${step}u;
      // On their way while the workgroup multiplies; past the end, what is read again is not used.
      ${lines(({ next, value }) => `${next} = ${value};`)}
      ${multiply}
      workgroupBarrier();
    }
  }`
    : `{
    let t = local.y * ${tile.lanes}u + local.x;
    ${lines(({ prepare }) => prepare)}
    for (var start = ${begin}; start < ${end}; start += ${step}u) {
      ${lines(({ next, value }) => `let ${next} = ${value};`)}
      ${lines(({ store }) => store)}
      workgroupBarrier();
      ${multiply}
      workgroupBarrier();
    }
  }`;
}

/** Of the copies made by rowCopy, vec4 number k of row (or column) i of this invocation's tile. */
const ofRow = (copy: string, rows: number, base: string, i: number): string =>
  `${copy}[k * ${stagedStride(rows)}u + ${base} + ${i + Math.floor(i / 8)}u]`;

const rowBase = ({ rows }: StagedTile): string => `(local.y * ${rows}u + local.y * ${rows}u / 8u)`;
const columnBase = ({ cols4 }: StagedTile): string =>
  `(local.x * ${4 * cols4}u + local.x * ${4 * cols4}u / 8u)`;

/** NAMEi_g += p[s] · q_s over four terms s, as multiply-adds. */
const addFour = (name: string, i: number, g: number, q: (s: number) => string): string =>
  ['x', 'y', 'z', 'w']
    .map((s, index) => `${name}${i}_${g} = fma(${q(index)}, vec4<f32>(p.${s}), ${name}${i}_${g});`)
    .join(' ');

const zeros = (tile: StagedTile, name: string): string =>
  eachTileEntry(tile, (i, g) => `var ${name}${i}_${g} = vec4<f32>();`);

/** rowProducts, staged. */
export function stagedRowProducts(
  tile: StagedTile,
  name: string,
  P: Operand,
  Q: Operand,
  length: string,
): string {
  const { rows, cols4 } = tile;
  const [height, width] = [groupRows(tile), groupCols(tile)];
  const left = { first: `(row - local.y * ${rows}u)`, count: height, last: 'last_row' };
  const right = { first: `(column - local.x * ${4 * cols4}u)`, count: width, last: 'last_column' };
  const entry = (c: number) => ofRow('staged_q', width, columnBase(tile), c);
  return `
  ${zeros(tile, name)}
  ${staged(
    tile,
    [rowCopy(tile, name, 'staged_p', P, left, length), rowCopy(tile, name, 'staged_q', Q, right, length)],
    { begin: '0u', end: length, step: stagedTerms4 },
    `for (var k = 0u; k < ${stagedTerms4}u; k++) {
        ${each(cols4, (g) => `let q${g} = transpose(mat4x4<f32>(${[0, 1, 2, 3].map((c) => entry(4 * g + c)).join(', ')}));`)}
        ${each(rows, (i) => `{ let p = ${ofRow('staged_p', height, rowBase(tile), i)}; ${each(cols4, (g) => addFour(name, i, g, (s) => `q${g}[${s}]`))} }`)}
      }`,
  )}`;
}

/** products, staged. */
export function stagedProducts(
  tile: StagedTile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { length: string; last: string },
): string {
  const { rows, cols4, lanes } = tile;
  const height = groupRows(tile);
  const width4 = cols4 * lanes;
  const left = { first: `(row - local.y * ${rows}u)`, count: height, last: 'last_row' };
  const right = {
    first: `(column4 - local.x * ${cols4}u)`,
    count: width4,
    last: 'last_column4',
    each: cols4,
  };
  const entry = (s: number, g: number) => `staged_q[(4u * k + ${s}u) * ${width4}u + ${g * lanes}u + local.x]`;
  const terms = { start: '4u * start', end: `(${range.last} + 1u)` };
  return `
  ${zeros(tile, name)}
  ${staged(
    tile,
    [
      rowCopy(tile, name, 'staged_p', P, left, range.length),
      columnCopy(tile, name, 'staged_q', Q, right, terms),
    ],
    { begin: '0u', end: range.length, step: stagedTerms4 },
    `for (var k = 0u; k < ${stagedTerms4}u; k++) {
        ${each(cols4, (g) => each(4, (s) => `let q${g}_${s} = ${entry(s, g)};`))}
        ${each(rows, (i) => `{ let p = ${ofRow('staged_p', height, rowBase(tile), i)}; ${each(cols4, (g) => addFour(name, i, g, (s) => `q${g}_${s}`))} }`)}
      }`,
  )}`;
}

/** columnProducts, staged. */
export function stagedColumnProducts(
  tile: StagedTile,
  name: string,
  P: Operand,
  Q: Operand,
  range: { begin: string; end: string },
  weight: (k: string) => string,
): string {
  const { rows, cols4, lanes, groups } = tile;
  const rows4 = rows / 4;
  const [height4, width4] = [rows4 * groups, cols4 * lanes];
  const left = { first: `(row4 - local.y * ${rows4}u)`, count: height4, last: 'last_row4', each: rows4 };
  const right = {
    first: `(column4 - local.x * ${cols4}u)`,
    count: width4,
    last: 'last_column4',
    each: cols4,
  };
  const terms = { start: 'start', end: range.end };
  return `
  ${zeros(tile, name)}
  ${staged(
    tile,
    [
      columnCopy(tile, name, 'staged_p', P, left, terms),
      columnCopy(tile, name, 'staged_q', Q, right, terms, weight),
    ],
    { ...range, step: 4 * stagedTerms4 },
    `for (var k = 0u; k < ${4 * stagedTerms4}u; k++) {
        ${each(rows4, (b) => `let p${b} = staged_p[k * ${height4}u + ${b * groups}u + local.y];`)}
        ${each(cols4, (g) => `let q${g} = staged_q[k * ${width4}u + ${g * lanes}u + local.x];`)}
        ${eachTileEntry(tile, (i, g) => `${name}${i}_${g} = fma(vec4<f32>(p${i >> 2}[${i & 3}]), q${g}, ${name}${i}_${g});`)}
      }`,
  )}`;
}
