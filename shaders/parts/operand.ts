import { type FeatureStorage, unstored } from './features.wgsl.ts';
import type { PlainTile, Tile } from './tile.ts';

/**
 * An operand in the names of the shader: a buffer of vec4s, how many rows it has, and how many vec4s a row has. What is more
 * than a name is in parentheses.
 */
export interface Operand {
  readonly buffer: string;
  readonly rows: string;
  readonly stride: string;
  /** Of a buffer of features: how they lie in it. */
  readonly storage?: FeatureStorage;
  /** WGSL of vec4 number k of a row, where rows do not lie in the buffer as they are: patches of a convolution. */
  readonly entry?: (start: string, k: string) => string;
  /** Then WGSL of what `entry` takes for a row, a number in 32 bits, or for each of four; the row itself unless given. */
  readonly start?: (row: string, four: boolean) => string;
}

/** WGSL of where a row begins: what entryOf takes. `stride`: another name of the operand's. */
export const rowStart = ({ entry, start, stride: own }: Operand, row: string, stride = own): string =>
  entry ? (start?.(row, false) ?? row) : `${row} * ${stride}`;

/** The same of each of four rows. */
export const rowStarts = ({ entry, start, stride: own }: Operand, rows: string, stride = own): string =>
  entry ? (start?.(rows, true) ?? rows) : `${rows} * ${stride}`;

/** WGSL of vec4 number k of the row that begins at `start`. */
export const entryOf = (operand: Operand, start: string, k: string): string =>
  operand.entry ? operand.entry(start, k) : load(operand, `${start} + ${k}`);

/** WGSL of vec4 number `at` of an operand. */
export const load = ({ buffer, storage = 'f32' }: Operand, at: string): string =>
  unstored(storage, `${buffer}[${at}]`);

/** Which operands of a product are transposed, P first. */
export type TileForm = 'NN' | 'NT' | 'TN' | 'TT';

/** What a product is called, and what it is of. */
export interface ProductNames {
  /** Of the function. */
  readonly name: string;
  readonly P: Operand;
  readonly Q: Operand;
  /** Form TN only: WGSL of w_k, 1 unless given. */
  readonly weight?: ((k: string) => string) | undefined;
}

/** What tiles through workgroup memory make. */
export type StagedForm = Exclude<TileForm, 'TT'>;

/** One way to make tiles: what its programs begin with, and its products. See tileHeader and tileProduct. */
export type TileFamily<T extends Tile = PlainTile, Form extends TileForm = TileForm> = {
  readonly header: (tile: T) => string;
} & TileProducts<T, Form>;

/** Its products. */
export type TileProducts<T extends Tile = PlainTile, Form extends TileForm = TileForm> = Readonly<
  Record<Form, (names: ProductNames, tile: T) => string>
>;
