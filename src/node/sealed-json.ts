import { createHash } from 'node:crypto';
import { jsonPieces } from '../experiment/json-text.ts';

/**
 * JSON for a file with a checksum of all else in it, so that a file that was changed or damaged later can be told; in
 * pieces, since it may be longer than a string can be.
 */
export function* sealedJsonPieces(value: object): Generator<string> {
  const hash = createHash('sha256');
  // The checksum stands before the last piece, which closes the object.
  let held = '';
  for (const piece of jsonPieces(value)) {
    hash.update(piece);
    if (held !== '') yield held;
    held = piece;
  }
  yield `,\n  "checksum": ${JSON.stringify(hash.digest('hex'))}`;
  yield held;
}

/** Whether the checksum of what was read from such a file is that of the rest. */
export function isSealed(value: unknown): boolean {
  const { checksum, ...rest } = value as { checksum?: unknown };
  const hash = createHash('sha256');
  for (const piece of jsonPieces(rest)) hash.update(piece);
  return checksum === hash.digest('hex');
}
