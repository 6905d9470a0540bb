import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TileCache } from '../tuning/tile-cache.ts';
import { parseTileCache, tileCacheText } from '../tuning/tile-cache-text.ts';
import { clause } from '../gpu/errors.ts';
import { CommandError, exitCode } from './command-error.ts';
import { cacheFolder } from './home.ts';

/** The file in which the command line keeps what `first-light tune` has measured on this machine. */
export const tileFile = (env: NodeJS.ProcessEnv = process.env): string =>
  join(cacheFolder(env), 'first-light', 'tiles.json');

/** What it holds: nothing where there is none, nor where it is not what we wrote; then `say` is told. */
export function readTileFile(say: (line: string) => void, path = tileFile()): TileCache {
  let text: string | null = null;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      say(`${path} cannot be read (${clause(error)}); the usual tiles are used.`);
    }
  }
  const { cache, problem } = parseTileCache(text);
  if (problem) {
    say(`${path} is ignored: ${problem}. The usual tiles are used; "first-light tune" writes it anew.`);
  }
  return cache;
}

/** Writes it whole or not at all. @throws CommandError where it cannot be written. */
export function writeTileFile(cache: TileCache, path = tileFile()): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, tileCacheText(cache));
    renameSync(partial, path);
  } catch (error) {
    throw new CommandError(
      exitCode.output,
      `${path} cannot be written: ${clause(error)}. Name another folder with XDG_CACHE_HOME.`,
    );
  }
}

/** Forgets everything. */
export const clearTileFile = (path = tileFile()): void => rmSync(path, { force: true });
