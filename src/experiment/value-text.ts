import { unclearJson } from './unclear-json.ts';

/** Numbers as people write them and JSON does not: .5, 5., +2. One that begins with a needless 0 is a name. */
const numberAsWritten = /^\s*[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

const halfCharacter = /\p{Cs}/u;

/**
 * A field's value as --set and links write it: JSON where it is JSON, a number where it is one, else the text itself.
 * @throws JsonError for JSON that gives a field twice or is nested too deep
 */
export function valueOfText(text: string): unknown {
  if (numberAsWritten.test(text)) return Number(text);
  const twice = unclearJson(text);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return text;
  }
  if (twice) throw twice;
  return value;
}

/** What valueOfText reads as this value: a text as it is, unless it would be taken for something else. */
export function textOfValue(value: unknown): string {
  // JSON escapes half a character, which nothing that encodes text takes as it is.
  if (typeof value !== 'string' || halfCharacter.test(value)) return JSON.stringify(value);
  try {
    return valueOfText(value) === value ? value : JSON.stringify(value);
  } catch {
    return JSON.stringify(value);
  }
}
