import { afterAll } from 'vitest';

// Runs once for every test file, as no module does where files share a page. What is not asked for is not loaded: shares.ts
// requests an adapter.
if (import.meta.env['FIRST_LIGHT_UPDATE_SHARES'] !== '') {
  afterAll(async () => (await import('./shares.ts')).keepUsedShares());
}
