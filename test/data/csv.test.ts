import { expect, test } from 'vitest';
import { type Columns, type CsvTable, readCsv } from '../../src/data/csv.ts';
import { DataError } from '../../src/data/data-error.ts';
import { readDataFile } from '../../src/data/format.ts';
import { cifarFile, inChunks } from './image-files.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Read in pieces of one byte, so that every field, quote and line end is cut somewhere. */
const read = (text: string, columns?: Columns): Promise<CsvTable> =>
  readCsv(inChunks(bytesOf(text), 1), 'data.csv', columns);

const rowsOf = ({ array }: CsvTable): number[][] => {
  const [n, d] = array.shape;
  const all = array.rows(0, n);
  return Array.from({ length: n }, (_, i) => [...all.subarray(i * d, (i + 1) * d)]);
};

test.each<[what: string, text: string, rows: number[][], names: string[] | null]>([
  [
    'numbers alone',
    '1,2\n3,4\n',
    [
      [1, 2],
      [3, 4],
    ],
    null,
  ],
  ['a line of names', 'a,b\n1,2\n', [[1, 2]], ['a', 'b']],
  [
    'names that are numbers but one',
    'y,0,1\n5,2,3\n6,4,5',
    [
      [5, 2, 3],
      [6, 4, 5],
    ],
    ['y', '0', '1'],
  ],
  ['semicolons, in whose names commas are', 'a,b;c\n1;2\n', [[1, 2]], ['a,b', 'c']],
  ['tabs', 'a\tb\n1\t2\n', [[1, 2]], ['a', 'b']],
  ['a separator in quotes only', '"a;b",c\n1,2\n', [[1, 2]], ['a;b', 'c']],
  [
    'CRLF and no end of line at the end',
    'a,b\r\n1,2\r\n3,4',
    [
      [1, 2],
      [3, 4],
    ],
    ['a', 'b'],
  ],
  [
    'CR alone',
    '1,2\r3,4\r',
    [
      [1, 2],
      [3, 4],
    ],
    null,
  ],
  ['a byte order mark', '\ufeffa,b\n1,2\n', [[1, 2]], ['a', 'b']],
  [
    'quotes, with quotes and lines in them',
    '"a ""b""","c\nd"\n"1","-2e3"\n',
    [[1, -2000]],
    ['a "b"', 'c\nd'],
  ],
  [
    'empty lines',
    '\n\n1,2\n\n3,4\n\n',
    [
      [1, 2],
      [3, 4],
    ],
    null,
  ],
  ['spaces', ' a , b \n 1 , 2 \n', [[1, 2]], ['a', 'b']],
  ['one column', '1\n2\n', [[1], [2]], null],
  ['one column, with blank lines around', '\ny\n1\n2\n\n \n', [[1], [2]], ['y']],
  [
    'a column that is constant',
    '1,7\n2,7\n',
    [
      [1, 7],
      [2, 7],
    ],
    null,
  ],
  ['every digit', '0.1,1e-300,+.5,1234567890123456\n', [[0.1, 1e-300, 0.5, 1234567890123456]], null],
])('%s', async (_what, text, rows, names) => {
  const table = await read(text);
  expect(rowsOf(table)).toEqual(rows);
  expect([table.names, table.labels, table.wordAt]).toEqual([names, null, null]);
});

test('a column of labels, by name and by number; others left out', async () => {
  const text = 'id,a,y,b\n1,2,-1,3\n2,4,1,5\n';
  for (const label of ['y', 3]) {
    const table = await read(text, { label, ignore: ['id'] });
    expect(rowsOf(table)).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect([...table.labels!.rows(0, 2)]).toEqual([-1, 1]);
    expect(table.names).toEqual(['a', 'b']);
  }
});

test('labels that are words, in a table that has no names, share their numbers with other files', async () => {
  const words = new Map<string, number>();
  const first = await read('5.1,setosa\n4.9,virginica\n5,setosa\n', { label: 2, words });
  const second = await read('1,versicolor\n2,virginica\n', { label: 2, words });
  expect([first.names, rowsOf(first)]).toEqual([null, [[5.1], [4.9], [5]]]);
  expect([...first.labels!.rows(0, 3), ...second.labels!.rows(0, 2)]).toEqual([0, 1, 0, 2, 1]);
  expect(first.wordAt).toBe('data.csv, line 1, column 2: "setosa" is not a number');
});

