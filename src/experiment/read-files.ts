import type { Columns } from '../data/csv.ts';
import { DataError } from '../data/data-error.ts';
import { type DataFile, type Format, readDataFile } from '../data/format.ts';
import { classNumber, classOf } from '../data/image-classes.ts';
import { type ImageShape, averaged, imageShape } from '../data/images.ts';
import { splitMember } from '../data/member.ts';
import type { Preparing } from '../data/prepare-images.ts';
import { type StoredArray, concatenated, rowSize, selectedRows, tuple } from '../data/stored-array.ts';
import { showValue } from './show-value.ts';
import type { DataSpec } from './spec.ts';
import { type OpenArray, type UserArrays, oneColumn } from './user-arrays.ts';

type ImagesSpec = Extract<DataSpec, { distribution: 'files' }>;

/** One of the two classes that are learned. */
export interface LearnedClass {
  /** As the spec names it. */
  class: number | string;
  /** As the files have it; of words in a table, their order there, from 0. */
  number: number;
  /** What is learned for it. */
  label: 1 | -1;
  /** Rows of it, of those that were taken. */
  train: number;
  test: number;
}

/** What the files of a spec hold, and what was done to it. */
export interface FilesDescription {
  format: Format;
  /** Height, width and channels, after averaging; null where rows are no images. */
  shape: ImageShape | null;
  average: number;
  prepare: ImagesSpec['prepare'];
  classes: LearnedClass[] | null;
}

export interface ReadFiles extends UserArrays {
  description: FilesDescription;
  /** What the spec asks to be done to the inputs. */
  preparing: Preparing;
}

/** Where whitened inputs are to lie: a fully-connected network may see their coordinates, a convolution has to see pixels. */
export type WhitenedOnto = Extract<Preparing, { kind: 'whitened' }>['onto'];

const preparingOf = ({ prepare, components }: ImagesSpec, onto: WhitenedOnto): Preparing =>
  prepare === 'whitened' ? { kind: 'whitened', components, onto } : { kind: prepare };

/**
 * The rows that a spec takes of its files, as vectors, averaged; of two classes, and labelled, where it names them. Files
 * are kept as they are and rows made where they are read: memory is that of the files, unpacked.
 * @throws DataError
 */
export async function readFiles(
  data: ImagesSpec,
  open: OpenArray | undefined,
  onto: WhitenedOnto = 'principal',
): Promise<ReadFiles> {
  if (!open) {
    throw new DataError('data.distribution is "files", but this run was given no way to open files.');
  }
  // Training and test sets share the numbers of words.
  const columns = { label: data.label, ignore: data.ignore, header: data.header, words: new Map() };
  const train = await readSet(data, { x: data.x, y: data.y, field: 'y' }, columns, open);
  const test =
    data.xTest === undefined
      ? null
      : await readSet(data, { x: data.xTest, y: data.yTest, field: 'yTest' }, columns, open);
  if (test && tuple(test.images.shape.slice(1)) !== tuple(train.images.shape.slice(1))) {
    throw new DataError(
      `${test.name} has rows of shape ${tuple(test.images.shape.slice(1))}, but ${train.name} has rows of shape ${tuple(train.images.shape.slice(1))}; both need the same.`,
    );
  }
  if (test) requireSameColumns(train.files[0], train.name, test.files[0], test.name);
  const shape = imageShape(train.images, data.shape, train.name);
  const chosen = {
    train: choose(train, data, { count: data.n, field: 'n' }),
    test: test && choose(test, data, { count: data.nTest, field: 'nTest' }),
  };
  const arraysOf = (set: ReadSet, { rows, labels }: Chosen) => ({
    x: { path: set.name, array: averaged(rows, shape, data.average, set.name) },
    y: labels && { path: set.labelsName, array: labels },
  });
  const { x, y } = arraysOf(train, chosen.train);
  const ofTest = test && chosen.test && arraysOf(test, chosen.test);
  return {
    x,
    y,
    xTest: ofTest?.x ?? null,
    yTest: ofTest?.y ?? null,
    preparing: preparingOf(data, onto),
    description: {
      format: train.format,
      shape: shape && [shape[0] / data.average, shape[1] / data.average, shape[2]],
      average: data.average,
      prepare: data.prepare,
      classes:
        data.classes?.map((given, k) => ({
          class: given,
          number: numberOfClass(given, train),
          label: labelOf(k),
          train: chosen.train.counts[k],
          test: chosen.test?.counts[k] ?? 0,
        })) ?? null,
    },
  };
}

