import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { shown } from './output-folder.ts';

/**
 * Reads a JSON file.
 * @throws CommandError that names the file and, where it is not JSON, the line and column at which it stops being it.
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
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors.at(0);
  if (!first) return value;
  const before = text.slice(0, first.offset);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  throw new CommandError(
    exitCode.input,
    `${shown(path)} is not JSON: line ${line}, column ${column}: ${phrase(first)}. Mind missing or trailing commas, single quotes and comments.`,
  );
}

/** "CommaExpected" → "comma expected" */
const phrase = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
