import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Operand, type ProductNames, type TileProducts, entryOf, rowStarts } from './operand.ts';

/**
 * How a family of register tiles comes by P, whose rows many invocations need. Of Q, of which each has columns of its own, all
 * have `q[g]`, a matrix for each four columns of the tile.
 */
export interface TileRows {
  /** WGSL of where the rows of P begin that an invocation reads. */
  readonly places: (P: Operand) => string;
  /** WGSL that adds to all sums the product of vec4 k of their row of P and of q[g]. */
  readonly add: (P: Operand, product: Product) => string;
  /** Where P is transposed, WGSL of where in a row of it the fours of rows of the tile lie that an invocation reads. */
  readonly placesOfFours: string;
  /**
   * WGSL that adds to all sums the product of an entry of four rows of P, a vec4, and of q[g]. The four begin at `p_rows`; they are
   * the rows from `first` on, or `last` where that is before.
   */
  readonly addFours: (P: Operand, product: Product, rows: { first: string; last: string }) => string;
}

/** WGSL of a product of a vec4 of P and a matrix of Q. */
type Product = (p: string, q: string) => string;

const rowTimesMatrix: Product = (p, q) => `${p} * ${q}`;
const matrixTimesColumn: Product = (p, q) => `${q} * ${p}`;

/** The products of a family. */
export const registerTiles = ({ places, add, placesOfFours, addFours }: TileRows): TileProducts => ({
  NT: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  ${places(P)}
  ${placesOfRows(Q)}
  var sums: Tile;
  let length = ${P.stride};
  for (var k = 0u; k < length; k++) {
    ${rowsOf(Q)}
    // Row vector times matrix: component c is the product with row c of these four of Q.
    ${add(P, rowTimesMatrix)}
  }
  return sums;
}
`,

  NN: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  let q_stride = ${Q.stride};
  let last = ${Q.rows} - 1u;
  ${places(P)}
  ${placesInRow}
  var sums: Tile;
  let length = ${P.stride};
  for (var k = 0u; k < length; k++) {
    ${fourRowsOf(Q)}
    // Matrix times column vector: four entries of the row of P times four rows of Q.
    ${add(P, matrixTimesColumn)}
  }
  return sums;
}
`,

  TN: ({ name, P, Q, weight }) => wgsl`
fn ${name}(place: Place, begin: u32, end: u32) -> Tile {
  let p_stride = ${P.stride};
  let q_stride = ${Q.stride};
  ${placesOfFours}
  ${placesInRow}
  var sums: Tile;
  // Four rows of P and Q at a time: a sum is fetched and put back once for four products.
  for (var k = begin; k < end; k += 4u) {
    ${weighedRowsOf({ P, Q, weight })}
    ${addFours(P, matrixTimesColumn, { first: 'k', last: 'end - 1u' })}
  }
  return sums;
}
`,

  TT: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  let p_stride = ${P.stride};
  let last = ${P.rows} - 1u;
  ${placesOfFours}
  ${placesOfRows(Q)}
  var sums: Tile;
  let length = ${Q.stride};
  for (var k = 0u; k < length; k++) {
    // The last row of P again where Q has its padding, which is 0.
    let p_rows = ${rowStarts(P, 'min(4u * k + steps, vec4<u32>(last))', 'p_stride')};
    ${rowsOf(Q)}
    ${addFours(P, rowTimesMatrix, { first: '4u * k', last: 'last' })}
  }
  return sums;
}
`,
});

/** Where the rows of Q begin that are columns of the tile: Q is transposed. */
const placesOfRows = (Q: Operand): string => wgsl`var q_at: array<vec4<u32>, tile_columns4>;
  @unroll for (var g = 0u; g < tile_columns4; g++) {
    q_at[g] = ${rowStarts(Q, `min(place.column + 4u * g + steps, vec4<u32>(${Q.rows} - 1u))`)};
  }`;

/** vec4 k of those rows, a column of the matrix each. */
const rowsOf = (Q: Operand): string => wgsl`var q: array<mat4x4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      q[g] = mat4x4<f32>(${entryOf(Q, 'q_at[g].x', 'k')}, ${entryOf(Q, 'q_at[g].y', 'k')}, ${entryOf(Q, 'q_at[g].z', 'k')}, ${entryOf(Q, 'q_at[g].w', 'k')});
    }`;

/** Where in a row of Q the columns of the tile are. */
const placesInRow = wgsl`var q_at: array<u32, tile_columns4>;
  @unroll for (var g = 0u; g < tile_columns4; g++) {
    q_at[g] = min(place.column / 4u + g, q_stride - 1u);
  }`;

/** Rows 4k … 4k + 3 of Q there. */
const fourRowsOf = (
  Q: Operand,
): string => wgsl`// The last row of Q again where P has its padding, which is 0.
    let q_rows = ${rowStarts(Q, 'min(4u * k + steps, vec4<u32>(last))', 'q_stride')};
    var q: array<mat4x4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      q[g] = mat4x4<f32>(${entryOf(Q, 'q_rows.x', 'q_at[g]')}, ${entryOf(Q, 'q_rows.y', 'q_at[g]')}, ${entryOf(Q, 'q_rows.z', 'q_at[g]')}, ${entryOf(Q, 'q_rows.w', 'q_at[g]')});
    }`;

/** Rows k … k + 3 of Q there, each times its weight, which is 0 from `end` on; and where these rows of P begin. */
const weighedRowsOf = ({
  P,
  Q,
  weight,
}: Pick<ProductNames, 'P' | 'Q' | 'weight'>): string => wgsl`let rows = min(k + steps, vec4<u32>(end - 1u));
    let given = ${weight ? `vec4<f32>(${weight('rows.x')}, ${weight('rows.y')}, ${weight('rows.z')}, ${weight('rows.w')})` : 'vec4<f32>(1.0)'};
    let weights = select(vec4<f32>(), given, k + steps < vec4<u32>(end));
    let p_rows = ${rowStarts(P, 'rows', 'p_stride')};
    let q_rows = ${rowStarts(Q, 'rows', 'q_stride')};
    var q: array<mat4x4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      q[g] = mat4x4<f32>(${entryOf(Q, 'q_rows.x', 'q_at[g]')} * weights.x, ${entryOf(Q, 'q_rows.y', 'q_at[g]')} * weights.y, ${entryOf(Q, 'q_rows.z', 'q_at[g]')} * weights.z, ${entryOf(Q, 'q_rows.w', 'q_at[g]')} * weights.w);
    }`;
