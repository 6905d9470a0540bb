import { expect, test } from 'vitest';
import { npyBytes, readNpy } from '../../src/data/npy.ts';
import { idxFile, packed } from '../data/image-files.ts';
import { presets } from '../../src/experiment/presets.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { readDropped } from '../../web/lab/drop.ts';
import { documentOf } from '../../src/experiment/result-document.ts';
import { arrayFiles, recordsFile, resultFile, specFile } from '../../web/lab/export.ts';
import { createController } from '../../web/lab/create-controller.ts';
import { collect } from '../experiment/collect.ts';
import { gpu } from '../gpu-device.ts';

const current = parseSpec(presets[0].spec);
const small = {
  name: 'small',
  data: { distribution: 'gaussian', d: 4, n: 30, nTest: 10 },
  network: { width: 8 },
  training: { eta: 1, steps: 10 },
} as const;

async function npy(name: string, shape: number[], value = (i: number) => Math.sin(i)): Promise<File> {
  const length = shape.reduce((product, size) => product * size, 1);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of npyBytes(shape, [Float32Array.from({ length }, (_, i) => value(i))]))
    chunks.push(chunk);
  return new File(chunks, name);
}

const json = (name: string, value: unknown) => new File([JSON.stringify(value)], name);

async function problemOf(files: File[]): Promise<string> {
  const dropped = await readDropped(files, current);
  expect(dropped.kind).toBe('problem');
  return dropped.kind === 'problem' ? dropped.text : '';
}

test('a spec, a result, and arrays', async () => {
  const spec = await readDropped([json('spec.json', small)], current);
  expect(spec.kind === 'experiment' && parseSpec(spec.spec)).toEqual(parseSpec(small));

  const { result } = await collect(gpu.device, small);
  const again = await readDropped([new File([resultFile(result).blob], 'result.json')], current);
  expect(again.kind === 'experiment' && parseSpec(again.spec)).toEqual(parseSpec(small));

  const files = [
    await npy('y.npy', [30]),
    await npy('X.npy', [30, 4]),
    await npy('X_test.npy', [10, 4]),
    await npy('y_test.npy', [10, 1]),
  ];
  const arrays = await readDropped(files, current);
  if (arrays.kind === 'problem') throw new Error(arrays.text);
  expect(parseSpec(arrays.spec)).toMatchObject({
    data: { distribution: 'npy', x: 'X.npy', y: 'y.npy', xTest: 'X_test.npy', yTest: 'y_test.npy' },
    target: { kind: 'labels' },
    network: current.network,
  });
  const lab = await createController(small);
  lab.open({ ...arrays.spec, training: { eta: 1, steps: 5 } }, arrays.arrays);
  await expect.poll(() => lab.recording.phase, { timeout: 20_000 }).toBe('ended');
  expect(lab.recording.preparation).toMatchObject({ n: 30, nTest: 10, d: 4 });
  lab.close();

  const unlabelled = await readDropped([await npy('images.npy', [20, 3])], current);
  if (unlabelled.kind === 'problem') throw new Error(unlabelled.text);
  expect(parseSpec(unlabelled.spec).target).toEqual(current.target);
});

test.for<[files: Record<string, number[]>, data: Record<string, string>]>([
  [
    { 'X.npy': [40, 1], 'y.npy': [40] },
    { x: 'X.npy', y: 'y.npy' },
  ],
  [
    { 'X.npy': [40, 1], 'y.npy': [40, 1] },
    { x: 'X.npy', y: 'y.npy' },
  ],
  [
    { 'x_train.npy': [40, 1], 'y_train.npy': [40], 'x_test.npy': [9, 1], 'y_test.npy': [9, 1] },
    { x: 'x_train.npy', y: 'y_train.npy', xTest: 'x_test.npy', yTest: 'y_test.npy' },
  ],
  [
    { 'latest_X.npy': [40, 3], 'latest_y.npy': [40] },
    { x: 'latest_X.npy', y: 'latest_y.npy' },
  ],
  [
    { 'contest_X_train.npy': [40, 3], 'contest_X_test.npy': [9, 3] },
    { x: 'contest_X_train.npy', xTest: 'contest_X_test.npy' },
  ],
  [
    { 'attested.npy': [40, 3], 'invalid.npy': [40] },
    { x: 'attested.npy', y: 'invalid.npy' },
  ],
  [
    { 'xTrain.npy': [40, 3], 'xTest.npy': [9, 3] },
    { x: 'xTrain.npy', xTest: 'xTest.npy' },
  ],
  [
    { 'Xtrain.npy': [40, 3], 'Xtest.npy': [9, 3] },
    { x: 'Xtrain.npy', xTest: 'Xtest.npy' },
  ],
  [
    { 'images.npy': [40, 3], 'test-images.npy': [9, 3] },
    { x: 'images.npy', xTest: 'test-images.npy' },
  ],
  [
    { 'a.npy': [40, 3], 'b.npy': [40], 'a-valid.npy': [9, 3], 'b-valid.npy': [9] },
    { x: 'a.npy', y: 'b.npy', xTest: 'a-valid.npy', yTest: 'b-valid.npy' },
  ],
])('what is what, by names and shapes: %j', async ([files, data]) => {
  const dropped = await readDropped(
    await Promise.all(Object.entries(files).map(([name, shape]) => npy(name, shape))),
    current,
  );
  if (dropped.kind === 'problem') throw new Error(dropped.text);
  expect(dropped.spec.data).toEqual({ distribution: 'npy', ...data });
});

