import { hasUtf16Mark } from '../data/utf16.ts';
import { JsonError } from './unclear-json.ts';

const lineFeed = 0x0a;

/**
 * The text of a JSON file that a person wrote, without a byte order mark.
 * @throws JsonError where it is not in UTF-8: in another encoding, names would be read as others than they are
 */
export function decodeJson(bytes: Uint8Array): string {
  // JSON begins with a sign of ASCII, which has a byte of zeros in UTF-16.
  if (hasUtf16Mark(bytes) || (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0))) {
    throw new JsonError(
      'text in UTF-16, as Windows PowerShell 5 writes it with ">". Save it in UTF-8, or write it with "| Out-File -Encoding utf8"',
      false,
    );
  }
  return decoded(bytes) ?? refuse(bytes);
}

/** Undefined where it is not UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** @throws JsonError with the first line that is not UTF-8 */
function refuse(bytes: Uint8Array): never {
  for (let line = 1, from = 0; ; line++) {
    const end = bytes.indexOf(lineFeed, from);
    const to = end < 0 ? bytes.length : end;
    if (decoded(bytes.subarray(from, to)) === undefined) {
      throw new JsonError(
        `not in UTF-8: line ${line} has signs of another encoding. Save it in UTF-8`,
        false,
      );
    }
    from = to + 1;
  }
}
