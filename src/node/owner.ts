import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that holds a lease, as it writes itself down. */
export interface Owner {
  /** Of this process alone, on any machine and at any time. */
  id: string;
  host: string;
  process: number;
  /** The machine since its last start, and the container: where a process number means something. null: not known. */
  place: string | null;
  /** When the process began, in the system's own count: a number may be given again. null: not known. */
  begun: string | null;
  /** What it does there: "sweep", … */
  command: string;
  /** ISO 8601 */
  since: string;
}

export const thisOwner: Owner = {
  id: randomBytes(6).toString('hex'),
  host: hostname(),
  process: process.pid,
  place: placeHere(),
  begun: begunOf(process.pid),
  command: process.argv[2] ?? 'first-light',
  since: new Date().toISOString(),
};

/**
 * Whether a process that wrote itself down has ended, where that can be told at once: on the same machine, in the same
 * container. undefined: only its heartbeat can tell.
 */
export function hasEnded(owner: Owner): boolean | undefined {
  if (owner.id === thisOwner.id) return false;
  if (owner.place === null || owner.place !== thisOwner.place) return undefined;
  try {
    process.kill(owner.process, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  return owner.begun === null ? undefined : owner.begun !== begunOf(owner.process);
}

export const describeOwner = ({ command, host, process, since }: Owner): string =>
  `"first-light ${command}" on ${host} (process ${process}, since ${since})`;

/** Numbers of processes count within a boot of a machine and, on Linux, a namespace of it. */
function placeHere(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const parts = [hostname(), boot, readlinkSync('/proc/self/ns/pid')];
    return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
  } catch {
    return process.platform === 'linux' ? null : hostname();
  }
}

function begunOf(pid: number): string | null {
  try {
    // The name, in parentheses, may have spaces; the start is the 20th field after it.
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? null
    );
  } catch {
    return null;
  }
}
