import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLine } from '../experiment/json-text.ts';
import type { ScriptEvent } from './events.ts';
import { shown } from './output-folder.ts';
import { listFiles } from './summary.ts';

/** Who a command speaks to: people; scripts that want its errors alone (--quiet); programs, by events (--json). */
export type Manner = 'words' | 'quiet' | 'events';

/** What was asked for, which is known before the command line is understood: it may be what is wrong. */
export const manner: Manner = process.argv.includes('--json')
  ? 'events'
  : process.argv.includes('--quiet')
    ? 'quiet'
    : 'words';

/** An event, for programs only. */
export function emit(event: ScriptEvent): void {
  if (manner === 'events') console.log(jsonLine(event));
}

/** What a command found, for people only. */
export function tell(text = ''): void {
  if (manner === 'words') console.log(text);
}

/** The same, which is of use to programs, too. */
export function say(message: string): void {
  tell(message);
  emit({ event: 'note', message });
}

/** Something worth knowing on the way, beside what was found. */
export const note = (message: string): void => aside('note', message);

/** Something that may not be as the user wants it. */
export const warn = (message: string): void => aside('warning', message);

function aside(event: 'note' | 'warning', message: string): void {
  if (manner === 'words') console.error(event === 'warning' ? `note: ${message}` : message);
  emit({ event, message });
}

/** The results of a command: for people with what they are, in a script's words just where. */
export function tellFiles(folder: string, files: readonly [name: string, what: string][]): void {
  tell(listFiles(shown(folder), files));
  if (manner === 'quiet') console.log(folder);
  for (const [name, what] of files) {
    const path = join(folder, name);
    // "POINT/" stands for the folders of the runs, which have events of their own.
    if (manner === 'events' && existsSync(path)) emit({ event: 'file', path, what });
  }
}
