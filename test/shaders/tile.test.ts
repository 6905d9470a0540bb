import { expect, test } from 'vitest';
import { fittedRows, groupRows, tiles } from '../../shaders/parts/tile.ts';

test.for(Object.entries(tiles))('%s, fitted: no more rows than needed, as many workgroups', ([, tile]) => {
  for (let rows = 1; rows <= 200; rows++) {
    const fitted = fittedRows(tile, rows);
    const workgroups = Math.ceil(rows / groupRows(tile));
    const smaller =
      tile.loads === 'workgroup'
        ? { ...fitted, groups: fitted.groups - 1 }
        : { ...fitted, rows: fitted.rows - 4 };
    expect(groupRows(smaller) * workgroups, `${rows} rows`).toBeLessThan(rows);
    expect(fitted.rows % 4).toBe(0);
    expect(groupRows(fitted)).toBeLessThanOrEqual(groupRows(tile));
    expect(Math.ceil(rows / groupRows(fitted)), `${rows} rows`).toBe(workgroups);
  }
  const whole = groupRows(tile);
  expect(fittedRows(tile, 3 * whole)).toEqual(tile);
});
