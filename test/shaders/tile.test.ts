import { expect, test } from 'vitest';
import {
  type Tile,
  fittedCols,
  fittedRows,
  groupCols,
  groupRows,
  invocations,
  tiles,
} from '../../shaders/parts/tile.ts';

const all = Object.entries<Tile>(tiles);
const onUnits = all.filter(([, { loads }]) => loads === 'matrix-units');
const fitting = all.filter(([, { loads }]) => loads !== 'matrix-units');

test.for(onUnits)('%s is made for one size of subgroups and stays as it is', ([, tile]) => {
  expect(fittedRows(tile, 3)).toBe(tile);
  expect(fittedCols(tile, 3)).toBe(tile);
});

/** Tiles are as high as whole loads of rows. */
const rowsTogether = ({ loads, lanes }: Tile): number => (loads === 'broadcast' ? lanes : 4);

test.for(fitting)('%s, fitted: no more rows than needed, as many workgroups', ([, tile]) => {
  for (let rows = 1; rows <= 200; rows++) {
    const fitted = fittedRows(tile, rows);
    const workgroups = Math.ceil(rows / groupRows(tile));
    const smaller =
      tile.loads === 'workgroup'
        ? { ...fitted, groups: fitted.groups - 1 }
        : { ...fitted, rows: fitted.rows - rowsTogether(tile) };
    expect(groupRows(smaller) * workgroups, `${rows} rows`).toBeLessThan(rows);
    expect(fitted.rows % rowsTogether(tile)).toBe(0);
    expect(groupRows(fitted)).toBeLessThanOrEqual(groupRows(tile));
    expect(Math.ceil(rows / groupRows(fitted)), `${rows} rows`).toBe(workgroups);
  }
  const whole = groupRows(tile);
  expect(fittedRows(tile, 3 * whole)).toEqual(tile);
});

test.each([1, 4, 7, 16, 20, 32, 33, 63, 64, 65, 500])(
  'a tile for %i columns covers them as before, its workgroups as narrow as they can be',
  (cols) => {
    for (const tile of Object.values(tiles) as Tile[]) {
      const fitted = fittedCols(tile, cols);
      expect(Math.ceil(cols / groupCols(fitted))).toBe(Math.ceil(cols / groupCols(tile)));
      expect(fitted.rows).toBe(tile.rows);
      if (tile.loads === 'workgroup' || tile.loads === 'matrix-units' || 2 * cols > groupCols(tile))
        expect(fitted).toEqual(tile);
      if (tile.loads === 'subgroup') expect(fitted.lanes % 4).toBe(0);
      if (tile.loads === 'broadcast') expect(fitted.lanes).toBe(tile.lanes);
      if (tile.loads === 'direct') {
        expect(groupCols(fitted)).toBeLessThanOrEqual(Math.max(8, 2 * cols));
        expect(invocations(fitted)).toBeGreaterThan(invocations(tile) / 2);
        expect(invocations(fitted)).toBeLessThanOrEqual(invocations(tile));
      }
    }
  },
);
