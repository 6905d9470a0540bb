import { exitCode } from './command-error.ts';

/** npm passes a Ctrl-C on that the terminal has already sent, so two within this time are one. */
const sameKeyMilliseconds = 800;

/**
 * Runs `task` with a signal that the first Ctrl-C (or SIGTERM, SIGHUP) aborts; a second one ends the process at
 * once, its browser with it.
 */
export async function interruptible<T>(
  say: (line: string) => void,
  task: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      say('Stopping; what was recorded is kept. Ctrl-C again ends at once.');
      controller.abort();
    } else if (performance.now() - first > sameKeyMilliseconds) {
      process.exit(exitCode.stopped);
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await task(controller.signal);
  } finally {
    // After a first one, what is still to be written is the last there is: a second one ends that, too.
    if (!controller.signal.aborted) for (const signal of signals) process.off(signal, onSignal);
  }
}
