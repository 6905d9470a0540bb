import { type Job, runsOf } from '../experiment/job.ts';
import { CommandError, codeOf, exitCode } from './command-error.ts';

/** Where a job is done: a page of a browser, or a process without one. */
export interface Workplace {
  /** Asks it whether it lives, if its end can go unnoticed; whoever finds it gone says so by `fail`. */
  check?: () => void;
  /** Ends it, by force where it does not end by itself; nothing of it stays. */
  close: () => Promise<void>;
}

/** What a workplace is opened for. */
export interface Opening {
  /** Where the app and its mailbox are. */
  url: string;
  job: Job;
  /** Told how it ended, where that was before its work was done. */
  fail: (error: unknown) => void;
  /** Settled once the work is done or has failed: whatever is still being opened is given up. */
  ended: Promise<void>;
  /** Aborted: the start is given up. Later it means nothing. */
  stop: AbortSignal;
  say: (line: string) => void;
  /** Show what the page or process writes. */
  verbose: boolean;
}

/** The end of a workplace before its work was done; `remedy`: what else may help. */
export function crash(what: string, job: Job, remedy: string): CommandError {
  const size =
    runsOf(job).length > 0 ? ' The usual cause is memory: a smaller n, d or network width needs less.' : '';
  return new CommandError(exitCode.gpu, `${what} before its work was done.${size} ${remedy}`);
}

/** An error that was met where the job is done, with the exit code of its kind. */
export function errorThere(error: {
  name?: string;
  message: string;
  stack?: string | undefined;
}): CommandError {
  const { name = 'Error', message, stack } = error;
  const code = codeOf({ name });
  const failure = new CommandError(code, code === exitCode.unexpected ? `${name}: ${message}` : message);
  if (stack) failure.stack = stack;
  return failure;
}
