import { DataError } from '../data/data-error.ts';
import { readNpy } from '../data/npy.ts';
import { type StoredArray, largestEntry, rowChunks, rowSize, tuple } from '../data/stored-array.ts';
import type { PointSet } from '../data/point-set.ts';
import type { InputFacts, PreparedInputs } from '../data/prepare-images.ts';
import type { Gpu } from '../gpu/device.ts';
import { mathematicsOf } from '../math/activations.ts';
import { leastOf } from '../math/statistics.ts';
import type { DataSpec, Spec } from './spec.ts';
import { activationOf } from './spec-facts.ts';

export type ArraysSpec = Extract<DataSpec, { distribution: 'npy' }>;

/** Opens one of the user's arrays by the path that the spec gives. */
export type OpenArray = (path: string) => Promise<ArrayBuffer | AsyncIterable<Uint8Array>>;

/** One of the user's arrays, and the path that messages call it by. */
export interface UserArray {
  path: string;
  array: StoredArray;
}

export interface UserArrays {
  x: UserArray;
  y: UserArray | null;
  xTest: UserArray | null;
  yTest: UserArray | null;
}

/**
 * The user's arrays, their shapes checked against each other.
 * @throws DataError
 */
export async function readArrays(data: ArraysSpec, open: OpenArray | undefined): Promise<UserArrays> {
  if (!open) {
    throw new DataError('data.distribution is "npy", but this run was given no way to open files.');
  }
  const read = async (path: string): Promise<UserArray> => ({
    path,
    array: await readNpy(await open(path), path),
  });
  const x = await read(data.x);
  const xTest = data.xTest === undefined ? null : await read(data.xTest);
  const y = data.y === undefined ? null : await read(data.y);
  const yTest = data.yTest === undefined ? null : await read(data.yTest);
  for (const inputs of [x, xTest]) if (inputs) requireMatrix(inputs);
  if (xTest && rowSize(xTest.array) !== rowSize(x.array)) {
    throw new DataError(
      `${xTest.path} has shape ${shapeOf(xTest)} but ${x.path} has shape ${shapeOf(x)}; both need the same number of columns.`,
    );
  }
  if (y) requireLabels(y, x);
  if (yTest && xTest) requireLabels(yTest, xTest);
  return { x, y, xTest, yTest };
}

const shapeOf = ({ array: { shape } }: UserArray): string => tuple(shape);

function requireMatrix(inputs: UserArray): void {
  if (inputs.array.shape.length > 1) return;
  throw new DataError(
    `${inputs.path} has shape ${shapeOf(inputs)}; inputs need two dimensions or more, points × inputs. Reshape it, with X.reshape(len(X), -1).`,
  );
}

function requireLabels(labels: UserArray, inputs: UserArray): void {
  const [rows, columns] = [labels.array.shape[0], rowSize(labels.array)];
  const [points] = inputs.array.shape;
  if (rows === points && columns === 1) return;
  throw new DataError(
    `${labels.path} has shape ${shapeOf(labels)} but ${inputs.path} has shape ${shapeOf(inputs)}; there must be one number for each of its ${points} rows.${
      rows === points ? ` ${oneColumn}` : ''
    }`,
  );
}

/** What to do about labels of several columns. */
export const oneColumn =
  'The network has one output, so that labels of several columns, such as one-hot ones, are to become one: save y[:, k], or np.where(y.argmax(axis=1) == k, 1.0, -1.0) for the class k.';

/**
 * Entries of size ‖x‖/√d, that of the pre-activations at W(0), up to which every measure stays finite in float32: the norm
 * feature goes with its square, the losses with the square of that, and weights may grow a thousandfold.
 */
const largestSize = 1e8;

/**
 * The same for sin. float32 spaces numbers of this size by 2⁻¹⁴, so that z = w·x/√d is known to 2⁻¹⁵ and sin z to four
 * digits; each factor of ten beyond it costs one of them, and from 2²⁴ on none is left.
 */
