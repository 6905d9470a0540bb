import { type Spec, type SpecInput, parseSpec } from './spec.ts';

type Fields = Record<string, unknown>;

/** The shortest input that gives this spec: without what the defaults say anyway. */
export function minimalSpec(spec: Spec): SpecInput {
  const all = JSON.parse(JSON.stringify(spec)) as Fields;
  return without(all, (input) => gives(input, spec)) as SpecInput;
}

/** Whether an input is valid and gives this spec, whatever the order of its fields. */
export function gives(input: unknown, spec: Spec): boolean {
  try {
    return canonical(parseSpec(input)) === canonical(spec);
  } catch {
    return false;
  }
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, entry: unknown) =>
    isFields(entry) ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))) : entry,
  );

/** Leaves out every field, and of the rest every field of theirs, that changes nothing. */
function without(fields: Fields, isSame: (fields: Fields) => boolean): Fields {
  let kept = fields;
  for (const [key, value] of Object.entries(fields)) {
    const rest = Object.fromEntries(Object.entries(kept).filter(([other]) => other !== key));
    if (isSame(rest)) kept = rest;
    else if (isFields(value)) {
      const shorter = without(value, (inner) => isSame({ ...kept, [key]: inner }));
      kept = { ...kept, [key]: shorter };
    }
  }
  return kept;
}

/** Whether a value of a spec has fields of its own. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
