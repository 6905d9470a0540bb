import { shaderHashes } from '../tuning/shader-hashes.ts';
import { type TileCache, type TileCacheEntry, choicesFor, withChoice } from '../tuning/tile-cache.ts';
import type { ExperimentSizes } from '../tuning/trial.ts';
import { CommandError, exitCode } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { type ComputeFlags, runSession } from './session.ts';
import { clearTileFile, readTileFile, tileFile, writeTileFile } from './tile-file.ts';

export interface TuneFlags extends ComputeFlags {
  /** Seconds. */
  budget: number;
  /** Of the experiments to tune for; the page has usual ones where there are none. */
  sizes: ExperimentSizes[];
  show: boolean;
  clear: boolean;
}

/** `first-light tune` */
export async function tuneCommand(flags: TuneFlags): Promise<void> {
  if (flags.clear) {
    clearTileFile();
    console.log(`${tileFile()} is gone: the usual tiles are used.`);
    return;
  }
  if (flags.show) {
    showCache(readTileFile(console.error));
    return;
  }
  let cache = readTileFile(console.error);
  let choices = 0;
  await interruptible(console.error, (stop) =>
    runSession({
      ...flags,
      job: { kind: 'tuning', sizes: flags.sizes, budget: 1000 * flags.budget },
      inputFile: () => undefined,
      receive: (message) => {
        if (message.kind !== 'tuned') return;
        // After every choice, so that one who stops half-way keeps what was measured.
        const { entry } = message;
        cache = withChoice(cache, entry);
        writeTileFile(cache);
        if (choices++ === 0) console.log(`${entry.adapter}\n`);
        console.log(describeEntry(entry));
      },
      receiveFile: () => Promise.reject(new Error('Tuning has no files.')),
      stop,
      say: console.error,
    }),
  );
  if (choices === 0) {
    throw new CommandError(
      exitCode.stopped,
      `Nothing was measured within ${flags.budget} s; allow more with --budget.`,
    );
  }
  console.log(
    `\nKept in ${tileFile()}; "first-light tune --clear" forgets it, --no-tuned leaves it out of a run.`,
  );
}

/** The use and shapes, and under them every tile with its time, the chosen one marked. */
function describeEntry({ use, shapes, tile: chosen, milliseconds = {} }: TileCacheEntry): string {
  const times = Object.entries(milliseconds).map(
    ([tile, time]) =>
      `${tile === chosen ? '→ ' : '  '}${tile.padEnd(15)}${time.toPrecision(3).padStart(8)} ms`,
  );
  return [`${use}, ${shapes}`, ...times].join('\n');
}

function showCache(cache: TileCache): void {
  if (cache.entries.length === 0) {
    console.log(`Nothing is kept in ${tileFile()}: the usual tiles are used. "first-light tune" measures.`);
    return;
  }
  for (const adapter of new Set(cache.entries.map((entry) => entry.adapter))) {
    console.log(adapter);
    const valid = new Set(
      choicesFor(cache, adapter, shaderHashes()).map(({ use, shapes }) => `${use}, ${shapes}`),
    );
    for (const { use, shapes, tile, milliseconds } of cache.entries.filter(
      (entry) => entry.adapter === adapter,
    )) {
      const time = milliseconds?.[tile];
      const took = time === undefined ? '' : `${time.toPrecision(3).padStart(8)} ms`;
      const stale = valid.has(`${use}, ${shapes}`) ? '' : '  (of earlier shaders: not used)';
      console.log(`  ${`${use}, ${shapes}`.padEnd(44)}${tile.padEnd(15)}${took}${stale}`.trimEnd());
    }
  }
}
