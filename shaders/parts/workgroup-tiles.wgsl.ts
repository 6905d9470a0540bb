import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { StagedForm, TileFamily } from './operand.ts';
import { type Copy, stagedPlaces, stagedProducts } from './staged.wgsl.ts';
import { type StagedTile, groupCols, groupRows, invocations, stagedStride, stagedTerms4 } from './tile.ts';

/**
 * Products through workgroup memory: a workgroup copies the next 4 · stagedTerms4 terms of the sums of its rows and columns,
 * meets at a barrier, multiplies from there, and meets again before it copies the next. What lies past the end is copied
 * as 0. Every loop is the same for the whole workgroup, as barriers ask.
 *
 * With `ahead`, what is copied next is read into registers while the workgroup multiplies.
 */
export const workgroupTiles: TileFamily<StagedTile, StagedForm> = {
  header: (tile) => wgsl`
const part = ${stagedTerms4}u; // vec4s of a row that are copied at a time
const p_apart = ${stagedStride(groupRows(tile))}u; // from one vec4 of copied rows to their next
const q_apart = ${stagedStride(groupCols(tile))}u;
var<workgroup> staged_p: array<vec4<f32>, part * p_apart>;
var<workgroup> staged_q: array<vec4<f32>, part * q_apart>;
${stagedPlaces}
/** Where row i of some lies among their copies, of which eight are together and then a place is free. */
fn spaced(i: u32) -> u32 {
  return i + i / 8u;
}
`,

  ...stagedProducts((tile: StagedTile, form, copies, step) => staged(tile, copies, multiply[form], step)),
};

/** Adds four terms to all sums: of vec4 k of the copied rows of P, and q[g][s], what stands with its entry s. */
const addRows = wgsl`@unroll for (var i = 0u; i < tile_rows; i++) {
          let p = staged_p[p_at + spaced(i)];
          @unroll for (var g = 0u; g < tile_columns4; g++) {
            sums[i][g] = fma(q[g][0], vec4<f32>(p.x), sums[i][g]);
            sums[i][g] = fma(q[g][1], vec4<f32>(p.y), sums[i][g]);
            sums[i][g] = fma(q[g][2], vec4<f32>(p.z), sums[i][g]);
            sums[i][g] = fma(q[g][3], vec4<f32>(p.w), sums[i][g]);
          }
        }`;

/** What an invocation does with a part that is copied, by the product's form. */
const multiply = {
  NT: wgsl`for (var k = 0u; k < part; k++) {
        let p_at = k * p_apart + spaced(place.local.y * tile_rows);
        let q_at = k * q_apart + spaced(place.local.x * 4u * tile_columns4);
        var q: array<mat4x4<f32>, tile_columns4>;
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          let at = q_at + 4u * g;
          q[g] = transpose(mat4x4<f32>(staged_q[at], staged_q[at + 1u], staged_q[at + 2u], staged_q[at + 3u]));
        }
        ${addRows}
      }`,
  NN: wgsl`for (var k = 0u; k < part; k++) {
        let p_at = k * p_apart + spaced(place.local.y * tile_rows);
        let q_at = 4u * k * lanes * tile_columns4 + place.local.x;
        var q: array<mat4x4<f32>, tile_columns4>;
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          let at = q_at + g * lanes;
          let row = lanes * tile_columns4;
          q[g] = mat4x4<f32>(staged_q[at], staged_q[at + row], staged_q[at + 2u * row], staged_q[at + 3u * row]);
        }
        ${addRows}
      }`,
  TN: wgsl`for (var k = 0u; k < 4u * part; k++) {
        let p_at = k * groups * tile_rows4 + place.local.y;
        let q_at = k * lanes * tile_columns4 + place.local.x;
        var q: array<vec4<f32>, tile_columns4>;
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          q[g] = staged_q[q_at + g * lanes];
        }
        @unroll for (var b = 0u; b < tile_rows4; b++) {
          let p = staged_p[p_at + b * groups];
          @unroll for (var c = 0u; c < 4u; c++) {
            @unroll for (var g = 0u; g < tile_columns4; g++) {
              sums[4u * b + c][g] = fma(vec4<f32>(p[c]), q[g], sums[4u * b + c][g]);
            }
          }
        }
      }`,
};

/** WGSL of the place in workgroup memory of what a copy copies. */
function placeOf({ operand, of, width }: Copy, tile: StagedTile): string {
  if (of === 'terms') return `n % part * ${operand}_apart + spaced(n / part)`;
  // The vec4s that an invocation reads lie apart, so that its neighbours find theirs in different banks.
  const [own, neighbours] = operand === 'p' ? [tile.rows / 4, tile.groups] : [tile.cols4, tile.lanes];
  return `n / ${width}u * ${width}u + n % ${own}u * ${neighbours}u + n % ${width}u / ${own}u`;
}

/** The loop over parts of `step` terms from `begin` to `end`, each copied and then multiplied by `multiply`. */
function staged(tile: StagedTile, copies: readonly Copy[], multiply: string, step = stagedTerms4): string {
  const threads = invocations(tile);
  /** For every vec4 that an invocation copies, with its number `n` in scope. */
  const each = (line: (copy: Copy) => string, guarded = false): string =>
    copies
      .map((copy) => {
        const rest = guarded && copy.count % threads > 0;
        return wgsl`@unroll for (var j = 0u; j < ${Math.ceil(copy.count / threads)}u; j++) {
        let n = thread + ${threads}u * j;
        ${rest ? `if (n < ${copy.count}u) { ${line(copy)} }` : line(copy)}
      }`;
      })
      .join('\n      ');
  const places = each(({ operand, at }) => `${operand}_places[j] = ${at};`);
  const read = each(({ operand, value }) => `let at = ${operand}_places[j]; ${operand}_next[j] = ${value};`);
  const write = each(
    (copy) => `staged_${copy.operand}[${placeOf(copy, tile)}] = ${copy.operand}_next[j];`,
    true,
  );
  return wgsl`let thread = place.local.y * lanes + place.local.x;
  ${copies
    .map(({ operand, count }) => {
      const own = `${Math.ceil(count / threads)}`;
      return `var ${operand}_places: array<u32, ${own}>;
  var ${operand}_next: array<vec4<f32>, ${own}>;`;
    })
    .join('\n  ')}
  ${places}
  var sums: Tile;
  var start = begin;
#if ${tile.ahead}
  ${read}
#endif
  while (start < end) {
#if ${!tile.ahead}
    ${read}
#endif
    ${write}
    workgroupBarrier();
    start += ${step}u;
#if ${tile.ahead}
    // On their way while the workgroup multiplies; past the end, what is read again is not used.
    ${read}
#endif
    ${multiply}
    workgroupBarrier();
  }`;
}