test('labels of several columns, and inputs that are a vector', async () => {
  const X = await npy('X.npy', [30, 4]);
  expect(await problemOf([X, await npy('y.npy', [30, 10])])).toMatch(/y.npy \(30 × 10\).*one output.*argmax/);
  expect(await problemOf([X, await npy('labels_onehot.npy', [30, 3])])).toMatch(/labels_onehot.*become one/);
  expect(await problemOf([await npy('X.npy', [30]), await npy('y.npy', [30])])).toMatch(
    /X.npy \(30\).*reshape/,
  );
});

test('a table alone: the column that is called so is learned, its two words as classes', async () => {
  const table = (name: string, text: string) => new File([text], name);
  const dropped = await readDropped(
    [
      table('iris.csv', 'a;b;class\n1;2;x\n3;4.5;y\n5;1;x\n'),
      table('iris-test.txt', 'a;b;class\n7;8;y\n8;9;x\n'),
    ],
    current,
  );
  if (dropped.kind === 'problem') throw new Error(dropped.text);
  expect(dropped.spec).toMatchObject({ name: 'iris', network: dropped.spec.network });
  const data = {
    distribution: 'files',
    x: 'iris.csv',
    xTest: 'iris-test.txt',
    label: 'class',
    classes: ['x', 'y'],
  };
  expect(dropped.spec.data).toEqual(data);
  expect([...dropped.arrays.keys()]).toEqual(['iris.csv', 'iris-test.txt']);

  const numbers = await readDropped([table('X.tsv', '1\t2\n3\t4\n')], current);
  if (numbers.kind === 'problem') throw new Error(numbers.text);
  expect(parseSpec(numbers.spec)).toMatchObject({ data: { x: 'X.tsv' }, target: current.target });

  expect(await problemOf([table('t.csv', 'a,y\n1,u\n2,v\n3,w\n')])).toMatch(/3 different words.*"label":"y"/);
  expect(await problemOf([table('t.csv', '1,2\n'), table('u.csv', '1,2\n')])).toMatch(
    /t.csv and u.csv do not/,
  );
  expect(await problemOf([table('t.csv', '1,2\nx,4\n')])).toMatch(
    /t.csv, line 2, column 1: "x" is not a number/,
  );
});

test('a spec of images with its files, of whatever format; and without one of them', async () => {
  const images = idxFile(
    [9, 4, 4],
    Array.from({ length: 144 }, (_, k) => (k * k * 7) % 256),
  );
  const spec = {
    ...{ network: { width: 4 }, training: { eta: 0.1, steps: 3 } },
    data: { distribution: 'files', x: 'images.gz', y: 'labels', classes: [1, 2], average: 2 },
  };
  const files = [
    new File([JSON.stringify(spec)], 'spec.json'),
    new File([await packed(images)], 'images.gz'),
    new File([idxFile([9], [1, 2, 3, 1, 2, 3, 1, 2, 2])], 'labels'),
  ];
  const dropped = await readDropped(files, current);
  if (dropped.kind === 'problem') throw new Error(dropped.text);
  const lab = await createController(small);
  lab.open(dropped.spec, dropped.arrays);
  await expect.poll(() => lab.recording.phase, { timeout: 20_000 }).toBe('ended');
  expect(lab.recording.preparation).toMatchObject({ n: 7, d: 4, files: { shape: [2, 2, 1] } });
  lab.close();

  expect(await problemOf(files.slice(0, 2))).toMatch(/names labels, which is not here/);
  expect(await problemOf(files.slice(1))).toMatch(/images.gz is neither.*with a spec/);
  const cut = new File([images.slice(0, 99)], 'images.gz');
  expect(await problemOf([files[0], cut, files[2]])).toMatch(/images.gz is cut short/);
});

