import { DataError } from '../../src/data/data-error.ts';
import { readNpy } from '../../src/data/npy.ts';
import type { StoredArray } from '../../src/data/stored-array.ts';
import { decodeJson } from '../../src/experiment/decode-json.ts';
import { minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { JsonError } from '../../src/experiment/unclear-json.ts';
import { parseJson } from '../../src/experiment/parse-json.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { labelsOf, oneColumn, readArrays } from '../../src/experiment/user-arrays.ts';
import { requirePageSize } from './page-size.ts';

/** What came of dropped files. */
export type Dropped =
  | { kind: 'experiment'; spec: SpecInput; arrays: Map<string, ArrayBuffer> }
  | { kind: 'problem'; text: string };

/** Bytes that a page reads of one file. */
const mostBytes = { json: 4 * 2 ** 20, npy: 256 * 2 ** 20, other: 256 * 2 ** 20 };
const mostFiles = 8;

/** A file that cannot be used; the message says which, why and what to do. */
class DropError extends Error {}

/**
 * Makes an experiment of dropped files: a spec or a result (.json), with the arrays that it names beside it; or arrays
 * alone (.npy), known by name and shape, or tables (CSV), known by their content, that the network on the screen is to learn.
 */
export async function readDropped(files: readonly File[], current: Spec): Promise<Dropped> {
  try {
    const { json, npy, others } = sort(files);
    const described = json && (await readSpec(json));
    if (described?.data.distribution === 'files') {
      return await readImages(described, [...npy, ...others]);
    }
    if (others.length > 0 && npy.length === 0 && !described) return await readTables(others, current);
    if (others.length > 0) throw neither(others[0]);
    const arrays = new Map<string, { array: StoredArray; buffer: ArrayBuffer }>();
    for (const file of npy) arrays.set(file.name, await readArray(file));
    const spec = described ?? parseSpec(specOf(arrays, current));
    const buffers = new Map([...arrays].map(([name, { buffer }]) => [name, buffer]));
    await requireArrays(spec, buffers);
    return { kind: 'experiment', spec: minimalSpec(spec), arrays: buffers };
  } catch (error) {
    if (error instanceof DropError || error instanceof DataError || error instanceof SpecError) {
      return { kind: 'problem', text: error.message };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'problem', text: `This could not be read: ${message}` };
  }
}

/** Refuses arrays that do not fit each other before they take the place of an experiment that runs. @throws DataError, SpecError */
async function requireArrays(spec: Spec, buffers: ReadonlyMap<string, ArrayBuffer>): Promise<void> {
  if (spec.data.distribution !== 'npy') return;
  requirePageSize(spec, buffers);
  const { y, yTest } = await readArrays(spec.data, (name) => Promise.resolve(buffers.get(name)!));
  for (const labels of [y, yTest]) if (labels) labelsOf(labels);
}

/** A spec that says how its files are prepared, with those files, of whatever format they are. */
async function readImages(spec: Spec, files: readonly File[]): Promise<Dropped> {
  const buffers = new Map<string, ArrayBuffer>();
  for (const file of files) buffers.set(file.name, await bytesOf(file));
  requirePageSize(spec, buffers);
  if (spec.data.distribution !== 'files') throw new Error('This spec names no files to be prepared.');
  // Most visitors drop none: what reads them comes when it is needed.
  const { readFiles } = await import('../../src/experiment/read-files.ts');
  const { x } = await readFiles(spec.data, (path) => Promise.resolve(buffers.get(path)!));
  requirePageSize(spec, buffers, [x.array.shape[0], x.array.shape[1]]);
  return { kind: 'experiment', spec: minimalSpec(spec), arrays: buffers };
}

/** Tables without a spec: training rows and, by its name, a test set; labels are in the column that is called so. */
async function readTables(files: readonly File[], current: Spec): Promise<Dropped> {
  const { readDataFile } = await import('../../src/data/format.ts');
  const { looksLikeTable } = await import('../../src/data/csv.ts');
  const buffers = new Map<string, ArrayBuffer>();
  for (const file of files) {
    const buffer = await bytesOf(file);
    if (!looksLikeTable(new Uint8Array(buffer.slice(0, 4096)))) throw neither(file);
    buffers.set(file.name, buffer);
  }
  const isTest = (name: string): boolean => hasWord(name, 'test');
  const names: readonly string[] = [...buffers.keys()];
  const [train, ...more] = names.filter((name) => !isTest(name)) as [string?, ...string[]];
  const [test, ...others] = names.filter(isTest) as [string?, ...string[]];
  if (train === undefined || more.length + others.length > 0) {
    throw new DropError(
      `${files.map(({ name }) => name).join(' and ')} do not tell which has the training rows; drop one table, and with it one that has "test" in its name.`,
    );
  }
  const buffer = buffers.get(train)!;
  const label = labelColumn(buffer);
  const words = new Map<string, number>();
  const { table } = await readDataFile(buffer, train, { label, words });
  if (table?.wordAt && words.size !== 2) {
    const [one, two] = words.keys();
    throw new DropError(
      `${table.wordAt}, and ${train} has ${words.size} different words there; drop a spec that names two of them: "data": ${JSON.stringify({ distribution: 'files', x: train, label, classes: [one, two] })}.`,
    );
  }
  const spec = parseSpec({
    ...asOn(current, label !== undefined),
    name: train.replace(/\.[a-z]+$/i, ''),
    data: {
      distribution: 'files',
      x: train,
      ...(test !== undefined && { xTest: test }),
      ...(label !== undefined && { label }),
      ...(table?.wordAt && { classes: [...words.keys()] }),
    },
  });
  return await readImages(spec, files);
}

/** The column of labels, where the first line has one that is called so. */
function labelColumn(buffer: ArrayBuffer): string | undefined {
  const start = new TextDecoder().decode(buffer.slice(0, 2 ** 16));
  const names = start.split(/[\r\n]/, 1)[0].split(/[,;\t]/);
  return names
    .map((name) => name.replaceAll(/^\s*"|"\s*$/g, '').trim())
    .find((name) => hasWord(name, 'labels'));
}

const neither = (file: File): DropError =>
  new DropError(
    `${file.name} is neither a spec (.json) nor an array (.npy) or a table (CSV). Arrays are written with np.save("X.npy", X); images of other formats are dropped with a spec that names them (data.distribution "files").`,
  );

function sort(files: readonly File[]): { json: File | undefined; npy: File[]; others: File[] } {
  if (files.length === 0)
    throw new DropError('There was no file in it; drop a spec (.json), arrays (.npy) or a table (CSV).');
  if (files.length > mostFiles)
    throw new DropError(`These are ${files.length} files; at most ${mostFiles} are taken.`);
  const kinds = files.map((file) => ({ file, kind: kindOf(file) }));
  for (const { file, kind } of kinds) {
    if (file.size > mostBytes[kind]) {
      throw new DropError(
        `${file.name} has ${megabytes(file.size)}; a page reads at most ${megabytes(mostBytes[kind])}. ${
          kind !== 'json'
            ? 'Save fewer rows, or float32; or give the file to the command line.'
            : 'A spec is much smaller: is this the right file?'
        }`,
      );
    }
    if (file.size === 0) throw new DropError(`${file.name} is empty.`);
  }
  const of = (wanted: string) => kinds.filter(({ kind }) => kind === wanted).map(({ file }) => file);
  const json = of('json');
  if (json.length > 1) {
    throw new DropError(`${json.map(({ name }) => name).join(' and ')} are two specs; drop one of them.`);
  }
  return { json: json[0], npy: of('npy'), others: of('other') };
}

const kindOf = ({ name }: File): 'json' | 'npy' | 'other' =>
  /\.json$/i.test(name) ? 'json' : /\.npy$/i.test(name) ? 'npy' : 'other';

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** A file's bytes; one that is gone, a folder or out of reach fails only here. */
async function bytesOf(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new DropError(`${file.name} could not be read; it may have been moved, or is a folder.`);
  }
}

