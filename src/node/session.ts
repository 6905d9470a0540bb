import { fileURLToPath } from 'node:url';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import type { Job, JobMessage, JobRun } from '../experiment/job.ts';
import { stoppedEarly } from './command-error.ts';
import { type PlaceFlags, openWorkplace } from './runtime.ts';
import { type FilePiece, serve } from './serve.ts';
import { type Workplace, errorThere } from './workplace.ts';

/** Options of every command that computes. */
export interface ComputeFlags extends PlaceFlags {
  /** Use what `first-light tune` has measured. */
  tuned: boolean;
  /** Show stack traces and what the page or process writes. */
  verbose: boolean;
}

export interface SessionOptions extends ComputeFlags {
  job: Job;
  /** The file that a run's spec names in this field of its data. */
  inputFile: (run: string, field: string) => string | undefined;
  /** Told the SHA-256 of what was read of such a file. */
  inputRead?: (run: string, field: string, sha256: string) => void;
  /** The next point of a job of points; undefined where there is none. */
  next?: (() => Promise<JobRun | undefined>) | undefined;
  /** What a job of claims has measured so far, for its report. */
  claims?: (() => ClaimsDocument) | undefined;
  receive: (message: JobMessage) => void;
  receiveFile: (path: string, piece: FilePiece) => Promise<void>;
  /** Aborted: the page is asked to stop, to keep what it has and to finish. */
  stop: AbortSignal;
  say: (line: string) => void;
}

/** A workplace that has not written for so long is asked whether it lives. */
const silenceMilliseconds = 10_000;

/** The built app, beside the built command line. */
const appFolder = fileURLToPath(new URL('../app/', import.meta.url));

/**
 * Opens the app in a browser, or what stands for it in a process without one, and lets it do a job; returns when it says that
 * it is done.
 * @throws CommandError where it fails, crashes or closes; what it posted before has been received.
 */
export async function runSession(options: SessionOptions): Promise<void> {
  const { job, stop, say } = options;
  let fail: (error: unknown) => void = () => undefined;
  let finish = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  ended.catch(() => undefined); // awaited below, perhaps after it is rejected

  let heard: number | undefined;
  const server = await serve(appFolder, {
    job,
    inputFile: options.inputFile,
    inputRead: options.inputRead,
    next: options.next,
    claims: options.claims,
    receiveFile: options.receiveFile,
    stopping: () => stop.aborted,
    failed: fail,
    receive: (messages) => {
      heard = performance.now();
      for (const message of messages) {
        options.receive(message);
        if (message.kind === 'done') finish();
        if (message.kind === 'failed') fail(errorThere(message.error));
      }
    },
  });
  const giveUp = () => {
    if (heard === undefined) fail(stoppedEarly());
  };
  stop.addEventListener('abort', giveUp);
  let place: Workplace | undefined;
  try {
    const { verbose } = options;
    place = await openWorkplace(options, { url: server.url, job, fail, ended, stop, say, verbose });
    const opened = performance.now();
    const silent = setInterval(() => {
      if (performance.now() - (heard ?? opened) > silenceMilliseconds) place?.check?.();
    }, silenceMilliseconds);
    await ended.finally(() => clearInterval(silent));
  } finally {
    stop.removeEventListener('abort', giveUp);
    await place?.close();
    await server.close();
  }
}
