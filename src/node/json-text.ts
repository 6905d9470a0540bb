import { createHash } from 'node:crypto';

/** JSON for a file; numbers that are not finite become the strings "NaN", "Infinity", "-Infinity". */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(
    value,
    (_key, entry: unknown) => (typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry),
    2,
  )}\n`;

/** The same with a checksum of all else in it, so that a file that was changed or damaged later can be told. */
export const sealedJsonText = (value: object): string =>
  jsonText({ ...value, checksum: checksumOf(jsonText(value)) });

/** Whether the checksum of what was read from such a file is that of the rest. */
export function isSealed(value: unknown): boolean {
  const { checksum, ...rest } = value as { checksum?: unknown };
  return checksum === checksumOf(jsonText(rest));
}

const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Makes numbers of those strings again, in what such a file held. */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return /^(?:NaN|-?Infinity)$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withNumbers(entry)]));
}
