import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { broadcastTiles } from './broadcast-tiles.wgsl.ts';
import { directTiles } from './direct-tiles.wgsl.ts';
import { matrixUnitTiles } from './matrix-unit-tiles.wgsl.ts';
import { quadTiles } from './quad-tiles.wgsl.ts';
import type { ProductNames, TileFamily, TileForm } from './operand.ts';
import { type PlainTile, type Tile, sharesRows } from './tile.ts';
import { workgroupTiles } from './workgroup-tiles.wgsl.ts';

/**
 * What a program with this tile begins with: the tile's sizes, the type `Tile` of its sums, and the functions of its
 * family. What follows may have loops that `unrolled` unrolls.
 */
export function tileHeader(tile: Tile): string {
  const { rows, cols4, lanes, groups, loads } = tile;
  return wgsl`${enabled[loads]}
const tile_rows = ${rows}u;
const tile_rows4 = ${rows / 4}u;
const tile_columns4 = ${cols4}u;
const lanes = ${lanes}u; // invocations of a workgroup along the columns
const groups = ${groups}u; // and along the rows
const steps = vec4<u32>(0u, 1u, 2u, 3u);

/** Sums [i][g]: of row i of the tile its columns 4g … 4g + 3. */
alias Tile = array<array<vec4<f32>, tile_columns4>, tile_rows>;
${headerOf(tile)}`;
}

/** What a family's programs ask of WGSL. */
const enabled: Record<Tile['loads'], string> = {
  direct: '',
  subgroup: 'enable subgroups;\n',
  broadcast: 'enable subgroups;\n',
  workgroup: '',
  // The compiler takes what is the same for a subgroup alone, as the number of its block is, for what may not be.
  'matrix-units': `enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);
`,
};

function headerOf(tile: Tile): string {
  switch (tile.loads) {
    case 'workgroup':
      return workgroupTiles.header(tile);
    case 'matrix-units':
      return matrixUnitTiles.header(tile);
    default:
      return plainFamily(tile).header(tile);
  }
}

/** Parameters of `main` that a tile needs. */
export const tileBuiltins = (tile: Tile): string => `
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,${
    sharesRows(tile) ? '\n  @builtin(subgroup_invocation_id) lane: u32,' : ''
  }`;

/** WGSL of the place of an invocation, in the workgroup at `group`: across, and down. */
export const tilePlace = (tile: Tile, group = 'group.xy'): string =>
  `place_of(${group}, local.xy${sharesRows(tile) ? ', lane' : ''})`;

/**
 * A function of WGSL that makes a tile of a product, rows and columns past the end repeating the last one. Sums run in the
 * order of their terms.
 *
 *     NT   fn NAME(place: Place) -> Tile                         Σ_k P_ik Q_jk
 *     NN   the same                                              Σ_k P_ik Q_kj
 *     TN   fn NAME(place: Place, begin: u32, end: u32) -> Tile   Σ_k w_k P_ki Q_kj over begin ≤ k < end
 *     TT   fn NAME(place: Place) -> Tile                         Σ_k P_ki Q_jk; not through workgroup memory
 *
 * Of place.row on, i is `row_of(place, …)`; where P is transposed, fours of rows are `row4_of(place, …)`. j is place.column
 * and on. Operands are padded with zeros.
 */
export function tileProduct(tile: Tile, form: TileForm, names: ProductNames): string {
  if (tile.loads === 'workgroup' || tile.loads === 'matrix-units') {
    if (form === 'TT') throw new RangeError('No tile through workgroup memory makes Pᵀ Qᵀ.');
    return tile.loads === 'workgroup'
      ? workgroupTiles[form](names, tile)
      : matrixUnitTiles[form](names, tile);
  }
  return plainFamily(tile)[form](names, tile);
}

const plainFamilies = { direct: directTiles, subgroup: quadTiles, broadcast: broadcastTiles };
const plainFamily = ({ loads }: PlainTile): TileFamily => plainFamilies[loads];
