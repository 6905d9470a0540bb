import { type ParseError, createScanner, parse, printParseErrorCode } from 'jsonc-parser';
import { showName } from './show-value.ts';

/** Text that is not JSON, or that says what JSON.parse would lose. The message goes on after the file's name and "is". */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /** Whether it is no JSON at all. */
  readonly syntax: boolean;

  constructor(message: string, syntax: boolean) {
    super(message);
    this.syntax = syntax;
  }
}

/** Levels of lists and objects. */
const deepest = 100;

/**
 * Reads JSON that a person wrote. Of a field that is given twice, JSON.parse drops the first value; here it is refused.
 * @throws JsonError with line and column of what is wrong
 */
export function parseJson(text: string): unknown {
  const twice = inspect(text);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw new JsonError(`not JSON: ${syntaxProblem(text) ?? (error as Error).message}`, true);
  }
  if (twice) throw twice;
  return value;
}

interface Key {
  name: string;
  offset: number;
}

/**
 * The first field that is given twice.
 * @throws JsonError where lists and objects lie in each other too deep for what reads them, which calls itself
 */
function inspect(text: string): JsonError | undefined {
  const scanner = createScanner(text, true);
  /** What is open: of an object its keys, with the place of each. */
  const open: (Map<string, number> | null)[] = [];
  let twice: JsonError | undefined;
  let key: Key | undefined;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const sign = text.charAt(offset); // of a token the first character tells its kind
    switch (sign) {
      case '': // the end
        return twice;
      case '{':
      case '[':
        open.push(sign === '{' ? new Map<string, number>() : null);
        if (open.length > deepest) {
          throw new JsonError(`nested more than ${deepest} deep: ${placeOf(text, offset)}`, false);
        }
        break;
      case '}':
      case ']':
        // A bracket of the other kind closes nothing: where the text is no JSON, its depth is that of what reads it.
        if ((sign === '}') === open.at(-1) instanceof Map) open.pop();
        break;
      case ':':
        twice ??= enter(text, key, open.at(-1));
    }
    key = sign === '"' ? { name: scanner.getTokenValue(), offset } : undefined;
  }
}

/** Notes a key of an object; what is wrong where it is there already. */
function enter(
  text: string,
  key: Key | undefined,
  keys: Map<string, number> | null | undefined,
): JsonError | undefined {
  if (!key || !keys) return undefined;
  const first = keys.get(key.name);
  keys.set(key.name, key.offset);
  if (first === undefined) return undefined;
  const [here, before] = [placeOf(text, key.offset), placeOf(text, first)];
  return new JsonError(
    `not clear: ${here}: ${showName(key.name)} is given for the second time, after ${before}; one of the two would be lost. Keep one`,
    false,
  );
}

/** Where a text stops being JSON, and why; undefined where only JSON.parse sees it. */
function syntaxProblem(text: string): string | undefined {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors.at(0);
  return first && `${placeOf(text, first.offset)}: ${phrase(first)}`;
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}

/** "CommaExpected" → "comma expected" */
const phrase = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
