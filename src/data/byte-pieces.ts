/** The least and the most bytes that are allocated at a time. */
const pieceBytes = { least: 2 ** 16, most: 2 ** 24 };

/**
 * Bytes that come in chunks. They are kept in pieces that grow with what has come, never with what is announced, and no
 * piece is larger than 16 MiB: neither a false header nor a file of many gigabytes asks for more than there is.
 */
export class BytePieces {
  readonly #pieces: { start: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  #length = 0;

  /** Of one buffer, which is not copied. */
  static of(buffer: ArrayBuffer): BytePieces {
    const all = new BytePieces();
    all.#pieces.push({ start: 0, bytes: new Uint8Array(buffer) });
    all.#length = buffer.byteLength;
    return all;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError where there is no memory */
  append(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length;) {
      const { start, bytes } = this.#room();
      const part = chunk.subarray(from, from + start + bytes.length - this.#length);
      bytes.set(part, this.#length - start);
      this.#length += part.length;
      from += part.length;
    }
  }

  /** The last piece, or a new one where that is full. */
  #room(): { start: number; bytes: Uint8Array<ArrayBuffer> } {
    const last = this.#pieces.at(-1);
    if (last && this.#length < last.start + last.bytes.length) return last;
    const size = Math.max(pieceBytes.least, Math.min(pieceBytes.most, this.#length));
    const next = { start: this.#length, bytes: new Uint8Array(size) };
    this.#pieces.push(next);
    return next;
  }

  /** All bytes in their order, as they are kept: whoever changes them changes these. */
  *[Symbol.iterator](): Generator<Uint8Array<ArrayBuffer>> {
    for (const { start, bytes } of this.#pieces) yield bytes.subarray(0, this.#length - start);
  }

  /** Bytes from … to − 1, in a buffer of their own, so that numbers of any size are aligned in it. */
  copy(from: number, to: number): Uint8Array<ArrayBuffer> {
    const copied = new Uint8Array(to - from);
    for (let k = this.#pieceAt(from); k < this.#pieces.length && this.#pieces[k].start < to; k++) {
      const { start, bytes } = this.#pieces[k];
      copied.set(bytes.subarray(Math.max(0, from - start), to - start), Math.max(0, start - from));
    }
    return copied;
  }

  /** Index of the piece that has this byte, by bisection. */
  #pieceAt(byte: number): number {
    let [low, high] = [0, this.#pieces.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#pieces[middle].start <= byte) low = middle;
      else high = middle;
    }
    return low;
  }
}
