import '../../src/gpu/symbol-dispose.ts';
import { verify } from './verify.ts';
import type { VerificationChoice } from '../../src/experiment/verification.ts';
import type { WorkerMessage } from './in-worker.ts';

/** What is used of a worker's scope, which the DOM's types do not have. */
interface WorkerScope {
  postMessage: (message: WorkerMessage) => void;
  addEventListener: (type: 'message', listener: (event: MessageEvent<VerificationChoice>) => void) => void;
}

const scope = self as unknown as WorkerScope;
scope.addEventListener('message', ({ data }) => {
  verify({
    ...data,
    gpu: navigator.gpu,
    agent: navigator.userAgent,
    // Who has had enough ends the worker.
    signal: new AbortController().signal,
    tell: (event) => scope.postMessage({ kind: 'event', event }),
  }).then(
    () => scope.postMessage({ kind: 'done' }),
    (error: unknown) => {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      scope.postMessage({ kind: 'failed', name, message });
    },
  );
});
