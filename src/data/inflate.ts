import { BytePieces } from './byte-pieces.ts';
import { DataError } from './data-error.ts';

/** What is known of packed bytes before they are unpacked. */
export interface Packed {
  format: 'gzip' | 'deflate-raw';
  /** What messages call the file. */
  name: string;
  /**
   * How many bytes there are in all, by the header that the unpacked ones begin with; undefined where more of them are
   * needed to tell. @throws DataError where they are nothing that is read
   */
  lengthOf: (head: Uint8Array<ArrayBuffer>) => number | undefined;
}

/** More than any header has. */
const headBytes = 2 ** 17;

/**
 * Unpacks by the platform's DecompressionStream, and never more than the header of what comes out claims: a small file
 * that unpacks to gigabytes is refused as soon as it passes its own word. Memory: what has come out.
 * @throws DataError where it is damaged, cut short, or unpacks to more than it says
 */
export async function inflate(
  chunks: AsyncIterable<Uint8Array>,
  { format, name, lengthOf }: Packed,
): Promise<BytePieces> {
  const bytes = new BytePieces();
  /** An error of whoever gives the bytes is theirs: it says nothing of the file. */
  let failure: { error: unknown } | undefined;
  const iterator = chunks[Symbol.asyncIterator]();
  const source = new ReadableStream<BufferSource>({
    pull: async (controller) => {
      const next = await iterator.next().catch((error: unknown) => {
        failure = { error };
        throw error;
      });
      // Where unpacking has ended meanwhile, this throws, and nobody is left to be told.
      if (next.done) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  let length: number | undefined;
  try {
    for await (const chunk of source.pipeThrough(new DecompressionStream(format))) {
      bytes.append(chunk);
      length ??= lengthOf(bytes.copy(0, Math.min(bytes.length, headBytes)));
      if (length !== undefined && bytes.length > length) {
        throw new DataError(
          `${name} unpacks to more than the ${length} bytes that the header in it claims; what is left was not unpacked. It is damaged, or made to fill memory: get it again.`,
        );
      }
    }
  } catch (error) {
    if (failure) throw failure.error;
    if (error instanceof DataError) throw error;
    if (error instanceof RangeError) {
      throw new DataError(
        `${name} unpacks to more than there is memory for here: ${bytes.length} bytes of it could be kept. Give a part of it.`,
      );
    }
    throw new DataError(
      `${name} is packed (${format === 'gzip' ? 'gzip' : 'deflate'}), and cut short or damaged: ${bytes.length} bytes of it could be unpacked. Copy or download it again.`,
    );
  }
  return bytes;
}
