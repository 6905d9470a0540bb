import { createHash } from 'node:crypto';
import { jsonText } from '../experiment/json-text.ts';

/** JSON for a file with a checksum of all else in it, so that a file that was changed or damaged later can be told. */
export const sealedJsonText = (value: object): string =>
  jsonText({ ...value, checksum: checksumOf(jsonText(value)) });

/** Whether the checksum of what was read from such a file is that of the rest. */
export function isSealed(value: unknown): boolean {
  const { checksum, ...rest } = value as { checksum?: unknown };
  return checksum === checksumOf(jsonText(rest));
}

const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
