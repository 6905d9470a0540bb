import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { clause } from '../gpu/errors.ts';
import type { OwnRuntime } from './own-runtime.ts';
import { type Opening, type Workplace, crash } from './workplace.ts';

const closeMilliseconds = 10_000;

/** Starts a process that does a job without a browser. It ends with this one, however that ends. */
export function openProcess(runtime: OwnRuntime, { url, job, fail, say, verbose }: Opening): Workplace {
  const { program, args, adapterArgs, env } = runtime;
  const child = spawn(program, [...args, url, ...adapterArgs], {
    env,
    // In a group of its own: a Ctrl-C is ours to handle, and the process is asked to stop.
    detached: true,
    stdio: 'pipe',
  });
  let lastWords = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() !== '') lastWords = line.trim();
      if (verbose) say(`${runtime.name}: ${line}`);
    });
  }
  const gone = new Promise<void>((resolve) => {
    const remedy = 'A browser (--runtime browser) or --adapter software may also help.';
    child.once('error', (error) => {
      fail(crash(`${program} did not start (${clause(error)})`, job, remedy));
      resolve();
    });
    // Not "exit": what it wrote at the end has been read by then.
    child.once('close', (code, signal) => {
      const how = signal ?? `${code ?? ''}${lastWords ? `: ${lastWords}` : ''}`;
      fail(crash(`The process ended (${how})`, job, remedy));
      resolve();
    });
  });
  return {
    close: async () => {
      child.stdin.on('error', () => undefined).end();
      const ended = gone.then(() => true);
      if (!(await Promise.race([ended, sleep(closeMilliseconds, false, { ref: false })])))
        child.kill('SIGKILL');
    },
  };
}
