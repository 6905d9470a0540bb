import { DataError } from '../../src/data/data-error.ts';
import { type NpyArray, readNpy } from '../../src/data/npy.ts';
import { minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';

/** What came of dropped files. */
export type Dropped =
  | { kind: 'experiment'; spec: SpecInput; arrays: Map<string, ArrayBuffer> }
  | { kind: 'problem'; text: string };

/** Bytes that a page reads of one file. */
const mostBytes = { json: 4 * 2 ** 20, npy: 256 * 2 ** 20 };
const mostFiles = 8;

/** A file that cannot be used; the message says which, why and what to do. */
class DropError extends Error {}

/**
 * Makes an experiment of dropped files: a spec or a result (.json), with the arrays that it names beside it; or arrays
 * alone (.npy), known by name and shape, that the network on the screen is to learn.
 */
export async function readDropped(files: readonly File[], current: Spec): Promise<Dropped> {
  try {
    const { json, npy } = sort(files);
    const arrays = new Map<string, { array: NpyArray; buffer: ArrayBuffer }>();
    for (const file of npy) arrays.set(file.name, await readArray(file));
    const spec = json ? await readSpec(json) : parseSpec(specOf(arrays, current));
    const buffers = new Map([...arrays].map(([name, { buffer }]) => [name, buffer]));
    return { kind: 'experiment', spec: minimalSpec(spec), arrays: buffers };
  } catch (error) {
    if (error instanceof DropError || error instanceof DataError || error instanceof SpecError) {
      return { kind: 'problem', text: error.message };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'problem', text: `This could not be read: ${message}` };
  }
}

function sort(files: readonly File[]): { json: File | undefined; npy: File[] } {
  if (files.length === 0)
    throw new DropError('There was no file in it; drop a spec (.json) or arrays (.npy).');
  if (files.length > mostFiles)
    throw new DropError(`These are ${files.length} files; at most ${mostFiles} are taken.`);
  const kinds = files.map((file) => ({ file, kind: /\.(json|npy)$/i.exec(file.name)?.[1].toLowerCase() }));
  for (const { file, kind } of kinds) {
    if (kind !== 'json' && kind !== 'npy') {
      throw new DropError(
        `${file.name} is neither a spec (.json) nor an array (.npy). Arrays are written with np.save("X.npy", X).`,
      );
    }
    if (file.size > mostBytes[kind]) {
      throw new DropError(
        `${file.name} has ${megabytes(file.size)}; a page reads at most ${megabytes(mostBytes[kind])}. ${
          kind === 'npy'
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
  return { json: json[0], npy: of('npy') };
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** A file's bytes; one that is gone, a folder or out of reach fails only here. */
async function bytesOf(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new DropError(`${file.name} could not be read; it may have been moved, or is a folder.`);
  }
}

async function readArray(file: File): Promise<{ array: NpyArray; buffer: ArrayBuffer }> {
  const buffer = await bytesOf(file);
  return { array: await readNpy(buffer, file.name), buffer };
}

/** A spec, or the spec of a result. */
async function readSpec(file: File): Promise<Spec> {
  const text = new TextDecoder().decode(await bytesOf(file));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DropError(`${file.name} is not JSON: ${(error as Error).message}`);
  }
  try {
    return parseSpec(isResult(value) ? value.spec : value);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const [first, ...more] = error.problems;
    const rest = more.length > 0 ? ` (And ${more.length} more.)` : '';
    throw new DropError(`${file.name} is not a spec: ${first}${rest}`);
  }
}

const isResult = (value: unknown): value is { spec: unknown } =>
  typeof value === 'object' && value !== null && 'format' in value && 'spec' in value;

/** The network on the screen, to learn these arrays: matrices are inputs, columns are labels, "test" in a name tells. */
function specOf(arrays: ReadonlyMap<string, { array: NpyArray }>, current: Spec): SpecInput {
  const named = [...arrays].map(([name, { array }]) => ({ name, shape: array.shape }));
  const find = (what: string, matrix: boolean, test: boolean): string | undefined => {
    const found = named.filter(
      ({ name, shape }) => isMatrix(shape) === matrix && /test|valid/i.test(name) === test,
    );
    if (found.length > 1) {
      throw new DropError(
        `${found.map(({ name, shape }) => `${name} (${shape.join(' × ')})`).join(' and ')} could both be ${what}. Name them X.npy, y.npy, X_test.npy and y_test.npy.`,
      );
    }
    return found.at(0)?.name;
  };
  const x = find('the training inputs', true, false);
  const y = find('the training labels', false, false);
  const xTest = find('the test inputs', true, true);
  const yTest = find('the test labels', false, true);
  if (x === undefined) {
    const names = named.map(({ name, shape }) => `${name} (${shape.join(' × ')})`).join(', ');
    throw new DropError(
      `There are no training inputs among ${names}: a matrix, samples × inputs, is needed. Drop X.npy with it.`,
    );
  }
  const { seed, network, training, target, claims } = current;
  return {
    seed,
    name: x.replace(/\.npy$/i, ''),
    data: {
      distribution: 'npy',
      x,
      ...(y !== undefined && { y }),
      ...(xTest !== undefined && { xTest }),
      ...(yTest !== undefined && { yTest }),
    },
    ...(y === undefined && target.kind !== 'labels' && { target }),
    network,
    training: { ...training, watched: typeof training.watched === 'number' ? training.watched : 5 },
    // Those of a list may make no sense for this data.
    claims: claims === 'all' ? 'all' : 'none',
  };
}

const isMatrix = (shape: readonly number[]): boolean => shape.length === 2 && shape[1] > 1;
