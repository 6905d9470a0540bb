import { describe, expect, test, vi } from 'vitest';
import { crc32 } from '../../src/data/crc32.ts';
import { DataError } from '../../src/data/data-error.ts';
import { wrong } from '../refusals.ts';
import { readDataFile } from '../../src/data/format.ts';
import { npyHeader } from '../../src/data/npy.ts';
import { concatenated, selectedRows } from '../../src/data/stored-array.ts';
import { cifarFile, idxFile, inChunks, joined, packed, zipFile } from './image-files.ts';

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** What NumPy 1.24 writes for X = np.int16([[-2, -1], [0, 1], [2, 3]]), y = np.uint8([7, 9, 7]). */
const fromNumPy = {
  'np.savez': fromBase64(
    'UEsDBC0AAAAAAAAAIQCYyLI3//////////8FABQAWC5ucHkBABAAjAAAAAAAAACMAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpMicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAK/v///wAAAQACAAMAUEsDBC0AAAAAAAAAIQBKgppR//////////8FABQAeS5ucHkBABAAgwAAAAAAAACDAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3x1MScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKBwkHUEsBAi0DLQAAAAAAAAAhAJjIsjeMAAAAjAAAAAUAAAAAAAAAAAAAAIABAAAAAFgubnB5UEsBAi0DLQAAAAAAAAAhAEqCmlGDAAAAgwAAAAUAAAAAAAAAAAAAAIABwwAAAHkubnB5UEsFBgAAAAACAAIAZgAAAH0BAAAAAA==',
  ),
  'np.savez_compressed': fromBase64(
    'UEsDBC0AAAAIAAAAIQCYyLI3//////////8FABQAWC5ucHkBABAAjAAAAAAAAABTAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaSuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkaaOgq1CmQDrn////9nYGBkYGJgZgAAUEsDBC0AAAAIAAAAIQBKgppR//////////8FABQAeS5ucHkBABAAgwAAAAAAAABHAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC52TnYAUEsBAi0DLQAAAAgAAAAhAJjIsjdTAAAAjAAAAAUAAAAAAAAAAAAAAIABAAAAAFgubnB5UEsBAi0DLQAAAAgAAAAhAEqCmlFHAAAAgwAAAAUAAAAAAAAAAAAAAIABigAAAHkubnB5UEsFBgAAAAACAAIAZgAAAAgBAAAAAA==',
  ),
};

const pixels = Array.from({ length: 24 }, (_, k) => (k * 37) % 256);
const images = idxFile([2, 3, 4], pixels);
const npy = (shape: number[], values: number[]): Uint8Array<ArrayBuffer> =>
  joined([npyHeader(shape), new Uint8Array(Float32Array.from(values).buffer)]);
const deflated = async (name: string, bytes: Uint8Array<ArrayBuffer>) => ({
  name,
  method: 8,
  size: bytes.length,
  checksum: crc32([bytes]),
  body: await packed(bytes, 'deflate-raw'),
});

