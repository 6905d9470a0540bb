import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { readFiles } from '../../src/experiment/read-files.ts';
import { run } from '../../src/experiment/run.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { parseSpec } from '../../src/experiment/parse-spec.ts';
import { type DataSpec, filesOf } from '../../src/experiment/spec.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { cifarFile, idxFile, packed } from '../data/image-files.ts';
import { gpu } from '../gpu-device.ts';

const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);
const numbers = [2, 4, 0, 4, 2, 2, 9, 4];
/** Image i of 4 × 4 bytes, of which pixel k is value(i, k). */
const value = (i: number, k: number): number => (i * 53 + k * 29 + ((i * k * 17) % 101)) % 256;
const images = idxFile(
  [8, 4, 4],
  Array.from({ length: 128 }, (_, at) => value(Math.floor(at / 16), at % 16)),
);
const files: Record<string, Uint8Array<ArrayBuffer>> = {
  'images.gz': await packed(images),
  images,
  labels: idxFile([8], numbers),
  'few-labels': idxFile([7], numbers.slice(0, 7)),
  'one-hot': idxFile([8, 10], new Array(80).fill(1)),
  'iris.csv': text('id,width,length,species\n1,2,3,setosa\n2,4,9,other\n3,5,6,virginica\n4,1,8,setosa\n'),
  'iris-test.csv': text('id,width,length,species\n5,7,1,virginica\n6,3,2,setosa\n'),
  'turned.csv': text('id,length,width,species\n5,7,1,virginica\n6,3,2,setosa\n'),
  'numbers.csv': text('a,b,y\n1,2,3\n4,5,1\n7,9,3\n'),
  wide: idxFile([8, 4, 5], new Array(160).fill(1)),
  'batch-1': cifarFile([3, 7, 1], (image, channel, row, col) => (image * 9 + channel * 60 + row + col) % 256),
  'batch-2': cifarFile([7, 3], (image, channel, row, col) => (image * 31 + channel * 7 + row * col) % 256),
};

type Fields = Record<string, unknown>;

const specOf = (data: Fields, rest: Fields = {}) =>
  parseSpec({
    data: { distribution: 'files', ...data },
    network: { width: 4 },
    training: { eta: 0.1, steps: 2 },
    ...rest,
  });

const opened: string[] = [];
const open = (path: string): Promise<ArrayBuffer> => {
  opened.push(path);
  return Promise.resolve(files[path].slice().buffer);
};
const read = (data: Fields) =>
  readFiles(specOf(data).data as Extract<DataSpec, { distribution: 'files' }>, open);

test('two classes become +1 and −1, in the order of the file, averaged', async () => {
  const { x, y, xTest, yTest, description } = await read({
    x: 'images.gz',
    y: 'labels',
    xTest: 'images',
    yTest: 'labels',
    classes: [4, 2],
    n: 5,
    average: 2,
  });
  const rows = [0, 1, 3, 4, 5];
  expect([x.array.shape, xTest!.array.shape]).toEqual([
    [5, 4],
    [6, 4],
  ]);
  const block = (i: number) => [0, 1, 4, 5].reduce((sum, k) => sum + value(i, k), 0) / 4 / 255;
  rows.forEach((i, k) => expect(x.array.rows(k, 1)[0]).toBeCloseTo(block(i), 14));
  expect([...y!.array.rows(0, 5)]).toEqual([-1, 1, 1, -1, -1]);
  expect([...yTest!.array.rows(0, 6)]).toEqual([-1, 1, 1, -1, -1, 1]);
  expect(description).toEqual({
    format: 'idx',
    shape: [2, 2, 1],
    average: 2,
    prepare: 'centred',
    classes: [
      { class: 4, number: 4, label: 1, train: 2, test: 3 },
      { class: 2, number: 2, label: -1, train: 3, test: 3 },
    ],
  });
});

test('CIFAR-10 in several batches, classes by name, labels from the files themselves', async () => {
  const { x, y, description } = await read({
    x: ['batch-1', 'batch-2'],
    classes: ['cat', 'horse'],
    average: 16,
  });
  expect(x.array.shape).toEqual([4, 12]);
  expect([...y!.array.rows(0, 4)]).toEqual([1, -1, -1, 1]);
  expect(description.classes?.map((one) => [one.class, one.number])).toEqual([
    ['cat', 3],
    ['horse', 7],
  ]);
  // Row 0 of batch 2, the upper left block of channel 2.
  let sum = 0;
  for (let row = 0; row < 16; row++) for (let col = 0; col < 16; col++) sum += 14 + row * col;
  expect(x.array.rows(2, 1)[2]).toBeCloseTo(sum / 256 / 255, 14);
});

