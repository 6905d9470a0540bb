import { expect, test } from 'vitest';
import { diagonalKrylov } from '../../bench/certificates/diagonal-krylov.ts';
import { hardSpectra } from '../../bench/certificates/spectra.ts';
import { EndSearch, roundingOf, searchNorm } from '../../src/spectral/search.ts';

/** bench/certificates tries a thousand starts of each; here are two. */
const starts = 2;
const settings = { tolerance: 1e-2, accuracy: 1e-5, risk: 2.5e-4, maxProducts: 127, rounding: 0 };

test.for(hardSpectra)('the error that is stated holds: $name', async ({ eigenvalues }) => {
  const exact = eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let seed = 0; seed < starts; seed++) {
    const { signed, missed } = await searchNorm(
      diagonalKrylov(eigenvalues, seed),
      eigenvalues.length,
      settings,
    );
    const rounding = roundingOf(exact);
    expect(Math.abs(signed)).toBeLessThanOrEqual(exact + rounding);
    expect(exact - Math.abs(signed)).toBeLessThanOrEqual(missed + rounding);
  }
});

test.for(['a torus’ Laplacian', 'five times the largest', 'a projection', 'three spikes over noise'])(
  'each eigenvalue as often as it is there: %s',
  async (wanted) => {
    const { eigenvalues } = hardSpectra.find(({ name }) => name === wanted)!;
    const exact = eigenvalues.toSorted((a, b) => b - a);
    const search = new EndSearch(diagonalKrylov(eigenvalues, 3), exact.length, 6, ['largest'], {
      ...settings,
      each: false,
    });
    const largest = (await search.run()).get('largest')!;
    expect(largest.length).toBe(6);
    for (const [k, { value, error }] of largest.entries()) {
      expect(Math.abs(value - exact[k])).toBeLessThanOrEqual(error + roundingOf(exact[0]));
      expect(error).toBeLessThan(2e-2 * exact[0]);
    }
  },
);