const labelOf = (k: number): 1 | -1 => (k === 0 ? 1 : -1);

/** Training or test images, whole, and their labels where there are any. */
interface ReadSet {
  format: Format;
  files: readonly DataFile[];
  /** What messages call the files. */
  name: string;
  labelsName: string;
  images: StoredArray;
  labels: StoredArray | null;
  /** Numbers of the words that labels are; null where they are numbers themselves. */
  words: ReadonlyMap<string, number> | null;
}

async function readSet(
  data: ImagesSpec,
  { x, y, field }: { x: string | string[]; y: string | string[] | undefined; field: 'y' | 'yTest' },
  columns: Columns & { words: Map<string, number> },
  open: OpenArray,
): Promise<ReadSet> {
  const images = await readAll(x, open, columns);
  const labels = y === undefined ? null : await readAll(y, open, { header: columns.header });
  const own = images.files.every((file) => file.labels !== null)
    ? concatenated(images.files.map((file) => file.labels!))
    : null;
  const name = nameOf(x);
  const array = images.joined;
  requireTables(images.files, name, data);
  if (array.shape.length < 2) {
    throw new DataError(
      `${name} has shape ${tuple(array.shape)}; inputs need two dimensions or more, images × pixels. Is it a file of labels?`,
    );
  }
  if (labels) requireOneLabel(labels.joined, nameOf(y!), array, name);
  if (!labels && !own && data.classes) {
    throw new DataError(
      `data.classes is given, but ${name} has no labels in it, as files of CIFAR-10 have; give the file of its labels as data.${field}.`,
    );
  }
  return {
    format: images.files[0].format,
    files: images.files,
    name,
    labelsName: y === undefined ? name : nameOf(y),
    images: array,
    // Labels that nobody asked for are left alone.
    labels: labels?.joined ?? (data.classes || data.label !== undefined ? own : null),
    words: images.files.some(({ table }) => table?.wordAt) ? columns.words : null,
  };
}

/** Fields of a spec that are about tables ask for such, whose labels are all words or all numbers. */
function requireTables(
  files: readonly DataFile[],
  name: string,
  { label, ignore, classes }: ImagesSpec,
): void {
  const field = label !== undefined ? 'label' : ignore ? 'ignore' : undefined;
  if (field && !files.every(({ format }) => format === 'csv')) {
    throw new DataError(
      `data.${field} is about the columns of a table in CSV, which ${name} is not; remove it.`,
    );
  }
  const word = files.find(({ table }) => table?.wordAt)?.table?.wordAt;
  if (word == null) return;
  if (!classes) {
    throw new DataError(`${word}. Name the two words to tell apart, for example "classes": ["yes", "no"].`);
  }
  if (!files.every(({ table }) => table?.wordAt)) {
    throw new DataError(`${word}, as the labels of other files are; all need to be words, or numbers.`);
  }
}

const listOf = (paths: string | string[]): string[] => (typeof paths === 'string' ? [paths] : paths);

function nameOf(paths: string | string[]): string {
  const all = listOf(paths);
  return all.length === 1 ? all[0] : `${all[0]} to ${all.at(-1)!}`;
}

async function readAll(
  paths: string | string[],
  open: OpenArray,
  columns: Columns,
): Promise<{ files: DataFile[]; joined: StoredArray }> {
  const files: DataFile[] = [];
  for (const path of listOf(paths)) {
    const file = await readDataFile(await open(splitMember(path).file), path, columns);
    const [first] = files as [DataFile?];
    const [row, expected] = [file, first ?? file].map(({ array }) => tuple(array.shape.slice(1)));
    if (first && (row !== expected || file.array.unit !== first.array.unit)) {
      throw new DataError(
        `${path} has rows of shape ${row}${row === expected ? ' of another type' : ''}, but ${listOf(paths)[0]} has rows of shape ${expected}; files that follow one another need the same.`,
      );
    }
    if (first) requireSameColumns(first, listOf(paths)[0], file, path);
    files.push(file);
  }
  return { files, joined: concatenated(files.map(({ array }) => array)) };
}

/** Columns that are called otherwise, or come in another order, are other inputs. */
function requireSameColumns(first: DataFile, name: string, other: DataFile, path: string): void {
  const [expected, found] = [first.table?.names, other.table?.names];
  if (!expected || !found) return;
  const k = found.findIndex((column, at) => column !== expected[at]);
  if (k < 0) return;
  throw new DataError(
    `${path} has ${showValue(found[k])} where ${name} has the input ${showValue(expected[k])}; both need the same columns in the same order.`,
  );
}