describe.for(['at once', 1, 7, 1000] as const)('read %s', (size) => {
  const read = async (bytes: Uint8Array<ArrayBuffer>, name: string) => {
    const { format, array, labels } = await readDataFile(
      size === 'at once' ? bytes.buffer : inChunks(bytes, size),
      name,
    );
    return {
      format,
      shape: array.shape,
      unit: array.unit,
      entries: [...array.rows(0, array.shape[0])],
      labels,
    };
  };

  test('IDX, whatever its name, and the same packed by gzip', async () => {
    const expected = { format: 'idx', shape: [2, 3, 4], unit: 255, entries: pixels, labels: null };
    expect(await read(images, 'images.npy')).toEqual(expected);
    expect(await read(await packed(images), 'images')).toEqual(expected);
    const labels = await read(idxFile([3], [7, 0, 9]), 'labels');
    expect([labels.shape, labels.entries]).toEqual([[3], [7, 0, 9]]);
  });

  test('IDX of other numbers, which are big-endian', async () => {
    expect((await read(idxFile([2], [0xff, 0xfe, 1, 0], 0x0b), 'shorts')).entries).toEqual([-2, 256]);
    const float = await read(idxFile([1, 1], [0xc0, 0x20, 0, 0], 0x0d), 'floats');
    expect([float.entries, float.unit, float.shape]).toEqual([[-2.5], 1, [1, 1]]);
  });

  test('.npy packed by gzip', async () => {
    const bytes = await packed(npy([2, 2], [1, 2, 3, -4]));
    expect(await read(bytes, 'X')).toMatchObject({ format: 'npy', shape: [2, 2], entries: [1, 2, 3, -4] });
  });

  test.for(['np.savez', 'np.savez_compressed'] as const)('.npz of %s, by the names in it', async (writer) => {
    const bytes = fromNumPy[writer];
    const X = await read(bytes, 'both.npz#X');
    expect(X).toMatchObject({ format: 'npz', shape: [3, 2], unit: 1, entries: [-2, -1, 0, 1, 2, 3] });
    expect((await read(bytes, 'both.npz#y')).entries).toEqual([7, 9, 7]);
  });

  test('.npz of one array, which needs no name', async () => {
    const bytes = zipFile([await deflated('arr_0.npy', npy([2, 1], [5, 6]))]);
    expect(await read(bytes, 'one.npz')).toMatchObject({ shape: [2, 1], entries: [5, 6] });
  });

  test('CIFAR-10: planes become channels, labels stand beside', async () => {
    const pixel = (image: number, channel: number, row: number, col: number) =>
      (image * 101 + channel * 50 + row * 3 + col) % 256;
    const { format, shape, unit, entries, labels } = await read(cifarFile([3, 7, 0], pixel), 'batch');
    expect([format, shape, unit]).toEqual(['cifar-10', [3, 32, 32, 3], 255]);
    expect([...labels!.rows(0, 3)]).toEqual([3, 7, 0]);
    const wrong = entries.findIndex((value, k) => {
      const position = Math.floor(k / 3);
      const at = [Math.floor(position / 1024), Math.floor(position / 32) % 32, position % 32] as const;
      return value !== pixel(at[0], k % 3, at[1], at[2]);
    });
    expect(wrong).toBe(-1);
  });

  test('an image of CIFAR-10 that begins as IDX files do', async () => {
    // Label 0, then the pixels 0, 8, 3: the magic number of IDX images.
    const bytes = cifarFile([0, 1], (_image, _channel, row, col) => (row === 0 ? [0, 8, 3][col] : 200));
    expect((await read(bytes, 'batch')).format).toBe('cifar-10');
  });
});

test('rows of several files, and rows by their numbers', async () => {
  const of = async (bytes: Uint8Array<ArrayBuffer>) => (await readDataFile(bytes.buffer, 'X')).array;
  const all = concatenated([await of(npy([2, 2], [0, 1, 2, 3])), await of(npy([3, 2], [4, 5, 6, 7, 8, 9]))]);
  expect([all.shape, [...all.rows(0, 5)], [...all.rows(1, 2)]]).toEqual([
    [5, 2],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [2, 3, 4, 5],
  ]);
  const some = selectedRows(all, Uint32Array.of(0, 1, 3, 4));
  expect([some.shape, [...some.rows(1, 3)]]).toEqual([
    [4, 2],
    [2, 3, 6, 7, 8, 9],
  ]);
});