async function readArray(file: File): Promise<{ array: StoredArray; buffer: ArrayBuffer }> {
  const buffer = await bytesOf(file);
  return { array: await readNpy(buffer, file.name), buffer };
}

/** A spec, or the spec of a result. */
async function readSpec(file: File): Promise<Spec> {
  const bytes = new Uint8Array(await bytesOf(file));
  try {
    const value = parseJson(decodeJson(bytes));
    return parseSpec(isResult(value) ? value.spec : value);
  } catch (error) {
    if (error instanceof JsonError) throw new DropError(`${file.name} is ${error.message}.`);
    if (error instanceof SpecError) throw new DropError(`${file.name} is not a spec: ${error.summary}`);
    throw error;
  }
}

const isResult = (value: unknown): value is { spec: unknown } =>
  typeof value === 'object' && value !== null && 'format' in value && 'spec' in value;

/** An array by what its name and shape tell of it. */
interface Named {
  name: string;
  shape: readonly number[];
  role: 'inputs' | 'labels';
  test: boolean;
}

/**
 * The network on the screen, to learn these arrays. Names tell what is what, by their words: x, inputs, images; y, labels,
 * targets; test, valid. Where a name does not say, matrices are inputs and columns are labels.
 */
function specOf(arrays: ReadonlyMap<string, { array: StoredArray }>, current: Spec): SpecInput {
  const all = [...arrays].map(([name, { array }]) => named(name, array.shape));
  const shown = ({ name, shape }: Named): string => `${name} (${shape.join(' × ')})`;
  const find = (what: string, role: Named['role'], test: boolean): Named | undefined => {
    const found = all.filter((one) => one.role === role && one.test === test);
    if (found.length > 1) {
      throw new DropError(
        `${found.map(shown).join(' and ')} could both be ${what}. Name them X.npy, y.npy, X_test.npy and y_test.npy.`,
      );
    }
    return found.at(0);
  };
  const inputs = find('the training inputs', 'inputs', false);
  const labels = find('the training labels', 'labels', false);
  const testInputs = find('the test inputs', 'inputs', true);
  const testLabels = find('the test labels', 'labels', true);
  for (const one of [labels, testLabels]) {
    if (one && isMatrix(one.shape)) throw new DropError(`${shown(one)} has several columns. ${oneColumn}`);
  }
  for (const one of [inputs, testInputs]) {
    if (one && one.shape.length === 1) {
      throw new DropError(
        `${shown(one)} is a vector; inputs need two dimensions, samples × inputs. Save X.reshape(len(X), -1).`,
      );
    }
  }
  if (inputs === undefined) {
    throw new DropError(
      `There are no training inputs among ${all.map(shown).join(', ')}: a matrix, samples × inputs, is needed. Drop X.npy with it.`,
    );
  }
  const x = inputs.name;
  const [y, xTest, yTest] = [labels?.name, testInputs?.name, testLabels?.name];
  return {
    ...asOn(current, y !== undefined),
    name: x.replace(/\.npy$/i, ''),
    data: {
      distribution: 'npy',
      x,
      ...(y !== undefined && { y }),
      ...(xTest !== undefined && { xTest }),
      ...(yTest !== undefined && { yTest }),
    },
  };
}

