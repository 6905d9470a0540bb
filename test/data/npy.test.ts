import { describe, expect, test, vi } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { npyBytes, npyHeader, readNpy } from '../../src/data/npy.ts';
import { type StoredArray, rowChunks } from '../../src/data/stored-array.ts';

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

const entriesOf = (array: StoredArray): number[] => [...array.rows(0, array.shape[0])];

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
    const array = await readNpy(inChunks(fromNumPy.buffer, size), 'X.npy');
    expect(array.shape).toEqual([2, 3]);
    expect(entriesOf(array)).toEqual([1, 2, 3, -0.5, Math.fround(1e-3), 7]);
    expect([...array.rows(1, 1)]).toEqual([-0.5, Math.fround(1e-3), 7]);
    expect(entriesOf(await readNpy(fromNumPy.buffer, 'X.npy'))).toEqual(entriesOf(array));
  });

  test.for([1, 2, 3])('version %s, float64, one dimension', async (version) => {
    const values = [0.1, -2, 3e300];
    const body = Float64Array.from(values).buffer;
    const bytes = file({ version, descr: "'<f8'", shape: '(3,)', body });
    const array = await readNpy(bytes, 'y.npy');
    expect(array.shape).toEqual([3]);
    expect(entriesOf(array)).toEqual(values);
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
  ['text', file({ descr: "'<U5'" }), ['<U5', 'not a real number']],
  ['long double', file({ descr: "'<f16'" }), ['<f16', 'another size', 'astype(np.float32)']],
  ['a prototype’s key', file({ descr: "'constructor'" }), ['constructor', 'not a real number']],
  ['another', file({ descr: "'__proto__'" }), ['__proto__', 'not a real number']],
  [
    'an escape sequence',
    file({ descr: "'\u001b]0;\u009b1m'" }),
    ['\\u001b]0;\\u009b1m', 'not a real number'],
  ],
  ['a claim of 8 GB', file({ shape: '(1000000000, 2)' }), ['(1000000000, 2)', '8000000', 'cut short']],
  ['two dtypes', file({ descr: "'<f4', 'descr': '<f8'" }), ['gives descr twice']],
  ['a claim beyond all numbers', file({ shape: `(${'9'.repeat(30)}, 2)` }), ['cut short', '8e+30']],
  ['complex', file({ descr: "'<c16'" }), ['<c16', 'real']],
  ['records', file({ descr: "[('a', '<f4')]" }), ['records', 'float32']],
  [
    'five dimensions',
    file({ shape: '(1, 1, 1, 2, 3)' }),
    ['5 dimensions', '(1, 1, 1, 2, 3)', 'reshape(len(X), -1)'],
  ],
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
    const read = await readNpy(bytes, 'v.npy');
    expect([read.shape, entriesOf(read)]).toEqual([[4], [1, 2, 3, 4]]);
  });

  test('the array starts at a multiple of 64 whatever the shape', () => {
    for (const shape of [[1], [123456789, 987654321]]) expect(npyHeader(shape).length % 64).toBe(0);
  });

  test('chunks that do not make up the shape', async () => {
    await expect(written([3], [Float32Array.of(1, 2)])).rejects.toThrow('(3,) has 3 entries; 2 were written');
  });
});

