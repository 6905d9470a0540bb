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

/** Strings, one that does not end up to the end of the text, and the signs between values. */
const tokens = /"(?:[^"\\]|\\[^])*"?|[{}[\]:]/g;

interface Key {
  name: string;
  offset: number;
}

/**
 * The first field that is given twice; of a text that is no JSON nothing is to be read from it.
 * @throws JsonError where lists and objects lie in each other too deep for what reads them, which calls itself
 */
export function unclearJson(text: string): JsonError | undefined {
  /** What is open: of an object its keys, with the place of each. */
  const open: (Map<string, number> | null)[] = [];
  let twice: JsonError | undefined;
  let key: Key | undefined;
  for (const { 0: token, index: offset } of text.matchAll(tokens)) {
    const sign = token[0];
    switch (sign) {
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
    key = sign === '"' ? { name: nameIn(token), offset } : undefined;
  }
  return twice;
}

/** What a string says; of one that is none, its text. */
function nameIn(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  try {
    return JSON.parse(token) as string;
  } catch {
    return token;
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

/** Line and column of a character. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}