test('arrays that do not fit each other are refused before they are opened', async () => {
  const X = await npy('X.npy', [200, 4]);
  expect(await problemOf([X, await npy('y.npy', [50])])).toMatch(
    /y.npy has shape \(50,\) but X.npy has shape \(200, 4\)/,
  );
  expect(await problemOf([X, await npy('X_test.npy', [20, 3])])).toMatch(/same number of columns/);
});

test('what cannot be used is said in words', async () => {
  expect(await problemOf([])).toMatch(/no file/);
  expect(await problemOf([new File(['x'], 'photo.png')])).toMatch(/photo.png is neither/);
  expect(await problemOf([new File(['{'], 'a.json')])).toMatch(/a.json is not JSON/);
  expect(await problemOf([new File([Uint8Array.of(0x22, 0xe9, 0x22)], 'a.json')])).toMatch(
    /a.json is not in UTF-8: line 1/,
  );
  expect(await problemOf([new File([''], 'a.json')])).toMatch(/empty/);
  expect(await problemOf([json('a.json', { ...small, network: { width: 3 } })])).toMatch(
    /network.width is 3/,
  );
  expect(await problemOf([json('a.json', null)])).toMatch(/a.json is not a spec/);
  expect(await problemOf([json('a.json', small), json('b.json', small)])).toMatch(/two specs/);
  expect(await problemOf([await npy('y.npy', [30])])).toMatch(/no training inputs/);
  expect(await problemOf([await npy('A.npy', [30, 4]), await npy('B.npy', [30, 4])])).toMatch(
    /could both be/,
  );
  expect(await problemOf([new File(['PK\x03\x04 not one'], 'X.npy')])).toMatch(/not a .npy file/);
  const whole = await npy('X.npy', [30, 4]);
  expect(await problemOf([new File([whole.slice(0, whole.size - 9)], 'X.npy')])).toMatch(/cut short/);
  expect(await problemOf([await npy('X.npy', [3, 2], (i) => (i === 3 ? NaN : i))])).toMatch(/NaN/);
});

test('a file too large is refused without being read', async () => {
  const huge = (name: string) =>
    Object.defineProperties(new File(['x'], name), {
      size: { value: 2 * 2 ** 30 },
      arrayBuffer: { value: () => Promise.reject(new Error('it was read')) },
    });
  expect(await problemOf([huge('X.npy')])).toMatch(/X.npy has 2048 MB; a page reads at most 256 MB/);
  expect(await problemOf([huge('spec.json')])).toMatch(/spec.json has 2048 MB/);
  const folder = Object.defineProperty(new File(['x'], 'X.npy'), 'arrayBuffer', {
    value: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
  });
  expect(await problemOf([folder])).toMatch(/could not be read/);
});

test('what is exported can be read again', async () => {
  const { result } = await collect(gpu.device, small);
  const spec = specFile(result.spec);
  expect(spec.name).toBe('small.json');
  expect(parseSpec(JSON.parse(await spec.blob.text()))).toEqual(result.spec);
  expect(JSON.parse(await resultFile(result).blob.text())).toEqual(
    JSON.parse(JSON.stringify(documentOf(result))),
  );

  expect(recordsFile(result.spec, [])).toBe(null);
  const lines = (await recordsFile(result.spec, result.records)!.blob.text()).trimEnd().split('\n');
  expect(lines.length).toBe(result.records.length + 1);
  const column = lines[0].split(',').indexOf('test_network_loss');
  expect(lines.slice(1).map((line) => Number(line.split(',')[column]))).toEqual(
    result.records.map(({ test }) => test!.losses.network),
  );

  const lab = await createController(small);
  await expect.poll(() => lab.recording.phase, { timeout: 20_000 }).toBe('ended');
  const files = await arrayFiles(lab);
  lab.close();
  const inputs = files.find(({ name }) => name === 'X_train.npy')!;
  const { shape } = await readNpy(await inputs.blob.arrayBuffer(), inputs.name);
  expect(shape).toEqual([30, 4]);
});
