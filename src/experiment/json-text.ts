/** JSON for a file; numbers that are not finite become the strings "NaN", "Infinity", "-Infinity". */
export const jsonText = (value: unknown): string => `${stringify(value)}\n`;

/**
 * The text of an object in pieces, entry by entry of the lists that are its fields: a string holds at most half a gigabyte,
 * and what is written piece by piece needs no memory beside the object.
 */
export function* jsonPieces(value: object): Generator<string> {
  // What is undefined is left out, as it is in JSON.
  const fields = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (fields.length === 0) {
    yield '{}\n';
    return;
  }
  for (const [k, [key, entry]] of fields.entries()) {
    const before = `${k === 0 ? '{' : ','}\n  ${JSON.stringify(key)}: `;
    if (!Array.isArray(entry) || entry.length === 0) {
      yield before + indented(entry, '  ');
      continue;
    }
    for (const [index, one] of (entry as unknown[]).entries()) {
      yield `${index === 0 ? `${before}[` : ','}\n    ${indented(one ?? null, '    ')}`;
    }
    yield '\n  ]';
  }
  yield '\n}\n';
}

/** The same on one line, without its end. */
export const jsonLine = (value: unknown): string => stringify(value, 0);

const stringify = (value: unknown, indent = 2): string =>
  JSON.stringify(
    value,
    (_key, entry: unknown) => (typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry),
    indent,
  );

/** Line breaks inside of strings are escaped: those that are there are the layout's. */
const indented = (value: unknown, by: string): string => stringify(value).replaceAll('\n', `\n${by}`);

/** Makes numbers of those strings again, in what such a file held. */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return /^(?:NaN|-?Infinity)$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withNumbers(entry)]));
}
