import { shaderHash } from '../tuning/shader-hash.ts';
import { type TileCache, type TileCacheEntry, choicesFor, withChoice } from '../tuning/tile-cache.ts';
import type { ExperimentSizes } from '../tuning/trial.ts';
import { CommandError, exitCode } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { type ComputeFlags, runSession } from './session.ts';
import { clearTileFile, readTileFile, tileFile, writeTileFile } from './tile-file.ts';
import { emit, note, tell, warn } from './voice.ts';

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
    tell(`${tileFile()} is gone: the usual tiles are used.`);
    return;
  }
  if (flags.show) {
    showCache(readTileFile(warn));
    return;
  }
  let cache = readTileFile(warn);
  let choices = 0;
  await interruptible(note, (stop) =>
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
        emit({ event: 'tuned', entry, used: true });
        if (choices++ === 0) tell(`${entry.adapter}\n`);
        tell(describeEntry(entry));
      },
      receiveFile: () => Promise.reject(new Error('Tuning has no files.')),
      stop,
      say: note,
    }),
  );
  if (choices === 0) {
    throw new CommandError(
      exitCode.stopped,
      `Nothing was measured within ${flags.budget} s; allow more with --budget.`,
    );
  }
  tell(`\nKept in ${tileFile()}; "first-light tune --clear" forgets it, --no-tuned leaves it out of a run.`);
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
    tell(`Nothing is kept in ${tileFile()}: the usual tiles are used. "first-light tune" measures.`);
    return;
  }
  for (const adapter of new Set(cache.entries.map((entry) => entry.adapter))) {
    tell(adapter);
    const valid = new Set(
      choicesFor(cache, adapter, shaderHash).map(({ use, shapes }) => `${use}, ${shapes}`),
    );
    for (const entry of cache.entries.filter((one) => one.adapter === adapter)) {
      const { use, shapes, tile, milliseconds } = entry;
      const used = valid.has(`${use}, ${shapes}`);
      emit({ event: 'tuned', entry, used });
      const time = milliseconds?.[tile];
      const took = time === undefined ? '' : `${time.toPrecision(3).padStart(8)} ms`;
      const stale = used ? '' : '  (of earlier shaders: not used)';
      tell(`  ${`${use}, ${shapes}`.padEnd(44)}${tile.padEnd(15)}${took}${stale}`.trimEnd());
    }
  }
}