test('without classes, all rows with their own labels, or the first n', async () => {
  const { x, y, description } = await read({ x: 'images', y: 'labels', n: 3 });
  expect([x.array.shape, [...y!.array.rows(0, 3)], description.classes]).toEqual([[3, 16], [2, 4, 0], null]);
  const cifar = await read({ x: 'batch-1' });
  expect([cifar.x.array.shape, cifar.y]).toEqual([[3, 3072], null]);
});

test('two classes of a table, by their words; a label by its number as it is', async () => {
  const iris = { x: 'iris.csv', label: 'species', ignore: ['id'], classes: ['virginica', 'setosa'] };
  const { x, y, xTest, yTest, description } = await read({ ...iris, xTest: 'iris-test.csv' });
  expect([...x.array.rows(0, 3)]).toEqual([2, 3, 5, 6, 1, 8]);
  expect([...y!.array.rows(0, 3)]).toEqual([-1, 1, -1]);
  expect([...xTest!.array.rows(0, 2), ...yTest!.array.rows(0, 2)]).toEqual([7, 1, 3, 2, 1, -1]);
  expect(description).toMatchObject({ format: 'csv', shape: null });
  expect(description.classes).toEqual([
    { class: 'virginica', number: 2, label: 1, train: 1, test: 1 },
    { class: 'setosa', number: 0, label: -1, train: 2, test: 1 },
  ]);
  const numbered = await read({ x: 'numbers.csv', label: 3 });
  expect([...numbered.y!.array.rows(0, 3)]).toEqual([3, 1, 3]);
  const chosen = await read({ x: 'numbers.csv', label: 'y', classes: ['1', 3] });
  expect([...chosen.y!.array.rows(0, 3)]).toEqual([-1, 1, -1]);
  expect(specOf({ x: 'numbers.csv', label: 3 }).target).toEqual({ kind: 'labels' });
  expect(specOf({ x: 'numbers.csv' }).target.kind).toBe('sign-quadratic');
});

test.for<[what: string, data: Fields, words: RegExp]>([
  [
    'words without classes',
    { x: 'iris.csv', label: 4 },
    /line 2, column 4 \(species\): "setosa".*Name the two/,
  ],
  [
    'a word that is no label',
    { x: 'iris.csv', label: 4, classes: ['setosa', 'rose'] },
    /"rose", but no label in iris.csv is that; there are "setosa", "other", "virginica"/,
  ],
  [
    'a class that is none',
    { x: 'numbers.csv', label: 'y', classes: [1, 2] },
    /has 2, but no label .* there are 1, 3/,
  ],
  [
    'other columns in the test set',
    { x: 'iris.csv', xTest: 'turned.csv', label: 4, classes: ['setosa', 'virginica'] },
    /turned.csv has "length" where iris.csv has the input "width"/,
  ],
  ['columns of what has none', { x: 'images', label: 1 }, /data.label is about the columns of a table/],
])('a table is refused: %s', async ([, data, words]) => {
  const error = await read(data).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toMatch(words);
});

test('fields of tables that do not go together', () => {
  const refuse = (data: Fields) => expect(() => specOf({ x: 'a.csv', ...data }));
  refuse({ label: 'y', y: 'b.csv' }).toThrow(/data.label is "y", a column of data.x, and data.y is a file/);
  refuse({ label: 'y', classes: ['a', 'a'] }).toThrow(/one class twice/);
  refuse({ classes: ['yes', 'no'], y: 'b.csv' }).toThrow(
    /data.classes.0 is "yes".*Other words are classes where data.label/,
  );
  refuse({ label: 0 }).toThrow(/data.label is 0; it must be/);
  expect(() => specOf({ x: 'a.csv', label: 'y' }, { target: { kind: 'sign-linear' } })).toThrow(
    /data.label is given/,
  );
});

