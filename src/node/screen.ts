import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { clause } from '../gpu/errors.ts';

/** A screen that is gone needs no words: its terminal was closed, or who read the pipe has seen enough. */
const closed = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/** What became of the screen. */
export interface Screen {
  /** What was to be read there is lost, and nobody has closed it: a full disk, for example. */
  readonly failure: Error | undefined;
}

/**
 * Lets the process outlive its screen: what can no longer be written to stdout or stderr is left unsaid, and all else
 * goes on.
 */
export function outliveScreen(): Screen {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  let gone = false;
  let failure: Error | undefined;
  const streams = { stdout: process.stdout, stderr: process.stderr };
  for (const [name, stream] of Object.entries(streams)) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      gone = true;
      if (failure || closed.has(error.code ?? '')) return;
      failure = error;
      if (stream === process.stdout) {
        process.stderr.write(`note: ${name} takes no more (${clause(error)}); going on without it.\n`);
      }
    });
  }
  process.on('exit', () => {
    if (gone) forget(terminals);
  });
  return {
    get failure() {
      return failure;
    },
  };
}

/** Node restores its terminals when it ends, and aborts where one is gone; it leaves a descriptor that is no longer one. */
function forget(terminals: readonly number[]): void {
  for (const descriptor of terminals) {
    closeSync(descriptor);
    openSync('/dev/null', 'r+'); // takes the lowest free descriptor: the one just closed
  }
}