const largestSizeOfSine = 1024;

/**
 * Writes prepared inputs to the device, in chunks of about 4 MiB, and lets their facts be counted.
 * @throws DataError naming file, index and value of an input that is too large to say anything of
 */
export async function writeInputs(
  gpu: Gpu,
  set: PointSet,
  inputs: UserArray,
  prepared: PreparedInputs,
  spec: Spec,
  facts?: InputFacts,
): Promise<void> {
  const d = set.X.cols;
  const limit = largestSizeOf(spec);
  let written = 0;
  for (const { first, entries } of rowChunks(inputs.array)) {
    const rows = prepared.prepare(entries, first, inputs.path);
    const row = firstBeyond(rows, d, limit);
    if (row !== null) throw tooLarge(inputs, first + row, prepared, limit);
    facts?.add(rows);
    set.X.write(rows, first);
    written += rows.byteLength;
    if (written < pendingBytes) continue;
    // What is written lies in the browser's memory, too, until the device has it.
    gpu.device.queue.submit([]);
    await gpu.device.queue.onSubmittedWorkDone();
    written = 0;
  }
}

const pendingBytes = 2 ** 27;

const takesSine = ({ network, target }: Spec): boolean =>
  network.activation === 'sin' || (target.kind === 'teacher' && target.activation === 'sin');

/** What float32 holds of the formulas among a spec's activations: pre-activations reach a few times the size of their input. */
function largestSizeOf(spec: Spec): number {
  const parts = [spec.network, ...(spec.target.kind === 'teacher' ? [spec.target] : [])];
  const ranges = parts.map((part) => (mathematicsOf(activationOf(part)).formula?.range ?? Infinity) / 16);
  return leastOf([takesSine(spec) ? largestSizeOfSine : largestSize, ...ranges]);
}

/** The first of the rows with ‖x‖/√d beyond the limit; null where there is none. */
function firstBeyond(rows: Float32Array, d: number, limit: number): number | null {
  for (let start = 0; start < rows.length; start += d) {
    let square = 0;
    for (let j = 0; j < d; j++) square += rows[start + j] ** 2;
    if (!(square <= d * limit ** 2)) return start / d;
  }
  return null;
}

function tooLarge(
  { path, array }: UserArray,
  row: number,
  { scale }: PreparedInputs,
  limit: number,
): DataError {
  const { value, index } = largestEntry(array, row, 1);
  const why =
    limit < largestSize && limit !== largestSizeOfSine
      ? `Rescaled as the training inputs are, by ${scale.toPrecision(3)}, its row gives pre-activations of which float32 keeps too few digits in this activation's formula: it asks for ‖x‖/√d of at most ${limit.toPrecision(3)}`
      : limit === largestSizeOfSine
        ? `Rescaled as the training inputs are, by ${scale.toPrecision(3)}, its row gives sin pre-activations beyond ${limit}, whose digits float32 does not have`
        : `Rescaled as the training inputs are, by ${scale.toPrecision(3)}, its row is so large that losses there are beyond float32`;
  return new DataError(
    `${path} has ${value} at index ${index}. ${why}. Correct or remove this row, or scale training and test inputs alike.`,
  );
}

/**
 * Labels as float32.
 * @throws DataError naming file, index and value where they, or the loss that they begin with, are beyond float32
 */
export function labelsOf({ path, array }: UserArray): Float32Array<ArrayBuffer> {
  const labels = Float32Array.from(array.rows(0, array.shape[0]));
  const square = labels.reduce((sum, label) => sum + label * label, 0);
  if (square <= largestFloat) return labels;
  const { value, index } = largestEntry(array);
  throw new DataError(
    `${path} has ${value} at index ${index}: ${Math.abs(value) > largestFloat ? 'it is' : 'the squares of these labels add up to what is'} beyond float32. Rescale the labels; the theorems take |y| ≤ 1.`,
  );
}

const largestFloat = (2 - 2 ** -23) * 2 ** 127;