test('the first line is what the user says that it is', async () => {
  expect((await read('0,1\n2,3\n', { header: true })).names).toEqual(['0', '1']);
  expect(rowsOf(await read('0,1\n2,3\n', { header: false }))).toHaveLength(2);
});

test.each<[what: string, text: string, columns: Columns, words: string]>([
  ['a word', 'a,b\n1,2\n\n3,4\n5,abc\n', {}, 'data.csv, line 5, column 2 (b): "abc" is not a number.'],
  ['a word below lines in quotes', '"a\n\na",b\n1,2\n1,x', {}, 'line 5, column 2 (b): "x" is not'],
  [
    'decimals with a comma',
    'a;b\n1,5;2\n2;3\n',
    { header: true },
    'line 2, column 1 (a): "1,5" is not a number. Write decimals with a point.',
  ],
  [
    'decimals with a comma in every row, below names',
    'a;b;lab\n1,5;2,5;x\n2,1;1;y\n3;5;x\n',
    { label: 'lab' },
    'line 2, column 1 (a): "1,5" is not a number. Write decimals with a point.',
  ],
  [
    'decimals with a comma, without names',
    '1,5;2\n2;3\n',
    {},
    'line 1, column 1: "1,5" is not a number. Write decimals with a point.',
  ],
  ['a label with a comma', 'a;y\n1;-,5e3\n', { label: 'y' }, '(y): "-,5e3" is not a number. Write decimals'],
  [
    'names between commas, numbers between semicolons',
    'a,b,lab\n1;2;x\n',
    { label: 'lab' },
    'data.csv, line 2: semicolons separate its fields, but commas those of the first line',
  ],
  [
    'the same, with commas in the numbers',
    'a,b,lab\n1,5;2,5;x\n',
    { label: 'lab' },
    'data.csv, line 2: semicolons separate its fields, but commas those of the first line',
  ],
  ['commas below semicolons', 'a;b;c\n1,2,3\n', {}, 'data.csv, line 2: commas separate its fields'],
  ['a short row with decimals', 'a;b;c\n1,5;2,5\n', {}, 'line 2: 2 fields, but the first line has 3'],
  [
    'words alone',
    'cat\ndog\ncat\n',
    {},
    'line 2, column 1 (cat): "dog" is not a number. Labels that are words',
  ],
  ['nothing below names', 'a,b\n,\n1,2\n', {}, 'line 2, column 1 (a): there is nothing where'],
  ['what is missing in the first row is no name', 'NaN,1\n2,3\n', {}, 'line 1, column 1: "NaN" stands where'],
  [
    'a blank line in a table of one column',
    '1\n\n-1\n1\n-1\n',
    {},
    'data.csv, line 2, column 1: there is nothing where a finite number is needed.',
  ],
  ['the same at the start', '\n \n1\n2\n', {}, 'data.csv, line 1, column 1: there is nothing'],
  ['the same below the name', '\ny\n\n1\n', {}, 'data.csv, line 3, column 1 (y): there is nothing'],
  [
    'nothing',
    '1,2\n3,\n',
    {},
    'data.csv, line 2, column 2: there is nothing where a finite number is needed.',
  ],
  ['NaN', '1,2\nNaN,2\n', {}, 'line 2, column 1: "NaN" stands where a finite number'],
  ['infinity', '1,2\n1,-inf\n', {}, 'line 2, column 2: "-inf" stands where a finite number'],
  ['too large', '1,2\n1,1e999\n', {}, 'line 2, column 2: "1e999" is beyond'],
  ['hexadecimal', '1,2\n1,0x10\n', {}, '"0x10" is not a number'],
  ['a long row', '1,2\n3,4,5\n', {}, 'data.csv, line 2: 3 fields, but the first line has 2'],
  ['a short row', 'a,b\n1,2\n3\n', {}, 'data.csv, line 3: 1 fields, but the first line has 2'],
  ['names alone', 'a,b\n', {}, 'data.csv has a line of names, but no rows'],
  ['no lines', '\n\n', {}, 'data.csv has no lines'],
  ['an index of pandas', ',a,b\n0,1,2\n', {}, 'no name for column 1, which is how pandas'],
  [
    'no such label',
    'a,b\n1,2\n',
    { label: 'y' },
    'data.label is "y", but data.csv has no such column; there are "a", "b".',
  ],
  [
    'no names',
    '1,2\n',
    { label: 'y' },
    'data.label is "y", but no line of data.csv names its columns; give the number of one, 1 to 2.',
  ],
  ['no such number', '1,2\n', { label: 3 }, 'data.label is 3, but data.csv has 2 columns'],
  ['a name twice', 'y,y\n1,2\n', { label: 'y' }, 'more than one column of this name'],
  ['labels that are left out', 'a,y\n1,2\n', { label: 'y', ignore: [2] }, 'data.ignore leaves out'],
  ['labels alone', 'y\n1\n', { label: 'y' }, 'no column for inputs beside that of labels'],
  ['a word among labels', 'a,y\n1,2\n1,no\n', { label: 'y' }, 'line 3, column 2 (y): "no" is not a number'],
  ['no label', 'a,y\n1,no\n1,\n', { label: 'y' }, 'line 3, column 2 (y): there is nothing'],
  ['a quote in the middle', '1,2\n3,4"5"\n', {}, 'line 2, column 2: a quote within a field'],
  ['text after a quote', '1,2\n3,"4"5\n', {}, 'line 2, column 2: text after the quote'],
  [
    'an open quote',
    '1,2\n3,"4\n5,6\n',
    {},
    'line 2, column 2: the quote that begins this field is not closed',
  ],
  [
    'many words',
    Array.from({ length: 1001 }, (_, k) => `1,w${k}\n`).join(''),
    { label: 2 },
    'line 1001, column 2: "w1000" is one more word',
  ],
])('refused by line and column: %s', async (_what, text, columns, words) => {
  const error = await read(text, columns).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toContain(words);
});

