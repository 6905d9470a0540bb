/** JSON for a file; numbers that are not finite become the strings "NaN", "Infinity", "-Infinity". */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(
    value,
    (_key, entry: unknown) => (typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry),
    2,
  )}\n`;

/** Makes numbers of those strings again, in what such a file held. */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return /^(?:NaN|-?Infinity)$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withNumbers(entry)]));
}