/** The error that refuses a file, read at once and in pieces. */
async function refusal(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<string> {
  const errors: unknown[] = [];
  for (const source of [bytes.slice().buffer, inChunks(bytes, 997)]) {
    await readDataFile(source, path).then(
      () => expect.fail('it was read'),
      (reason: unknown) => errors.push(reason),
    );
  }
  expect(errors[0]).toBeInstanceOf(DataError);
  expect((errors[0] as Error).message.replace(/: \d+ bytes of it/, '')).toBe(
    (errors[1] as Error).message.replace(/: \d+ bytes of it/, ''),
  );
  return (errors[0] as Error).message;
}

test.for<
  [what: string, make: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>, words: string[]]
>([
  ['a cut IDX file', () => images.slice(0, -1), ['cut short', '(2, 3, 4)', '40 bytes', '39']],
  ['an IDX file cut in its header', () => images.slice(0, 10), ['10 bytes', 'inside its header', 'again']],
  ['an IDX file with bytes behind', () => joined([images, Uint8Array.of(1)]), ['longer', '40', '41']],
  ['another type than IDX has', () => idxFile([2], [1, 2], 7), ['00 00 07 01', 'IDX', '.npz']],
  ['an IDX file of nothing', () => idxFile([0, 28, 28], []), ['(0, 28, 28)', 'nothing in it']],
  ['NaN in an IDX file', () => idxFile([1], [0x7f, 0xc0, 0, 0], 0x0d), ['NaN', '[0]', 'finite']],
  ['an empty file', () => new Uint8Array(), ['is empty']],
  [
    'another format',
    () => new TextEncoder().encode('\0one, two\n'),
    ['00 6f 6e 65', '.npy', 'CIFAR-10', 'CSV'],
  ],
  ['a cut CIFAR-10 file', () => cifarFile([1, 2], () => 9).slice(0, -5), ['6141 bytes', '3073']],
  ['as long as CIFAR-10, but not it', () => new Uint8Array(3073).fill(77), ['77', 'label of image 0']],
  ['a cut gzip file', async () => (await packed(images)).slice(0, -12), ['gzip', 'cut short', 'again']],
  [
    'a damaged gzip file',
    async () => (await packed(images)).map((byte, k) => (k > 12 ? byte ^ 90 : byte)),
    ['gzip', 'damaged'],
  ],
  ['gzip of a tar archive', () => packed(tar()), ['tar archive', 'tar xf', 'data_batch_1.bin']],
  ['a tar archive', () => tar(), ['tar archive', 'tar xf']],
  ['gzip of CIFAR-10', () => packed(cifarFile([1], () => 3)), ['packed by gzip', 'none of the formats']],
  ['gzip of an IDX file that is cut', () => packed(images.slice(0, -3)), ['cut short', '40', '37']],
  [
    'a zip archive cut at its end',
    () => fromNumPy['np.savez'].slice(0, -30),
    ['.npz', 'directory at its end', 'cut short'],
  ],
  ['a .npz file of two arrays, neither named', () => fromNumPy['np.savez'], ['2 arrays (X, y)', '"file#X"']],
  ['an empty zip archive', () => zipFile([]), ['without a .npy file', 'np.savez']],
  [
    'an odd way of packing',
    async () => zipFile([{ ...(await deflated('X.npy', npy([1], [1]))), method: 14 }]),
    ['method 14'],
  ],
  [
    'a cut array in a .npz file',
    async () => zipFile([await deflated('X.npy', npy([2], [1, 2]).slice(0, -4))]),
    ['X', 'cut short'],
  ],
])('%s is refused, in its words', async ([, make, words]) => {
  const message = await refusal(await make(), 'file');
  for (const word of ['file', ...words]) expect(message).toContain(word);
});

test('an array that a .npz file does not have, and one asked of another file', async () => {
  expect(await refusal(fromNumPy['np.savez'], 'both.npz#Z')).toBe(
    'both.npz holds no array "Z"; it has X, y.',
  );
  expect(await refusal(images, 'images.npz#X')).toContain('images.npz is none');
});

test('the directory of a zip archive that points elsewhere', async () => {
  const good = fromNumPy['np.savez_compressed'];
  const start = good.length - 22 - 102;
  for (const [at, value] of [
    [start + 42, 77],
    [start + 42, 0xfffffff0],
    [start + 20, 0x7fffffff],
    [start, 0],
    [good.length - 6, 0xffff0000],
  ]) {
    const bytes = good.slice();
    new DataView(bytes.buffer).setUint32(at, value, true);
    expect(await refusal(bytes, 'bad.npz#X')).toMatch(/damaged|more than 4 GiB/);
  }
});

test('an array of a .npz file that differs from its checksum by one bit', async () => {
  const bytes = fromNumPy['np.savez'].slice();
  // The last of X's numbers, 3.
  const at = bytes.indexOf(3, 30 + 5 + 20 + 128 + 10);
  bytes[at] ^= 64;
  const squeezed = fromNumPy['np.savez_compressed'].slice();
  // The directory's checksum of X, as a bit that deflate does not notice would have it differ.
  squeezed[squeezed.length - 22 - 102 + 16] ^= 1;
  for (const damaged of [bytes, squeezed]) {
    expect(await refusal(damaged, 'flip.npz#X')).toBe(
      'flip.npz#X is damaged: its checksum is not the one that the archive has of it. Copy or write it again.',
    );
    // What is damaged elsewhere is left alone.
    const { array } = await readDataFile(damaged.buffer, 'flip.npz#y');
    expect([...array.rows(0, 3)]).toEqual([7, 9, 7]);
  }
});

/** How many bytes arrays take that are made while something runs. */
async function allocatedBy(work: () => Promise<unknown>): Promise<number> {
  const allocated = { bytes: 0 };
  const { Uint8Array: Original } = globalThis;
  const counting = class extends Original<ArrayBuffer> {
    constructor(...of: [ArrayBuffer]) {
      super(...of);
      if (typeof of[0] === 'number') allocated.bytes += this.byteLength;
    }
  };
  vi.stubGlobal('Uint8Array', counting);
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
  }
  return allocated.bytes;
}

