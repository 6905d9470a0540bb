import type * as z from 'zod/mini';
import { showName, showValue } from './show-value.ts';

/** So many problems are told one by one. */
const mostProblems = 20;

/** A spec that cannot be run. `problems` has one sentence for each wrong field: of very many, the first ones. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly problems: readonly string[];
  /** The first problem, and how many there are beside it: for where there is room for one. */
  readonly summary: string;

  constructor(problems: readonly string[]) {
    const told = problems.slice(0, mostProblems);
    const rest = problems.length - told.length;
    super([...told, ...(rest > 0 ? [`And ${counted(rest)} more.`] : [])].join('\n'));
    this.problems = told;
    this.summary =
      problems.length > 1 ? `${problems[0]} (And ${counted(problems.length - 1)} more.)` : problems[0];
  }
}

const counted = (count: number): string => count.toLocaleString('en-US');

/** What to do about a field that is not one where it stands; undefined where its spelling is all there is to check. */
type Remedy = (path: readonly PropertyKey[]) => string | undefined;

/** One sentence for each issue: the field's path, the value found there, what is allowed. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  remedy: Remedy = () => undefined,
): string[] {
  // Of a text where a list is wanted, how long it is says nothing.
  const mistyped = new Set(
    issues.flatMap(({ code, path }) => (code === 'invalid_type' ? [fieldName(path)] : [])),
  );
  const telling = issues.filter(
    ({ code, path }) => !code.startsWith('too_') || !mistyped.has(fieldName(path)),
  );
  return telling.flatMap((issue) => explain(issue, input, remedy));
}

function explain(issue: z.core.$ZodIssue, input: unknown, remedy: Remedy): string[] {
  const value = valueAt(input, issue.path);
  const field = fieldName(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(
        (key) =>
          `${fieldName([...issue.path, key])} is not a field of ${field}; ${remedy([...issue.path, key]) ?? 'check its spelling'}.`,
      );
    case 'invalid_union': {
      if (issue.discriminator !== undefined) {
        const where = fieldName([...issue.path.slice(0, -1), issue.discriminator]);
        return [sentenceOn(where, value, `allowed: ${optionsOf(issue)}.`)];
      }
      return [sentenceOn(field, value, sentence(issue.message))];
    }
    default:
      return [sentenceOn(field, value, `${allowed(issue)}.`)];
  }
}

const sentenceOn = (field: string, value: unknown, rest: string): string =>
  value === undefined ? `${field} is missing; ${rest}` : `${field} is ${showValue(value)}; ${rest}`;

function optionsOf(issue: object): string {
  const options = (issue as { options?: unknown[] }).options ?? [];
  return options
    .filter((option) => option !== undefined)
    .map(showValue)
    .join(', ');
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `allowed: ${issue.values.map(showValue).join(', ')}`;
    case 'invalid_type':
      return `it must be ${kindOf(issue.expected)}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `it must be ${issue.inclusive ? 'at least' : 'greater than'} ${limitOf(issue.minimum)}`
        : lengthOf(issue.origin, issue.exact ? '' : 'at least ', Number(issue.minimum));
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `it must be ${issue.inclusive ? 'at most' : 'less than'} ${limitOf(issue.maximum)}`
        : lengthOf(issue.origin, issue.exact ? '' : 'at most ', Number(issue.maximum));
    case 'not_multiple_of':
      return issue.divisor === 2 ? 'it must be even' : `it must be a multiple of ${issue.divisor}`;
    default:
      return sentence(issue.message).replace(/\.$/, '');
  }
}

/** Without a row of zeros to be counted. */
const limitOf = (limit: number | bigint): string =>
  typeof limit === 'number' && Math.abs(limit) >= 1e9 ? limit.toExponential() : String(limit);

/** "it must have at least one character", "it must have at most 3 entries" */
function lengthOf(origin: string, bound: string, length: number): string {
  const [one, many] = origin === 'string' ? ['character', 'characters'] : ['entry', 'entries'];
  return `it must have ${bound}${length === 1 ? `one ${one}` : `${counted(length)} ${many}`}`;
}

function kindOf(type: string): string {
  switch (type) {
    case 'int':
      return 'an integer';
    case 'string':
      return 'a text, in quotes';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list, in square brackets';
    default:
      return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
  }
}

const sentence = (text: string): string =>
  text.charAt(0).toLowerCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
const fieldName = (path: readonly PropertyKey[]): string =>
  path.length ? path.map(showName).join('.') : 'the spec';

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Partial<{ [key: PropertyKey]: unknown }> | null | undefined)?.[key],
    input,
  );
}
