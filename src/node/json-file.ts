import { readFileSync, readSync } from 'node:fs';
import { JsonError } from '../experiment/unclear-json.ts';
import { decodeJson } from '../experiment/decode-json.ts';
import { parseJson } from '../experiment/parse-json.ts';
import { CommandError, exitCode, whyUnreadable } from './command-error.ts';
import { shown } from './output-folder.ts';

/** What stands for standard input in place of a file's path. */
export const standardInput = '-';

/** What messages call a file that a user named. */
export const shownFile = (path: string): string => (path === standardInput ? 'standard input' : shown(path));

/**
 * Reads a JSON file that a person wrote, or what comes from standard input.
 * @throws CommandError that names the file and, where it is not JSON, not in UTF-8 or gives a field twice, the line and column
 */
export function readJsonFile(path: string): unknown {
  let bytes: Uint8Array;
  try {
    bytes = path === standardInput ? readStandardInput() : readFileSync(path);
  } catch (error) {
    throw new CommandError(exitCode.input, `${shownFile(path)} cannot be read: ${whyUnreadable(error)}.`);
  }
  try {
    return parseJson(decodeJson(bytes));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const hint = error.syntax ? ' Mind missing or trailing commas, single quotes and comments.' : '';
    throw new CommandError(exitCode.input, `${shownFile(path)} is ${error.message}.${hint}`);
  }
}

/** All of it. Node's readFileSync gives up where the other side takes its time. */
function readStandardInput(): Uint8Array {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(2 ** 16);
    try {
      const length = readSync(0, chunk);
      if (length === 0) break;
      chunks.push(chunk.subarray(0, length));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') break; // so Windows says that a pipe has ended
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
  return Buffer.concat(chunks);
}