/** The experiment on the screen, for other data. */
function asOn({ seed, network, training, target, claims }: Spec, labelled: boolean): Omit<SpecInput, 'data'> {
  return {
    seed,
    ...(!labelled && target.kind !== 'labels' && { target }),
    network,
    training: { ...training, watched: typeof training.watched === 'number' ? training.watched : 5 },
    // Those of a list may make no sense for this data.
    claims: claims === 'all' ? 'all' : 'none',
  };
}

const isMatrix = (shape: readonly number[]): boolean => shape.length === 2 && shape[1] > 1;

const wordsOf = {
  inputs: /^(x|inputs?|features?|images?|points?|samples?|data)$/,
  labels: /^(y|labels?|targets?|class|classes|onehot)$/,
  test: /^(test(ing|set)?|valid(ation)?|val|eval|holdout)$/,
};

/** X_test, xTest, Xtest and test-images-2 have the words x and test, test and images; latest_X has none of a test. */
function named(name: string, shape: readonly number[]): Named {
  const [inputs, labels] = [hasWord(name, 'inputs'), hasWord(name, 'labels')];
  const role = inputs === labels ? (isMatrix(shape) ? 'inputs' : 'labels') : inputs ? 'inputs' : 'labels';
  return { name, shape, role, test: hasWord(name, 'test') };
}

function hasWord(name: string, kind: keyof typeof wordsOf): boolean {
  const words = name
    .replace(/\.(npy|csv|tsv|txt)$/i, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/\b([xy])(?=(test|train|valid|val)\w*)/g, '$1 ')
    .split(/[^a-z]+/);
  return words.some((word) => wordsOf[kind].test(word));
}