describe('what does not fit is refused, by file and value', () => {
  test.for<[what: string, data: Fields, words: RegExp]>([
    [
      'labels of another length',
      { y: 'few-labels', classes: [2, 4] },
      /few-labels has 7 labels .* images has 8 images/,
    ],
    ['labels of several columns', { y: 'one-hot' }, /one-hot has shape \(8, 10\).*argmax/],
    [
      'a class that is not there',
      { y: 'labels', classes: [2, 5] },
      /data\.classes has 5 but no label in labels is 5; there are 0, 2, 4, 9\./,
    ],
    ['more rows than there are', { y: 'labels', n: 9 }, /data\.n is 9, but images has 8 images;/],
    [
      'more of two classes than there are',
      { y: 'labels', classes: [2, 4], n: 7 },
      /data\.n is 7, but images has 6 images of the classes 2 and 4/,
    ],
    [
      'more test rows than there are',
      { y: 'labels', xTest: 'images', yTest: 'labels', nTest: 20 },
      /data\.nTest is 20, but images has 8 images/,
    ],
    [
      'a side that does not divide',
      { average: 3 },
      /data\.average is 3, .* 4 × 4 pixels of the images in images/,
    ],
    [
      'a shape of other numbers',
      { shape: [5, 4] },
      /data\.shape is \[5, 4\], which is 20 numbers, .* has 16/,
    ],
    ['classes without labels', { classes: [2, 4] }, /images has no labels in it.*data\.y/],
    ['a file of labels as inputs', { x: 'labels' }, /labels has shape \(8,\).*file of labels\?/],
    ['test images of another size', { xTest: 'wide' }, /wide has rows of shape \(4, 5\), .*\(4, 4\)/],
    [
      'files of two kinds',
      { x: ['images', 'wide'] },
      /wide has rows of shape \(4, 5\), but images has .*\(4, 4\)/,
    ],
    [
      'a name of another set',
      { y: 'labels', classes: ['coat', 'shirt'] },
      /"coat", a class of Fashion-MNIST.* 784 .* 16/,
    ],
  ])('%s', async ([, data, words]) => {
    const error = await read({ x: 'images', ...data }).then(
      () => expect.fail('it was read'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(words);
  });

  test.for<[what: string, data: Fields, words: RegExp]>([
    ['one class twice', { x: 'a', classes: ['cat', 3] }, /is one class twice/],
    ['classes of two sets', { x: 'a', classes: ['cat', 'coat'] }, /CIFAR-10 and the second of Fashion-MNIST/],
    [
      'an unknown class',
      { x: 'a', classes: ['cat', 'hors'] },
      /data\.classes\.1 is "hors".*did you mean "horse"/,
    ],
    ['three classes', { x: 'a', classes: [1, 2, 3] }, /data\.classes/],
    [
      'a side that does not divide the shape',
      { x: 'a', shape: [28, 28, 1], average: 3 },
      /average is 3.*\[28, 28, 1\]/,
    ],
    ['components without whitening', { x: 'a', components: 9 }, /only "whitened"/],
    ['test rows without a test file', { x: 'a', nTest: 9 }, /data\.xTest is missing/],
    ['no file', { x: [] }, /data\.x/],
    ['a whole that is none', { x: 'a', average: 0 }, /data\.average is 0/],
  ])('in the spec: %s', ([, data, words]) => {
    expect(() => specOf(data)).toThrow(SpecError);
    expect(() => specOf(data)).toThrow(words);
  });
});

test('lists of files, classes and shape are one value of a sweep; n, average and prepare are swept', () => {
  const { points, axes } = parseSweep({
    data: {
      distribution: 'files',
      x: ['batch-1', 'batch-2'],
      classes: ['cat', 'horse'],
      shape: [32, 32, 3],
      n: [2, 4],
      average: { from: 4, to: 16, times: 2 },
      prepare: ['centred', 'sphere'],
    },
    network: { width: 4 },
    training: { eta: 0.1, steps: 2 },
  });
  expect(axes).toEqual(['n', 'average', 'prepare']);
  expect(points).toHaveLength(12);
  expect(points[11].spec.data).toMatchObject({
    x: ['batch-1', 'batch-2'],
    n: 4,
    average: 16,
    prepare: 'sphere',
  });
  expect(filesOf(points[0].spec.data)).toEqual([
    { field: 'x.0', file: 'batch-1' },
    { field: 'x.1', file: 'batch-2' },
  ]);
});

test.for(['centred', 'sphere', 'whitened', 'raw'] as const)(
  'a run on %s images says what was done',
  async (prepare) => {
    const data = {
      x: 'images',
      y: 'labels',
      classes: [2, 4],
      average: 2,
      prepare,
      ...(prepare === 'whitened' && { components: 3 }),
    };
    const running = run(gpu.device, specOf(data), { open });
    for (;;) {
      const next = await running.next();
      if (!next.done) continue;
      const { preparation, status } = next.value;
      expect(status.kind).toBe('completed');
      const d = prepare === 'whitened' ? 3 : 4;
      expect(preparation).toMatchObject({ n: 6, d, files: { prepare, average: 2, shape: [2, 2, 1] } });
      expect(preparation.files!.whitened).toEqual(prepare === 'whitened' ? { components: 3, rank: 4 } : null);
      expect(preparation.standardization!.mean.every((mean) => mean === 0)).toBe(prepare === 'raw');
      if (prepare === 'whitened') expect(preparation.covarianceNorm).toBeCloseTo(1, 4);
      if (prepare === 'sphere') expect(preparation.files!.normSpread).toBeLessThan(1e-6);
      if (prepare === 'raw') expect(preparation.files!.meanInnerProduct).toBeGreaterThan(0.5);
      return;
    }
  },
);
