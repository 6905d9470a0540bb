import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserCommand } from 'vitest/node';
import type { Shares } from './shares.ts';

const path = fileURLToPath(new URL('shares.json', import.meta.url));

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** See test/shares.ts. Shares of at most 2.5 % are not kept: twice as much goes unnoticed. */
export const keepShares: BrowserCommand<[adapter: string, file: string, shares: Record<string, number>]> = (
  _context,
  adapter,
  file,
  shares,
) => {
  const all = JSON.parse(readFileSync(path, 'utf8')) as Shares;
  const percent = Object.entries(shares)
    .filter(([, share]) => share > 0.025)
    .map(([label, share]) => [label, Number((100 * share).toPrecision(2))] as const);
  const files = sorted({ ...all[adapter], [file]: sorted(Object.fromEntries(percent)) });
  writeFileSync(path, `${JSON.stringify(sorted({ ...all, [adapter]: files }), null, 2)}\n`);
};