describe('neither what a header claims nor what a packed file unpacks to is taken on trust', () => {
  test('a header that claims terabytes allocates nothing', async () => {
    const claim = idxFile([0xffffffff, 28, 28], [1, 2, 3]);
    const squeezed = await packed(claim);
    for (const bytes of [claim, squeezed]) {
      const allocated = await allocatedBy(async () => {
        await expect(readDataFile(inChunks(bytes, 50), 'claim')).rejects.toThrow(
          /cut short: .*3367254359296/,
        );
      });
      expect(allocated).toBeGreaterThan(0);
      expect(allocated).toBeLessThan(2 ** 20);
    }
  });

  test('a file that unpacks to 64 MiB more than its header says is left after what it says', async () => {
    const bomb = joined([idxFile([2, 2], [1, 2, 3, 4]), new Uint8Array(2 ** 26)]);
    const bytes = await packed(bomb);
    expect(bytes.length).toBeLessThan(2 ** 17);
    const allocated = await allocatedBy(async () => {
      await expect(readDataFile(inChunks(bytes, 1000), 'bomb.gz')).rejects.toThrow(
        'bomb.gz unpacks to more than the 16 bytes that the header in it claims',
      );
    });
    expect(allocated).toBeLessThan(2 ** 22);
  });

  test('nor in a .npz file', async () => {
    const bomb = joined([npy([1], [1]), new Uint8Array(2 ** 25)]);
    const bytes = zipFile([await deflated('X.npy', bomb)]);
    await expect(readDataFile(bytes.buffer, 'bomb.npz')).rejects.toThrow(
      'bomb.npz#X unpacks to more than the 132 bytes',
    );
  });
});

/** What a tar archive is known by. */
function tar(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1024);
  bytes.set(new TextEncoder().encode('cifar-10-batches-bin/'));
  bytes.set(new TextEncoder().encode('ustar'), 257);
  return bytes;
}

test.for([
  ['data.csv', 'it is "data.csv"'],
  [new Uint8Array(4), 'it is a Uint8Array'],
  [new Blob(), 'it is a Blob. Of a Blob, await blob.arrayBuffer()'],
  [undefined, 'it is undefined'],
] as const)('what is no source of bytes is named: %s', async ([source, words]) => {
  const attempt = readDataFile(wrong(source), 'data.csv');
  await expect(attempt).rejects.toThrow(TypeError);
  await expect(attempt).rejects.toThrow(words);
});
