import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { clause } from '../gpu/errors.ts';
import { CommandError, exitCode } from './command-error.ts';
import { cacheFolder } from './home.ts';

/**
 * The temporary folder of a browser, with all that it writes: profile, home, temporary files. Neither the folder nor a
 * browser with this profile outlives this process, however it ends and however far the browser's start has come.
 */
export class BrowserFolder {
  readonly #path: string;
  readonly #watch: ChildProcessByStdio<Writable, null, null> | undefined;
  readonly #remove = () => {
    try {
      rmSync(this.#path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    } catch {
      // A file still held on Windows; the system clears its temporary folder.
    }
  };

  /** @throws CommandError where no folder can be made. */
  constructor() {
    this.#path = join(tmpdir(), `first-light-${randomBytes(6).toString('hex')}`);
    // First the watch: then there is no moment at which a killed process leaves a folder.
    this.#watch = watch(this.#path, this.profile);
    process.once('exit', this.#remove);
    try {
      mkdirSync(this.#path, { mode: 0o700 });
      for (const name of ['profile', 'home', 'runtime']) mkdirSync(join(this.#path, name), { mode: 0o700 });
    } catch (error) {
      this.remove();
      const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
      throw new CommandError(
        exitCode.noBrowser,
        `The browser needs a folder for its profile, and none can be made in ${tmpdir()} (${clause(error)}). Set ${variable} to a folder that you can write to.`,
        { cause: error },
      );
    }
  }

  get profile(): string {
    return join(this.#path, 'profile');
  }

  /** The environment in which the browser writes nowhere else. */
  get environment(): Record<string, string | undefined> {
    return {
      ...process.env,
      ...temporaryFiles(this.#path),
      ...(process.platform === 'linux' ? this.#home() : {}),
      XDG_RUNTIME_DIR: this.#runtime(),
    };
  }

  /** Removes the folder after the browser's end. */
  remove(): void {
    this.#watch?.stdin.end('the browser has ended\n');
    process.off('exit', this.#remove);
    this.#remove();
  }

  /** Ends a browser that has this profile, if there is one, and removes the folder. */
  abandon(): void {
    if (!this.#watch) this.remove();
    else this.#watch.stdin.end();
  }

  /**
   * Chrome and Firefox keep crash reports in the user's home, whatever their profile, and Firefox waits for ever where
   * it may not write there. What drivers have compiled stays where it is, to be used again.
   */
  #home(): Record<string, string> {
    const home = join(this.#path, 'home');
    const cache = cacheFolder();
    return {
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local', 'share'),
      XDG_CACHE_HOME: isWritable(cache) ? cache : join(home, '.cache'),
    };
  }

  /** Firefox finds no adapter where this folder does not exist. */
  #runtime(): string {
    const given = process.env['XDG_RUNTIME_DIR'];
    return given && isWritable(given) ? given : join(this.#path, 'runtime');
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Lets the browser keep its temporary files in our folder, where the path of Chrome's socket there is legal. */
function temporaryFiles(folder: string): Record<string, string> {
  const socket = join(folder, 'org.chromium.Chromium.XXXXXX', 'SingletonSocket');
  return socket.length < 104 ? { TMPDIR: folder } : {};
}

/**
 * Waits until it is told that the browser has ended, or until its pipe closes without a word, as it does when we die,
 * even by SIGKILL: then it kills who has the profile on their command line, with all of their group, more than once,
 * since one may just be starting. Then the folder goes.
 */
const watcher = `
having() {
  if [ -r /proc/self/cmdline ]; then
    grep -l -F -- "$1" /proc/[0-9]*/cmdline 2>/dev/null | tr -dc '0-9\\n'
  else
    ps -axo pid=,command= | grep -F -- "$1" | awk '{print $1}'
  fi
}
read -r _ || for round in 1 2 3; do
  for pid in $(having "$2"); do
    [ "$pid" = "$$" ] || kill -s KILL -- "-$pid" || kill -s KILL "$pid"
  done 2>/dev/null
  sleep 1
done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`;

function watch(folder: string, profile: string): ChildProcessByStdio<Writable, null, null> | undefined {
  if (process.platform === 'win32') return undefined;
  const child = spawn('sh', ['-c', watcher, 'watch', folder, profile], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return child;
}