/** What NumPy, C++, R and Python 2 write for the same numbers, little-endian unless the dtype says otherwise. */
const numbers: [descr: string, values: ArrayLike<number | bigint> & ArrayBufferView<ArrayBuffer>][] = [
  ...["'<f4'", "'=f4'", "'f4'", '"f4"', "'float32'", "'f'", "'single'", "u'<f4'", "'|f4'"].map(
    (descr) => [descr, Float32Array.of(1, -2.5, 3e30, 0, 1e-40, 7)] as [string, Float32Array<ArrayBuffer>],
  ),
  ...["'<f8'", "'float64'", "'d'", '"double"'].map(
    (descr) => [descr, Float64Array.of(1, -2.5, 3e300, 0, 0.1, 7)] as [string, Float64Array<ArrayBuffer>],
  ),
  ["'<i8'", BigInt64Array.of(-1n, 0n, 2n, -(2n ** 62n), 2n ** 53n + 1n, 2n ** 63n - 1n)],
  ["'int64'", BigInt64Array.of(-1n, 0n, 2n, 3n, 4n, -(2n ** 40n))],
  ["'<u8'", BigUint64Array.of(1n, 0n, 2n, 3n, 2n ** 53n + 1n, 2n ** 64n - 1n)],
  ["'<i4'", Int32Array.of(-1, 0, 2, 3, 4, -(2 ** 31))],
  ["'<u4'", Uint32Array.of(1, 0, 2, 3, 4, 2 ** 32 - 1)],
  ["'<i2'", Int16Array.of(-1, 0, 2, 3, 4, -32768)],
  ["'<u2'", Uint16Array.of(1, 0, 2, 3, 4, 65535)],
  ...["'|i1'", "'<i1'", "'i1'", "'int8'", "'b'"].map(
    (descr) => [descr, Int8Array.of(-1, 0, 1, 127, 1, -128)] as [string, Int8Array<ArrayBuffer>],
  ),
  ...["'|u1'", "'<u1'", "'>u1'", "'u1'", "'uint8'", '"uint8"', "'|b1'", "'<b1'", "'bool'", "'?'"].map(
    (descr) => [descr, Uint8Array.of(1, 0, 1, 0, 1, 255)] as [string, Uint8Array<ArrayBuffer>],
  ),
];

describe.for(numbers)('dtype %s', ([descr, values]) => {
  const exact = Array.from(values, Number);
  const body = values.buffer.slice(0);

  test('as it lies, at any address, in pieces', async () => {
    for (const version of [1, 2]) {
      const bytes = file({ descr, body, version });
      for (const source of [bytes, inChunks(bytes, 3), inChunks(bytes, 1000)]) {
        const array = await readNpy(source, 'X.npy');
        expect(array.shape).toEqual([2, 3]);
        expect(entriesOf(array)).toEqual(exact);
      }
    }
  });

  test('in Fortran order', async () => {
    const array = await readNpy(file({ descr, body, order: 'True' }), 'X.npy');
    expect(entriesOf(array)).toEqual([0, 2, 4, 1, 3, 5].map((k) => exact[k]));
    expect([...array.rows(1, 1)]).toEqual([1, 3, 5].map((k) => exact[k]));
  });

  test('big-endian', async () => {
    const size = values.byteLength / 6;
    if (!/^'<..'$/.test(descr)) return;
    const little = new Uint8Array(body);
    const turned = little.map((_, k) => little[k - (k % size) + size - 1 - (k % size)]);
    const bytes = file({ descr: descr.replace('<', '>'), body: turned.buffer });
    expect(entriesOf(await readNpy(bytes, 'X.npy'))).toEqual(exact);
  });
});

test('float16: every finite number', async () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, k) => k).filter((k) => (k & 0x7c00) !== 0x7c00);
  const bytes = file({ descr: "'<f2'", shape: `(${bits.length},)`, body: bits.slice().buffer });
  const read = entriesOf(await readNpy(bytes, 'X.npy'));
  // Its definition: ±1.f · 2^(e − 15), ±0.f · 2^−14 where e = 0.
  bits.forEach((b, k) => {
    const [e, f] = [(b >> 10) & 31, (b & 1023) / 1024];
    const value = (b & 0x8000 ? -1 : 1) * (e === 0 ? f * 2 ** -14 : (1 + f) * 2 ** (e - 15));
    if (read[k] !== value) expect.fail(`${b.toString(16)}: ${read[k]}, not ${value}`);
  });
  const infinite = file({ descr: "'e'", shape: '(2,)', body: Uint16Array.of(0, 0x7c00).buffer });
  await expect(readNpy(infinite, 'X.npy')).rejects.toThrow('Infinity at index [1]');
});

