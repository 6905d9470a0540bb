import { mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, exitCode, stoppedEarly } from './command-error.ts';
import { type Holder, Lease, type Sign, holderText, leasePace } from './lease.ts';
import { type Owner, thisOwner } from './owner.ts';

/** In a folder of points, the leases of the commands that share it: PLAN~OWNER.k */
const sharers = '.leases';
/** The lease of a folder that one run alone writes into, of a point's among others. */
const alone = '.lease';

/** Told about what is waited for; aborted: no longer. */
export interface Waiting {
  say: (line: string) => void;
  stop?: AbortSignal | undefined;
}

/** The right to write into a folder: of a run alone, or of all commands with the same plan. */
export interface FolderLease {
  /** @throws CommandError where it was lost. */
  check: () => void;
  release: () => void;
}

/** Takes the folder of a run, or says who has it. */
export const takeRun = (folder: string): ReturnType<typeof Lease.take> => Lease.take(join(folder, alone));

/** Who is at work on a run, as far as it lives. */
export const runHolder = (folder: string): Holder | undefined => Lease.holder(join(folder, alone));

/**
 * Takes a folder that exists for a command: `plan` names what commands must have in common to share it; without one the
 * command is alone there.
 * @throws CommandError naming the owner, where another command is at work there.
 */
export async function takeFolder(
  folder: string,
  plan: string | undefined,
  { say, stop }: Waiting,
): Promise<FolderLease> {
  const list = join(folder, sharers);
  for (let tries = 0; ; tries++) {
    const door = await enter(list, stop);
    try {
      const others = plan === undefined ? signs(list) : signs(list).filter((other) => other.plan !== plan);
      const lone = Lease.holder(join(folder, alone));
      const found = [...others, ...(lone ? [lone] : [])].filter(({ sign }) => sign !== 'dead');
      const living = found.find(({ sign }) => sign === 'alive');
      if (living) throw inUse(folder, living.owner);
      if (found.length === 0) return plan === undefined ? leaseAlone(folder) : leaseShared(folder, plan);
      if (tries === 0) {
        say(
          `${folder} was last used by ${holderText(found[0].owner)}; waiting up to ${leasePace.quiet / 1000} s for a sign of life.`,
        );
      }
    } finally {
      door.release();
      tidy(list);
    }
    await sleep(leasePace.beat / 10, undefined, stop ? { signal: stop } : {}).catch(stopped);
  }
}

function leaseAlone(folder: string): FolderLease {
  const lease = takeRun(folder);
  if (lease instanceof Lease) return lease;
  throw inUse(folder, lease.owner);
}

function leaseShared(folder: string, plan: string): FolderLease {
  const list = join(folder, sharers);
  const lease = Lease.take(join(list, `${plan}~${thisOwner.id}`));
  if (!(lease instanceof Lease)) throw inUse(folder, lease.owner);
  return {
    check: () => lease.check(),
    release: () => {
      lease.release();
      tidy(list);
    },
  };
}

/** One at a time looks who is there and writes itself down. */
async function enter(list: string, stop: AbortSignal | undefined): Promise<Lease> {
  for (;;) {
    try {
      mkdirSync(list, { recursive: true });
      const door = Lease.take(join(list, 'door'));
      if (door instanceof Lease) return door;
    } catch (error) {
      // The last one out has just removed the folder.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    await sleep(50, undefined, stop ? { signal: stop } : {}).catch(stopped);
  }
}

/** Who shares a folder; what dead ones left goes. */
function signs(list: string): { plan: string; owner: Owner | undefined; sign: Sign }[] {
  return readdirSync(list).flatMap((file) => {
    const found = /^(([^~]+)~[^.]+)\.\d+$/.exec(file);
    if (!found) return [];
    const [, name, plan] = found;
    const holder = Lease.holder(join(list, name));
    if (holder) return [{ plan, ...holder }];
    rmSync(join(list, file), { force: true });
    return [];
  });
}

/** Removes the list where it is empty. */
function tidy(list: string): void {
  try {
    rmdirSync(list);
  } catch {
    // somebody is there
  }
}

const inUse = (folder: string, owner: Owner | undefined): CommandError =>
  new CommandError(
    exitCode.output,
    `${folder} is in use by ${holderText(owner)}. Wait until it has ended, stop it, or choose another folder with --out.`,
  );

function stopped(): never {
  throw stoppedEarly();
}
