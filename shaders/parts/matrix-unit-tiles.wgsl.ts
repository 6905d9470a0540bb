import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { StagedForm, TileFamily } from './operand.ts';
import { type Copy, stagedPlaces, stagedProducts } from './staged.wgsl.ts';
import { type MatrixUnitTile, groupCols, groupRows, invocations, stagedTerms4 } from './tile.ts';

/** Parts of the sums, of 4 · stagedTerms4 terms each, that are summed on the units before they are added to the registers. */
const parts = 4;

/** Terms that are summed on the units: what bounds their rounding. */
export const unitTerms = parts * 4 * stagedTerms4;

/** Blocks of 2 × 2 products of the unit, one a subgroup: a subgroup has to have so many invocations. */
export const subgroupSize = (tile: MatrixUnitTile): number =>
  (invocations(tile) * 4 * tile.unit.m * tile.unit.n) / (groupRows(tile) * groupCols(tile));

/**
 * Products of float32 on units that multiply halves and add in float32, after Ootomo and Yokota (2022): each factor is
 * high + 2⁻¹¹ low, two halves, and
 *
 *     p q ≈ high high + 2⁻¹¹ (high low + low high)
 *
 * To be in the range of halves, a row of P and a column of Q are scaled by the power of two that brings the largest of the
 * next `unitTerms` terms below 2¹⁵; so the operands are read twice, once for that. A half rounds to 11 bits, so that both
 * together keep all but 2u of a factor, and what is left out of a product is 2⁻²² of it: 8u in all. What is less than
 * 2⁻¹⁶ of the largest loses digits where the device flushes the smallest halves to 0, and less than 2⁻²⁸ everywhere; what is
 * lost is below 2⁻³⁹ of the largest.
 *
 * Units are said to round toward zero. Their sums of `unitTerms` terms go by way of workgroup memory to float32 registers,
 * which round as they should: the error of a long sum is that of `unitTerms` terms on the unit, and of a sum of
 * few parts in float32. See roundings.ts. A subgroup makes 2 × 2 products of the unit.
 */
export const matrixUnitTiles: TileFamily<MatrixUnitTile, StagedForm> = {
  header: (tile) => {
    const { m, n, k } = tile.unit;
    const [rows, cols] = [groupRows(tile), groupCols(tile)];
    return wgsl`
const part = ${stagedTerms4}u; // vec4s of a row that are copied at a time
alias Left = subgroup_matrix_left<f16, ${k}, ${m}>;
alias Right = subgroup_matrix_right<f16, ${n}, ${k}>;
alias Sums = subgroup_matrix_result<f32, ${n}, ${m}>;
var<workgroup> high_p: array<f16, ${rows * 4 * stagedTerms4}>;
var<workgroup> low_p: array<f16, ${rows * 4 * stagedTerms4}>;
var<workgroup> high_q: array<f16, ${cols * 4 * stagedTerms4}>;
var<workgroup> low_q: array<f16, ${cols * 4 * stagedTerms4}>;
/** Bits of the largest |p| of each row, and of the largest |q| of each column: ordered as what they are of. */
var<workgroup> largest_p: array<atomic<u32>, ${rows}>;
var<workgroup> largest_q: array<atomic<u32>, ${cols}>;
/** On their way from the units: every other ${m} rows. */
var<workgroup> unit_sums: array<f32, ${(rows * cols) / 2}>;
${stagedPlaces}
/** The exponent of the power of two that brings what begins with these bits below 2¹⁵, and has a reciprocal. */
fn exponent_of(bits: u32) -> u32 {
  return min(268u - (bits >> 23u), 253u);
}

fn power_of_two(exponent: u32) -> f32 {
  return bitcast<f32>(exponent << 23u);
}

/** x to 11 bits, to nearest. A conversion to a half and back would be optimized away. */
fn rounded(x: vec4<f32>) -> vec4<f32> {
  let bits = bitcast<vec4<u32>>(x);
  return bitcast<vec4<f32>>((bits + 0xfffu + ((bits >> vec4<u32>(13u)) & vec4<u32>(1u))) & vec4<u32>(0xffffe000u));
}

/** The high half; of what is less than a half can be, none. */
fn high_of(x: vec4<f32>) -> vec4<f32> {
  return select(rounded(x), vec4<f32>(), abs(x) < vec4<f32>(0x1p-14));
}
`;
  },

  ...stagedProducts((tile: MatrixUnitTile, _form, copies, step) => multiplied(tile, copies, step)),
};

