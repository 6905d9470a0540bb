import type { Spec } from '../../../src/experiment/spec.ts';
import { isFields } from '../../../src/experiment/minimal-spec.ts';
import { textOfValue } from '../../../src/experiment/value-text.ts';

/** A field in which two specs differ. */
export interface SpecDifference {
  /** Its path, as the command line takes it: network.width. */
  path: string;
  /** As text; null where that spec does not have the field. */
  a: string | null;
  b: string | null;
}

/** What differs between two experiments, but for their names, in the order of the spec. */
export function specDifferences(a: Spec, b: Spec): SpecDifference[] {
  const [one, other] = [new Map(fieldsOf(a)), new Map(fieldsOf(b))];
  const paths = new Set([...one.keys(), ...other.keys()].filter((path) => path !== 'name'));
  return [...paths]
    .map((path) => ({ path, a: one.get(path) ?? null, b: other.get(path) ?? null }))
    .filter((difference) => difference.a !== difference.b);
}

function* fieldsOf(fields: object, before = ''): Generator<[path: string, text: string]> {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (isFields(value)) yield* fieldsOf(value, `${before}${name}.`);
    else yield [before + name, textOfValue(value)];
  }
}