test('a field or a line without end is given up before it fills memory', async () => {
  async function* endless(text: string): AsyncGenerator<Uint8Array> {
    yield bytesOf(`1,2\n${text}`);
    for (let k = 0; k < 1000; k++) yield await Promise.resolve(bytesOf(text.at(-1)!.repeat(2 ** 16)));
    throw new Error('it read on');
  }
  await expect(readCsv(endless('"x'), 'x')).rejects.toThrow('x, line 2, column 1: the quote');
  await expect(readCsv(endless('xx'), 'x')).rejects.toThrow('more than a million characters');
  await expect(readCsv(endless(',,'), 'x')).rejects.toThrow('more than 100,000 fields');
});

test('tables are known by their content', async () => {
  const format = async (bytes: Uint8Array<ArrayBuffer>) => (await readDataFile(bytes.buffer, 'X.npy')).format;
  expect(await format(bytesOf('1,2\n3,4\n'))).toBe('csv');
  expect(await format(bytesOf('ä\tb\n1\t2\n'))).toBe('csv');
  // Dark images of class 9 begin with a tab and may have nothing but signs of text.
  expect(await format(cifarFile([9, 9], () => 0x41))).toBe('cifar-10');
  const refused = (bytes: number[] | Uint8Array<ArrayBuffer>) =>
    expect(readDataFile(Uint8Array.from(bytes).buffer, 'X.csv')).rejects;
  await refused([]).toThrow('X.csv is empty.');
  await refused([0xff, 0xfe, 0x31, 0, 0x0a, 0]).toThrow('UTF-16');
  await refused([0x67, 0x72, 0xf6, 0xdf, 0x65, 0x0a, 0x31, 0x0a]).toThrow('X.csv is text, but not in UTF-8');
  await refused(bytesOf('a,b,lab\n')).toThrow('X.csv has a line of names, but no rows');
  // A bright image of that class, too.
  expect(await format(cifarFile([9, 9], () => 0xff))).toBe('cifar-10');
  const late = bytesOf('1,2\n'.repeat(2000));
  late[7000] = 0xfc;
  await refused(late).toThrow('not in UTF-8');
});
