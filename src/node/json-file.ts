import { readFileSync } from 'node:fs';
import { JsonError, parseJson } from '../experiment/parse-json.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { shown } from './output-folder.ts';

/**
 * Reads a JSON file that a person wrote.
 * @throws CommandError that names the file and, where it is not JSON or gives a field twice, the line and column
 */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CommandError(
      exitCode.input,
      `${shown(path)} cannot be read: ${absent ? 'there is no such file' : messageOf(error)}.`,
    );
  }
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const hint = error.syntax ? ' Mind missing or trailing commas, single quotes and comments.' : '';
    throw new CommandError(exitCode.input, `${shown(path)} is ${error.message}.${hint}`);
  }
}