function requireOneLabel(labels: StoredArray, name: string, images: StoredArray, of: string): void {
  const [rows] = labels.shape;
  if (rows !== images.shape[0]) {
    throw new DataError(
      `${name} has ${rows} labels (shape ${tuple(labels.shape)}), but ${of} has ${images.shape[0]} images; name the files that belong together.`,
    );
  }
  if (rowSize(labels) > 1) {
    throw new DataError(
      `${name} has shape ${tuple(labels.shape)}; there must be one number for each of the ${rows} images. ${oneColumn}`,
    );
  }
}

/** The rows that are taken. */
interface Chosen {
  rows: StoredArray;
  labels: StoredArray | null;
  /** How many there are of each class. */
  counts: [number, number];
}

/** The first rows in the order of the files: of all, or of two classes. */
function choose(
  set: ReadSet,
  data: ImagesSpec,
  { count, field }: { count: number | undefined; field: 'n' | 'nTest' },
): Chosen {
  const [there] = set.images.shape;
  const of = (available: number, what: string): number => {
    if (count === undefined || count <= available) return count ?? available;
    throw new DataError(
      `data.${field} is ${count}, but ${set.name} has ${available} ${set.format === 'csv' ? 'rows' : 'images'}${what}; take at most that many.`,
    );
  };
  const { classes } = data;
  if (!classes || !set.labels) {
    const numbers = Uint32Array.from({ length: of(there, '') }, (_, k) => k);
    const taken = (array: StoredArray) => (numbers.length === there ? array : selectedRows(array, numbers));
    return { rows: taken(set.images), labels: set.labels && taken(set.labels), counts: [0, 0] };
  }
  if (data.label === undefined) for (const given of classes) requireKnownSet(given, set);
  const labels = set.labels.rows(0, there);
  const numbers = classes.map((given) => numberOfClass(given, set));
  const found = new Uint32Array(there);
  let total = 0;
  for (let k = 0; k < there; k++) if (numbers.includes(labels[k])) found[total++] = k;
  for (const [k, number] of numbers.entries()) {
    if (!labels.includes(number)) throw missingClass(classes[k], number, labels, set);
  }
  const rows = found.slice(0, of(total, ` of the classes ${classes.map(showValue).join(' and ')}`));
  const signs = Float64Array.from(rows, (row) => labelOf(numbers.indexOf(labels[row])));
  const positive = signs.reduce((sum, sign) => sum + Number(sign > 0), 0);
  return {
    rows: selectedRows(set.images, rows),
    labels: {
      shape: [rows.length],
      unit: 1,
      rows: (first, length) => signs.slice(first, first + length),
    },
    counts: [positive, rows.length - positive],
  };
}

/** The number that stands for a class in the labels; NaN where none does. */
function numberOfClass(given: number | string, { words, format }: ReadSet): number {
  if (words) return words.get(String(given).trim()) ?? Number.NaN;
  return format === 'csv' ? Number(given) : classNumber(given);
}

/** The name of a class tells the set, of which the files must be: the numbers behind the names are others elsewhere. */
function requireKnownSet(given: number | string, { images, name }: ReadSet): void {
  if (typeof given === 'number') return;
  const { set, pixels } = classOf(given)!.classes;
  const size = rowSize(images);
  if (size === pixels) return;
  throw new DataError(
    `data.classes has ${showValue(given)}, a class of ${set}, whose images have ${pixels} numbers; those of ${name} have ${size}. Give the classes by their numbers.`,
  );
}

function missingClass(
  given: number | string,
  number: number,
  labels: Float64Array,
  { labelsName, words, format }: ReadSet,
): DataError {
  const known = [...new Set(labels)].sort((a, b) => a - b);
  const names = new Map([...(words ?? [])].map(([word, of]) => [of, showValue(word)]));
  const some = known.slice(0, 20).map((label) => names.get(label) ?? label);
  const shown = `${some.join(', ')}${known.length > 20 ? ', …' : ''}`;
  if (format === 'csv') {
    return new DataError(
      `data.classes has ${showValue(given)}, but no label in ${labelsName} is that; there are ${shown}. Name two of these.`,
    );
  }
  return new DataError(
    `data.classes has ${showValue(given)}${typeof given === 'string' ? `, which is class ${number},` : ''} but no label in ${labelsName} is ${number}; there are ${shown}. Name two of these.`,
  );
}
