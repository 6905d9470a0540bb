import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, codeOf } from '../../src/node/command-error.ts';

/** The browser that `npm test` or `npm run test:firefox` is about. */
export const browser = process.env['FIRST_LIGHT_BROWSER'] === 'firefox' ? 'firefox' : 'chrome';

/**
 * Where commands compute in tests that are not about a browser: without one, which starts in a fraction of a browser's time and
 * computes the same, byte for byte (own-runtime.test.ts).
 */
export const place = browser === 'firefox' ? ['--browser', browser] : ['--runtime', 'node'];

const launcher = fileURLToPath(new URL('../../bin/first-light.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  process: ChildProcess;
  /** Where the command keeps its temporary files, the browser's profile among them. */
  temporary: string;
  ended: Promise<Ended>;
}

/** Starts the command line in a folder, as `npx first-light …` would. @param input what it reads from standard input */
export function start(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
  input?: string,
): Running {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
  return { process: child, temporary, ended };
}

/** Runs the command line to its end. */
export const firstLight = (
  folder: string,
  args: readonly string[],
  env?: Record<string, string>,
  input?: string,
): Promise<Ended> => start(folder, args, env, input).ended;

/**
 * What a call throws, and the exit code that it would have: for refusals that need no command line. That one of each kind
 * reaches the user is tested with it.
 */
export function refusal(call: () => unknown): { message: string; code: number } {
  try {
    call();
  } catch (error) {
    const { message } = error as Error;
    return { message, code: error instanceof CommandError ? error.code : codeOf(error as Error) };
  }
  throw new Error('nothing was refused');
}
