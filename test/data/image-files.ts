/** Files of images put together here, byte by byte, not by what is under test. */

/** An IDX file: of bytes (type 0x08) unless another type is given, with any header. */
export function idxFile(
  shape: readonly number[],
  body: ArrayLike<number>,
  type = 0x08,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + body.length);
  bytes.set([0, 0, type, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, k) => view.setUint32(4 + 4 * k, size));
  bytes.set(body, 4 + 4 * shape.length);
  return bytes;
}

/** Records of CIFAR-10: a label and 3072 bytes each, planes R, G, B. */
export function cifarFile(
  labels: readonly number[],
  pixel: (image: number, channel: number, row: number, col: number) => number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(3073 * labels.length);
  labels.forEach((label, i) => {
    bytes[3073 * i] = label;
    for (let k = 0; k < 3072; k++) {
      const [channel, row, col] = [Math.floor(k / 1024), Math.floor(k / 32) % 32, k % 32];
      bytes[3073 * i + 1 + k] = pixel(i, channel, row, col);
    }
  });
  return bytes;
}

/** What the platform packs these bytes to. */
export async function packed(
  bytes: Uint8Array<ArrayBuffer>,
  format: 'gzip' | 'deflate-raw' = 'gzip',
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A file of a zip archive as it lies there: packed by method 8, or as it is by method 0. */
export interface ZipMember {
  name: string;
  method: number;
  /** Of it unpacked. */
  size: number;
  checksum: number;
  body: Uint8Array<ArrayBuffer>;
}

/** A zip archive; local headers have an extra field, as those that np.savez writes. */
export function zipFile(members: readonly ZipMember[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  const header = (size: number, fields: [offset: number, bytes: 2 | 4, value: number][]) => {
    const view = new DataView(new ArrayBuffer(size));
    for (const [offset, bytes, value] of fields) {
      if (bytes === 2) view.setUint16(offset, value, true);
      else view.setUint32(offset, value, true);
    }
    return new Uint8Array(view.buffer);
  };
  for (const { name, method, size, checksum, body } of members) {
    const text = new TextEncoder().encode(name);
    const extra = new Uint8Array(20);
    parts.push(
      header(30, [
        [0, 4, 0x04034b50],
        [8, 2, method],
        // In a local header np.savez leaves sizes to the extra field.
        [18, 4, 0xffffffff],
        [22, 4, 0xffffffff],
        [26, 2, text.length],
        [28, 2, extra.length],
      ]),
      text,
      extra,
      body,
    );
    directory.push(
      header(46, [
        [0, 4, 0x02014b50],
        [10, 2, method],
        [16, 4, checksum],
        [20, 4, body.length],
        [24, 4, size],
        [28, 2, text.length],
        [42, 4, at],
      ]),
      text,
    );
    at += 30 + text.length + extra.length + body.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = header(22, [
    [0, 4, 0x06054b50],
    [8, 2, members.length],
    [10, 2, members.length],
    [12, 4, length],
    [16, 4, at],
  ]);
  return joined([...parts, ...directory, end]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** As fetch and files give their bytes. */
export async function* inChunks(bytes: Uint8Array<ArrayBuffer>, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.slice(at, at + size));
  }
}
