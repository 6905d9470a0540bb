import { readFileSync, readdirSync } from 'node:fs';

/** Kills the browser whose profile lies in a folder, as a crash would (Linux). */
export function killBrowser(folder: string): void {
  const ours = readdirSync('/proc').filter(
    (entry) => /^\d+$/.test(entry) && commandOf(entry).includes(folder),
  );
  for (const pid of ours) {
    // The watcher that cleans up after the browser names the folder too.
    if (!commandOf(pid).startsWith('sh\0')) kill(Number(pid));
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended with its parent
  }
}
