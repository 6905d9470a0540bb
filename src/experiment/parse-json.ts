import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { JsonError, placeOf, unclearJson } from './unclear-json.ts';

/**
 * Reads JSON that a person wrote. Of a field that is given twice, JSON.parse drops the first value; here it is refused.
 * @throws JsonError with line and column of what is wrong
 */
export function parseJson(text: string): unknown {
  const twice = unclearJson(text);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw new JsonError(`not JSON: ${syntaxProblem(text) ?? (error as Error).message}`, true);
  }
  if (twice) throw twice;
  return value;
}

/** Where a text stops being JSON, and why; undefined where only JSON.parse sees it. */
function syntaxProblem(text: string): string | undefined {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors.at(0);
  return first && `${placeOf(text, first.offset)}: ${phrase(first)}`;
}

/** "CommaExpected" → "comma expected" */
const phrase = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
