/** What each byte adds, for the reversed polynomial of zip, gzip and PNG. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  }
  return remainder;
});

/** The CRC-32 of bytes that come in pieces. Browsers offer none. */
export function crc32(pieces: Iterable<Uint8Array>): number {
  let crc = 0xffffffff;
  for (const piece of pieces) {
    for (let k = 0; k < piece.length; k++) crc = table[(crc ^ piece[k]) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
