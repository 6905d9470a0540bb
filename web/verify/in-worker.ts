import type { VerificationChoice, VerificationEvent } from '../../src/experiment/verification.ts';

/** What the worker posts. */
export type WorkerMessage =
  | { kind: 'event'; event: VerificationEvent }
  | { kind: 'done' }
  | { kind: 'failed'; name: string; message: string };

/**
 * Verifies in a worker of its own, so that the page goes on; resolves at its end, or once the signal is aborted.
 * @throws an Error with the name and message of what was thrown there
 */
export function verifyInWorker(
  choice: VerificationChoice,
  signal: AbortSignal,
  tell: (event: VerificationEvent) => void,
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const ended = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(message || 'The worker that verifies did not start.')),
    );
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === 'event') tell(data.event);
      else if (data.kind === 'done') resolve();
      else reject(Object.assign(new Error(data.message), { name: data.name }));
    });
    worker.postMessage(choice);
  });
  return ended.finally(() => worker.terminate());
}
