import { SpecError } from './spec-error.ts';
import { showName } from './show-value.ts';

/** Levels of lists and objects below the whole; no field of a spec or sweep lies deeper. */
const deepest = 16;
/** Values that a spec may hold in all: as many as lists of inputs or points ever need. */
const mostValues = 1_000_000;

/**
 * Refuses what cannot be looked through: nesting without end, more values than anything needs, fields that come from a
 * prototype and that a copy would lose. What is left takes time and stack in proportion to what it says.
 * @returns how many values it holds
 * @throws SpecError
 */
export function requirePlain(input: unknown): number {
  let count = 0;
  const visit = (value: unknown, path: readonly string[]): void => {
    if (++count > mostValues) {
      throw new SpecError([
        `The spec holds more than ${mostValues.toLocaleString('en-US')} values; is this the right file?`,
      ]);
    }
    if (typeof value !== 'object' || value === null) return;
    const field = path.length > 0 ? path.slice(0, 4).map(showName).join('.') : 'the spec';
    if (path.length > deepest) {
      throw new SpecError([`${field} holds values within values, more than ${deepest} deep; no field does.`]);
    }
    if (Array.isArray(value)) {
      for (const [index, entry] of (value as unknown[]).entries()) visit(entry, [...path, String(index)]);
      return;
    }
    for (const key in value) {
      if (!Object.hasOwn(value, key)) {
        throw new SpecError([`${field} has ${showName(key)} from a prototype; give every field itself.`]);
      }
      visit((value as Record<string, unknown>)[key], [...path, key]);
    }
  };
  visit(input, []);
  return count;
}