/** The sums from `begin` to `end`, `step` to a part. */
function multiplied(tile: MatrixUnitTile, [p, q]: readonly [Copy, Copy], step: number): string {
  const { m, n, k } = tile.unit;
  const [rows, cols] = [groupRows(tile), groupCols(tile)];
  const threads = invocations(tile);
  /** For every vec4 that an invocation copies, with its number `n` in scope. */
  const each = (line: (copy: Copy) => string): string =>
    [p, q]
      .map(
        (copy) => wgsl`for (var j = 0u; j < ${copy.count / threads}u; j++) {
      let n = thread + ${threads}u * j;
      let at = ${copy.at};
      ${line(copy)}
    }`,
      )
      .join('\n    ');
  const findLargest = ({ operand, of, value, width }: Copy): string => {
    const largest = (entry: string) => `atomicMax(&largest_${operand}[${entry}`;
    return wgsl`var most = vec4<f32>();
      for (var start = chunk; start < chunk_end; start += ${step}u) {
        most = max(most, abs(${value}));
      }
      ${
        of === 'terms'
          ? `${largest('n / part')}], bitcast<u32>(max(max(most.x, most.y), max(most.z, most.w))));`
          : `let first = 4u * (n % ${width}u);
      for (var c = 0u; c < 4u; c++) {
        ${largest('first + c')}], bitcast<u32>(most[c]));
      }`
      }`;
  };
  const writeHalves = ({ operand, of, value, width }: Copy): string => {
    const scale = (entry: string) => `power_of_two(exponent_of(atomicLoad(&largest_${operand}[${entry}])))`;
    return wgsl`${
      of === 'terms'
        ? `let scale = ${scale('n / part')};`
        : `let first = 4u * (n % ${width}u);
      let scale = vec4<f32>(${[0, 1, 2, 3].map((c) => scale(`first + ${c}u`)).join(', ')});`
    }
      let x = scale * ${value};
      let high = high_of(x);
      let low = rounded(2048.0 * (x - high));
      for (var c = 0u; c < 4u; c++) {
        high_${operand}[4u * n + c] = f16(high[c]);
        low_${operand}[4u * n + c] = f16(low[c]);
      }`;
  };
  /** The arguments that load number `i` of a block's factors from their halves, at term number \`k\` of the part. */
  const loaded = (copy: Copy, half: 'high' | 'low', i: number): string => {
    const isP = copy.operand === 'p';
    const [type, size, along] = isP ? ['Left', m, 'block_row'] : ['Right', n, 'block_column'];
    const entry = `(2u * ${along} + ${i}u) * ${size}u`;
    const inOrder = (copy.of === 'terms') === isP;
    const [offset, stride] =
      copy.of === 'terms'
        ? [`${entry} * ${4 * stagedTerms4}u + k`, 4 * stagedTerms4]
        : [`k * ${4 * copy.width}u + ${entry}`, 4 * copy.width];
    return `subgroupMatrixLoad<${type}, ${inOrder ? 'row_major' : 'col_major'}>(&${half}_${copy.operand}, ${offset}, ${stride}u)`;
  };
  const pairs = [0, 1].flatMap((i) => [0, 1].map((j) => [i, j] as const));
  const add = (to: string, left: string, right: string) =>
    pairs
      .map(
        ([i, j]) =>
          `${to}_${i}${j} = subgroupMatrixMultiplyAccumulate(${left}_p${i}, ${right}_q${j}, ${to}_${i}${j});`,
      )
      .join('\n        ');
  /** Every other ${m} rows of the units' sums, stored and then added to those of the registers that they are of. */
  const flushed = (of: string, i: number, factor: string) => wgsl`
    ${[0, 1]
      .map(
        (j) =>
          `subgroupMatrixStore<row_major>(&unit_sums, block_row * ${m * cols}u + (2u * block_column + ${j}u) * ${n}u, ${of}_${i}${j}, ${cols}u);`,
      )
      .join('\n    ')}
    workgroupBarrier();
    if (band % 2u == ${i}u) {
      @unroll for (var r = 0u; r < tile_rows; r++) {
        let at = (band / 2u * ${m}u + place.local.y * tile_rows + r - band * ${m}u) * ${cols}u + 4u * place.local.x;
        let unit = ${factor}vec4<f32>(unit_sums[at], unit_sums[at + 1u], unit_sums[at + 2u], unit_sums[at + 3u]);
        let p = power_of_two(254u - exponent_of(atomicLoad(&largest_p[place.local.y * tile_rows + r])));
        // The smaller first, so that nothing overflows that the product does not.
        sums[r][0] += unit * min(vec4<f32>(p), q_powers) * max(vec4<f32>(p), q_powers);
      }
    }
    workgroupBarrier();`;
  return wgsl`let thread = place.local.y * lanes + place.local.x;
  let subgroup = subgroupBroadcastFirst(thread / ${subgroupSize(tile)}u);
  let block_row = subgroup / ${cols / (2 * n)}u;
  let block_column = subgroup % ${cols / (2 * n)}u;
  let band = place.local.y * tile_rows / ${m}u; // of ${m} rows, that this invocation's are in
  var sums: Tile;
  var chunk = begin;
  while (chunk < end) {
    let chunk_end = min(end, chunk + ${parts * step}u);
    if (thread < ${rows}u) {
      atomicStore(&largest_p[thread], 0u);
    }
    if (thread < ${cols}u) {
      atomicStore(&largest_q[thread], 0u);
    }
    workgroupBarrier();
    ${each(findLargest)}
    workgroupBarrier();
    ${pairs.map(([i, j]) => `var high_${i}${j} = Sums();\n    var cross_${i}${j} = Sums();`).join('\n    ')}
    for (var start = chunk; start < chunk_end; start += ${step}u) {
      ${each(writeHalves)}
      workgroupBarrier();
      for (var k = 0u; k < ${4 * stagedTerms4}u; k += ${k}u) {
        ${(['high', 'low'] as const)
          .flatMap((half) =>
            [p, q].flatMap((copy) =>
              [0, 1].map((i) => `let ${half}_${copy.operand}${i} = ${loaded(copy, half, i)};`),
            ),
          )
          .join('\n        ')}
        ${add('cross', 'high', 'low')}
        ${add('cross', 'low', 'high')}
        ${add('high', 'high', 'high')}
      }
      workgroupBarrier();
    }
    let first = 4u * place.local.x;
    let q_powers = vec4<f32>(${[0, 1, 2, 3]
      .map((c) => `power_of_two(254u - exponent_of(atomicLoad(&largest_q[first + ${c}u])))`)
      .join(', ')});
    ${flushed('cross', 0, '0x1p-11 * ')}
    ${flushed('cross', 1, '0x1p-11 * ')}
    ${flushed('high', 0, '')}
    ${flushed('high', 1, '')}
    chunk = chunk_end;
  }`;
}
