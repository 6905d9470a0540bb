import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { CommandError, exitCode } from './command-error.ts';
import { type Owner, describeOwner, hasEnded, thisOwner } from './owner.ts';

/** Milliseconds between heartbeats; and without one after which an owner of another machine passes for dead. */
export const leasePace = { beat: 5_000, quiet: 40_000 };

/** What is known of a lease's owner: alive, dead, or not yet heard for long enough. */
export type Sign = 'alive' | 'dead' | 'unknown';

/** Who has a lease. */
export interface Holder {
  owner: Owner | undefined;
  sign: Sign;
  /** When it gave its last sign of life, by the clock of its own machine (ms since 1970). */
  beat: number;
}

/**
 * The right of one process to a name in a folder that several machines may share.
 *
 * It is a file NAME.k, made by a hard link: of several that try, the file system lets one have it, on a network's too, and
 * it is whole when it is seen. Its owner touches it every few seconds. One whose owner is dead is never removed by others,
 * who might remove a new one instead: the next owner takes NAME.(k + 1), which again one alone can have.
 */
export class Lease {
  readonly #name: string;
  #k: number;
  #lost = false;
  #heard = Date.now();

  private constructor(name: string, k: number) {
    this.#name = name;
    this.#k = k;
    held.add(this);
    keepBeating();
  }

  /** Takes the lease, or says who has it. */
  static take(name: string): Lease | { owner: Owner | undefined; sign: Sign } {
    for (let k = 1; ; k++) {
      const file = `${name}.${k}`;
      if (create(file)) return new Lease(name, k);
      const { owner, sign } = signOf(file);
      if (sign === 'gone') k = 0; // given back at this moment
      else if (sign !== 'dead') return { owner, sign };
    }
  }

  /** Who has a lease now; undefined where nobody living has. */
  static holder(name: string): Holder | undefined {
    for (let k = 1; ; k++) {
      const { owner, sign, beat } = signOf(`${name}.${k}`);
      if (sign === 'gone') return undefined;
      if (sign !== 'dead') return { owner, sign, beat };
    }
  }

  /**
   * Makes sure that the lease is still ours: after a pause (a suspended machine, a network away) another may have it.
   * @throws CommandError where that is so.
   */
  check(): void {
    if (!this.#lost && Date.now() - this.#heard > leasePace.quiet / 2) this.beat();
    if (!this.#lost) return;
    throw new CommandError(
      exitCode.output,
      `Another first-light has taken over ${this.#name.replace(/\/?\.[^/]*$/, '')}, or the folder was removed, while this one gave no sign of life. The same command goes on with what is left.`,
    );
  }

  /** Gives a sign of life. */
  beat(): void {
    const file = `${this.#name}.${this.#k}`;
    const late = Date.now() - this.#heard > leasePace.quiet / 2;
    try {
      const now = new Date();
      utimesSync(file, now, now);
      if (late) {
        // Who thought us dead took the next one. Where we can have it ourselves, nobody did.
        if (!create(`${this.#name}.${this.#k + 1}`)) throw new Error('taken over');
        this.#k++;
      }
      this.#heard = Date.now();
    } catch {
      this.#lost = true;
    }
  }

  /** Gives the lease back. */
  release(): void {
    held.delete(this);
    if (this.#lost) return;
    // Upwards: below one that is there nobody gets a new one while we are not through.
    for (let k = 1; k <= this.#k; k++) rmSync(`${this.#name}.${k}`, { force: true });
  }
}

/** Leases of this process. */
const held = new Set<Lease>();
let beating: NodeJS.Timeout | undefined;

function keepBeating(): void {
  if (beating) return;
  beating = setInterval(() => {
    for (const lease of held) lease.beat();
  }, leasePace.beat);
  beating.unref();
  process.once('exit', () => {
    for (const lease of held) lease.release();
  });
}

/** Makes a file that is there with all its content or not at all; false where it exists. */
function create(file: string): boolean {
  const text = JSON.stringify(thisOwner);
  const aside = `${file}-${thisOwner.id}`;
  try {
    writeFileSync(aside, text);
    linkSync(aside, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error;
    return createPlainly(file, text); // a file system without hard links
  } finally {
    rmSync(aside, { force: true });
  }
}

function createPlainly(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Heartbeats seen: the last one, for how long there was none since, and when it was looked at. */
const seen = new Map<string, { beat: number; quiet: number; at: number }>();

function signOf(file: string): { owner: Owner | undefined; sign: Sign | 'gone'; beat: number } {
  let beat: number;
  let owner: Owner | undefined;
  try {
    // Opened, not only asked about: over a network that is what fetches the present state.
    const descriptor = openSync(file, 'r');
    try {
      beat = fstatSync(descriptor).mtimeMs;
      owner = parseOwner(readFileSync(descriptor, 'utf8'));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { owner: undefined, sign: 'gone', beat: 0 };
    throw error;
  }
  const ended = owner && hasEnded(owner);
  if (ended !== undefined) return { owner, sign: ended ? 'dead' : 'alive', beat };

  // Clocks of two machines differ: only change counts, and only time in which we looked.
  const key = `${file} ${owner?.id ?? ''}`;
  const now = performance.now();
  const before = seen.get(key);
  if (before?.beat !== beat) {
    seen.set(key, { beat, quiet: 0, at: now });
    return { owner, sign: before ? 'alive' : 'unknown', beat };
  }
  before.quiet += Math.min(now - before.at, leasePace.quiet / 4);
  before.at = now;
  return { owner, sign: before.quiet >= leasePace.quiet ? 'dead' : 'unknown', beat };
}

function parseOwner(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined; // just being written
  }
}

/** For people: who has a lease. */
export const holderText = (owner: Owner | undefined): string =>
  owner ? describeOwner(owner) : 'another first-light';
