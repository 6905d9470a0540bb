/**
 * Holds a run at its steps: a caller's pause, a step at a time, a speed. The run asks at every step t but the last; where
 * it is held, everything until t is read back and yielded before it waits.
 */
export interface Gate {
  /** Whether the run waits at step t before it goes on. */
  holds: (step: number) => boolean;
  /** Whether step t, where it is held, is recorded though the spec does not plan it. */
  records: (step: number) => boolean;
  /** Resolves when the run may go on from step t. */
  opened: (step: number) => Promise<void>;
}

/** Waits for the gate; an abort ends it, quietly. */
export async function waitAt(gate: Gate, step: number, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return gate.opened(step);
  if (signal.aborted) return;
  const done = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { signal: done.signal });
  });
  try {
    await Promise.race([gate.opened(step), aborted]);
  } finally {
    done.abort();
  }
}