test.for([
  "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
  '{"descr": "<f4", "fortran_order": False, "shape": (2, 3), }',
  "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}          \n",
  "{'shape':(2L,3L),'descr':'<f4','fortran_order':False,}",
  "{u'descr': u'<f4', u'fortran_order': False, u'shape': (2L, 3L)}",
  "{\n 'descr': '<f4',\n 'fortran_order': False,\n 'shape': ( 2 , 3 , ),\n}",
])('the header %s', async (text) => {
  const body = Float32Array.of(1, 2, 3, 4, 5, 6);
  const bytes = new Uint8Array(10 + text.length + 24);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0]);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes.set(new Uint8Array(body.buffer), 10 + text.length);
  const array = await readNpy(bytes.buffer, 'X.npy');
  expect([array.shape, entriesOf(array)]).toEqual([[2, 3], [...body]]);
});

test.for([
  [2, 2, 3],
  [2, 3, 1, 2],
])('of shape %s × %s × …, in C and in Fortran order', async (shape) => {
  const strides = (order: readonly number[]): number[] => {
    const by = new Array<number>(shape.length);
    order.reduce((stride, axis) => ((by[axis] = stride), stride * shape[axis]), 1);
    return by;
  };
  const axes = shape.map((_, axis) => axis);
  const [c, fortran] = [strides([...axes].reverse()), strides(axes)];
  const body = new Uint8Array(12);
  const expected = Array.from({ length: 12 }, (_, k) => 20 + k);
  for (let k = 0; k < 12; k++) {
    const index = axes.map((axis) => Math.floor(k / c[axis]) % shape[axis]);
    body[index.reduce((at, value, axis) => at + value * fortran[axis], 0)] = 20 + k;
  }
  const text = `(${shape.join(', ')})`;
  const bytes = file({ descr: "'|u1'", order: 'True', shape: text, body: body.buffer });
  const array = await readNpy(bytes, 'X.npy');
  expect([array.shape, entriesOf(array)]).toEqual([shape, expected]);
  expect([...array.rows(1, 1)]).toEqual(expected.slice(6));
  const plain = file({ descr: "'|u1'", shape: text, body: Uint8Array.from(expected).buffer });
  expect(entriesOf(await readNpy(inChunks(plain, 5), 'X.npy'))).toEqual(expected);
});

test('a claim allocates nothing', async () => {
  const allocated = { bytes: 0 };
  const { Uint8Array: Original } = globalThis;
  const counting = class extends Original<ArrayBuffer> {
    constructor(...of: [ArrayBuffer]) {
      super(...of);
      allocated.bytes += this.byteLength;
    }
  };
  const bytes = file({ shape: '(2000000000,)' });
  vi.stubGlobal('Uint8Array', counting);
  try {
    await expect(readNpy(inChunks(bytes, 50), 'y.npy')).rejects.toThrow('cut short');
  } finally {
    vi.unstubAllGlobals();
  }
  expect(allocated.bytes).toBeGreaterThan(0);
  expect(allocated.bytes).toBeLessThan(2 ** 20);
});

test('arrays of several pieces and chunks, row-major and column-major', async () => {
  const [n, d] = [20_001, 97];
  const value = (i: number, j: number): number => (i * 31 + j * 7) % 251;
  const byRow = new Uint8Array(n * d).map((_, k) => value(Math.floor(k / d), k % d));
  const byColumn = new Uint8Array(n * d).map((_, k) => value(k % n, Math.floor(k / n)));
  for (const [order, body] of [
    ['False', byRow.buffer],
    ['True', byColumn.buffer],
  ] as const) {
    const bytes = file({ descr: "'|u1'", order, shape: `(${n}, ${d})`, body });
    const array = await readNpy(inChunks(bytes, 1_000_003), 'X.npy');
    let next = 0;
    let wrong = 0;
    for (const { first, entries } of rowChunks(array)) {
      expect(first).toBe(next);
      next += entries.length / d;
      for (let k = 0; k < entries.length; k++) if (entries[k] !== byRow[first * d + k]) wrong++;
    }
    expect([next, wrong]).toEqual([n, 0]);
  }
});
