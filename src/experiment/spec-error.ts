import type { z } from 'zod';

/** A spec that cannot be run. `problems` has one sentence for each wrong field. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** One sentence for each issue: the field's path, the value found there, what is allowed. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], input: unknown): string[] {
  return issues.flatMap((issue) => explain(issue, input));
}

function explain(issue: z.core.$ZodIssue, input: unknown): string[] {
  const value = valueAt(input, issue.path);
  const field = fieldName(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(
        (key) => `${fieldName([...issue.path, key])} is not a field of ${field}; check its spelling.`,
      );
    case 'invalid_union': {
      if (issue.discriminator !== undefined) {
        const where = fieldName([...issue.path.slice(0, -1), issue.discriminator]);
        return [`${where} is ${show(value)}; allowed: ${optionsOf(issue)}.`];
      }
      return [`${field} is ${show(value)}; ${sentence(issue.message)}`];
    }
    default:
      if (value === undefined) return [`${field} is missing; ${allowed(issue)}.`];
      return [`${field} is ${show(value)}; ${allowed(issue)}.`];
  }
}

function optionsOf(issue: object): string {
  return ((issue as { options?: unknown[] }).options ?? []).map(show).join(', ');
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `allowed: ${issue.values.map(show).join(', ')}`;
    case 'invalid_type':
      return `it must be ${article(issue.expected)}`;
    case 'too_small':
      return `it must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}`;
    case 'too_big':
      return `it must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'not_multiple_of':
      return issue.divisor === 2 ? 'it must be even' : `it must be a multiple of ${issue.divisor}`;
    default:
      return sentence(issue.message).replace(/\.$/, '');
  }
}

const article = (type: string): string =>
  type === 'int' ? 'an integer' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
const sentence = (text: string): string =>
  text.charAt(0).toLowerCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
const show = (value: unknown): string =>
  typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
const fieldName = (path: readonly PropertyKey[]): string => (path.length ? path.join('.') : 'the spec');

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Partial<{ [key: PropertyKey]: unknown }> | null | undefined)?.[key],
    input,
  );
}
