import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { npyBytes, npyHeader, readNpy } from '../../src/data/npy.ts';

/** What NumPy 2 writes for np.save(…, np.array([[1, 2, 3], [-0.5, 1e-3, 7]], dtype=np.float32)). */
const fromNumPy = Uint8Array.from(
  atob(
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9' +
      'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAQAAA' +
      'QEAAAAC/bxKDOgAA4EA=',
  ),
  (letter) => letter.charCodeAt(0),
);

interface Parts {
  descr?: string;
  order?: string;
  shape?: string;
  version?: number;
  body?: ArrayBuffer;
}

/** A .npy file put together here, not by the writer under test. */
function file({ descr = "'<f4'", order = 'False', shape = '(2, 3)', version = 1, body }: Parts): ArrayBuffer {
  const text = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  const start = version === 1 ? 10 : 12;
  const array = new Uint8Array(body ?? new Float32Array(6).buffer);
  const bytes = new Uint8Array(start + text.length + array.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), start);
  bytes.set(array, start + text.length);
  return bytes.buffer;
}

/** As fetch and files give their bytes. */
function inChunks(bytes: ArrayBuffer, size: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.byteLength; at += size) {
        controller.enqueue(new Uint8Array(bytes.slice(at, at + size)));
      }
      controller.close();
    },
  });
}

describe('reading', () => {
  test.for([1, 7, 130, 1000])('what NumPy wrote, in chunks of %s bytes', async (size) => {
    const { shape, data } = await readNpy(inChunks(fromNumPy.buffer, size), 'X.npy');
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, -0.5, Math.fround(1e-3), 7]);
    expect((await readNpy(fromNumPy.buffer, 'X.npy')).data).toEqual(data);
  });

  test.for([1, 2, 3])('version %s, float64, one dimension', async (version) => {
    const values = [0.1, -2, 3e300];
    const body = Float64Array.from(values).buffer;
    const bytes = file({ version, descr: "'<f8'", shape: '(3,)', body });
    const { shape, data } = await readNpy(bytes, 'y.npy');
    expect(shape).toEqual([3]);
    expect(data).toBeInstanceOf(Float64Array);
    expect([...data]).toEqual(values);
  });

  test('Fortran order means nothing in one dimension', async () => {
    const bytes = file({ order: 'True', shape: '(6,)' });
    expect((await readNpy(bytes, 'y.npy')).shape).toEqual([6]);
  });
});

/** A file that cannot be used, and what the message must name: the value found and the remedy. */
const bad: [what: string, bytes: ArrayBuffer, names: string[]][] = [
  ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0).buffer, ['50 4b 03 04', 'np.save']],
  ['an empty file', new ArrayBuffer(0), ['0 bytes', 'np.save']],
  ['a cut header', fromNumPy.buffer.slice(0, 60), ['60 bytes', 'header', 'np.save']],
  ['a cut array', fromNumPy.buffer.slice(0, 140), ['(2, 3)', '152', '140', 'again']],
  ['another version', file({ version: 4 }), ['version 4', 'np.save']],
  ['a header without shape', file({ shape: 'None' }), ['shape', 'np.save']],
  ['Fortran order', file({ order: 'True' }), ['Fortran', '(2, 3)', 'np.ascontiguousarray']],
  ['big-endian', file({ descr: "'>f4'" }), ['big-endian', '>f4', "astype('<f4')"]],
  ['big-endian integers', file({ descr: "'>i8'" }), ['big-endian', '>i8', "astype('<i8')"]],
  ['text', file({ descr: "'<U5'" }), ['<U5', 'not a real number']],
  ['half precision', file({ descr: "'<f2'" }), ['<f2', 'astype(np.float32)']],
  ['complex', file({ descr: "'<c16'" }), ['<c16', 'real']],
  ['records', file({ descr: "[('a', '<f4')]" }), ['records', 'float32']],
  ['three dimensions', file({ shape: '(1, 2, 3)' }), ['3 dimensions', '(1, 2, 3)', 'reshape(len(X), -1)']],
  ['no dimension', file({ shape: '()' }), ['0 dimensions', 'array']],
  ['no rows', file({ shape: '(0, 3)' }), ['no rows', '(0, 3)']],
  ['no columns', file({ shape: '(3, 0)' }), ['no columns', '(3, 0)']],
  ['NaN', file({ body: Float32Array.of(0, 1, 2, 3, NaN, Infinity).buffer }), ['NaN', '[1, 1]', 'nan_to_num']],
  [
    '−Inf in a vector',
    file({ shape: '(6,)', body: Float32Array.of(0, 1, 2, -Infinity, 4, 5).buffer }),
    ['-Infinity', '[3]', 'finite'],
  ],
];

test.for(bad)('%s: the error names the file, what was found and the remedy', async ([, bytes, names]) => {
  for (const source of [bytes, inChunks(bytes, 5)]) {
    const error = await readNpy(source, 'X.npy').then(
      () => expect.fail('it was read'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DataError);
    for (const name of ['X.npy', ...names]) expect((error as Error).message).toContain(name);
  }
});

describe('writing', () => {
  async function written(shape: number[], chunks: Float32Array<ArrayBuffer>[]): Promise<ArrayBuffer> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of npyBytes(shape, chunks)) parts.push(part);
    return new Blob(parts).arrayBuffer();
  }

  test('byte for byte what NumPy writes', async () => {
    const bytes = await written([2, 3], [Float32Array.of(1, 2, 3), Float32Array.of(-0.5, 1e-3, 7)]);
    expect([...new Uint8Array(bytes)]).toEqual([...fromNumPy]);
  });

  test('one dimension, read back', async () => {
    const bytes = await written([4], [Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    expect(await readNpy(bytes, 'v.npy')).toEqual({ shape: [4], data: Float32Array.of(1, 2, 3, 4) });
  });

  test('the array starts at a multiple of 64 whatever the shape', () => {
    for (const shape of [[1], [123456789, 987654321]]) expect(npyHeader(shape).length % 64).toBe(0);
  });

  test('chunks that do not make up the shape', async () => {
    await expect(written([3], [Float32Array.of(1, 2)])).rejects.toThrow('(3,) has 3 entries; 2 were written');
  });
});

test.for([
  ["'<i8'", BigInt64Array.of(-1n, 0n, 2n, 3n, 4n, 2n ** 40n)],
  ["'<i4'", Int32Array.of(-1, 0, 2, 3, 4, 5)],
  ["'<u2'", Uint16Array.of(1, 0, 2, 3, 4, 65535)],
  ["'|u1'", Uint8Array.of(1, 0, 2, 3, 4, 255)],
  ["'|b1'", Uint8Array.of(1, 0, 1, 1, 0, 0)],
] as const)('integers (%s) become float64', async ([descr, values]) => {
  const { shape, data } = await readNpy(file({ descr, body: values.slice().buffer }), 'y.npy');
  expect(shape).toEqual([2, 3]);
  expect(data).toEqual(Float64Array.from(values as ArrayLike<number | bigint>, Number));
});
