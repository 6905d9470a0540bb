import type { TileName } from '../../shaders/parts/tile.ts';

/** Programs whose products are laid out by a tile; curvature takes forward's. */
export const productUses = ['forward', 'tangent', 'first-gradient', 'ntk', 'matrix-product'] as const;
/** What a matrix product is computed for; each use has tiles of its own that are fastest. */
export type ProductUse = (typeof productUses)[number];

/** A product of rows × cols entries, each a sum of `inner` terms. */
export interface ProductShape {
  rows: number;
  cols: number;
  inner: number;
  /** Where a program makes several products with one tile, the fewest terms of a sum; `inner` unless given. */
  fewest?: number;
}

/** Shapes that want the same tile: by the length of a sum, and by how many entries there are to share out. */
export const shapeClasses = ['short', 'medium', 'long'].flatMap((sums) =>
  ['few', 'some', 'many'].map((entries) => `${sums} sums, ${entries} entries`),
);

export function shapeClass({ rows, cols, inner }: ProductShape): string {
  const sums = inner <= 32 ? 'short' : inner <= 256 ? 'medium' : 'long';
  const entries = rows * cols <= 2 ** 14 ? 'few' : rows * cols <= 2 ** 20 ? 'some' : 'many';
  return `${sums} sums, ${entries} entries`;
}

/** The tile measured to be fastest for a use and a class of shapes: see src/tuning. */
export interface TileChoice {
  use: ProductUse;
  shapes: string;
  tile: TileName;
}
