import * as z from 'zod/mini';

/** What the entries of such lists are, by the schema that stands in for them. */
export const entriesOf = new WeakMap<object, z.ZodMiniType>();

/** So many wrong entries of a list are looked for; where there are more they are of one kind. */
const mostWrong = 8;

/**
 * A list, which may be long: z.array looks at every entry for every fault of it, which takes longer than what it says
 * is worth.
 */
export const listOf = <Entry>(entry: z.ZodMiniType<Entry, Entry>) => {
  const anything = z.custom<Entry>();
  entriesOf.set(anything, entry);
  return z.array(anything).check((context) => {
    let wrong = 0;
    for (const [index, value] of context.value.entries()) {
      const { error } = entry.safeParse(value, { reportInput: true });
      if (!error) continue;
      for (const issue of error.issues) {
        // A number out of bounds is a number: of a union its own words are told, not those of the whole.
        const bounds = issue.code === 'too_small' || issue.code === 'too_big';
        context.issues.push({ ...issue, path: [index], continue: bounds } as z.core.$ZodRawIssue);
      }
      if (++wrong === mostWrong) return;
    }
  });
};
