/** Whether text begins with the byte order mark of UTF-16, in either order. */
export const hasUtf16Mark = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
