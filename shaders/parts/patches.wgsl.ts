import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Operand } from './operand.ts';

/**
 * What a convolution reads: positions on a ring or a torus, and around each a window of taps that goes round its ends. Rows
 * are of a point and a position, the positions of a point in order; a row is the channels of every tap, one tap after
 * another. Patches are gathered as they are read, and never stored. Source: THEORY-DEEP.md, section (b).
 */
export interface Patches {
  /** Positions along each axis, the last one fastest: [P] or [height, width]. */
  readonly sides: readonly number[];
  /** Taps along each axis; of an even number one more is to the left of the position than to its right. */
  readonly filter: number;
  /** Channels of what is read. */
  readonly channels: number;
  /** Whether a point is a row, positions × channels floats padded at its end alone; else every position is one. */
  readonly points: boolean;
}

export const positionsOf = ({ sides }: Pick<Patches, 'sides'>): number => sides.reduce((a, b) => a * b, 1);
export const tapsOf = ({ sides, filter }: Pick<Patches, 'sides' | 'filter'>): number =>
  filter ** sides.length;

/** Whether patches are read float by float: channels of points that are no whole vec4s. */
const byFloats = ({ points, channels }: Patches): boolean => points && channels % 4 !== 0;

/** Floats of a patch: the channels of every tap, padded to whole vec4s each unless they are read float by float. */
export const patchFloats = (patches: Patches): number =>
  tapsOf(patches) * (byFloats(patches) ? patches.channels : 4 * Math.ceil(patches.channels / 4));

/** The type of the buffer that patches are read from. */
export const patchArray = (patches: Patches | undefined): string =>
  patches && byFloats(patches) ? 'array<f32>' : 'array<vec4<f32>>';

/** Bits of a number below `count`. */
const bitsBelow = (count: number): number => 32 - Math.clz32(count - 1);

/**
 * `patch_place(row)`: the row's point and its position along each axis, side by side in 32 bits, so that windows need no
 * division for them; and the same of four rows. `seen(place, t)`: the position that tap t of the window there sees; with `mirrored`,
 * the one whose tap t sees it.
 */
function placeFunctions({ sides, filter }: Pick<Patches, 'sides' | 'filter'>, mirrored: boolean): string {
  const back = Math.floor(filter / 2);
  const bits = sides.map(bitsBelow);
  const width = sides[sides.length - 1];
  const bitsOfX = bits[bits.length - 1];
  const along = (p: string, t: string, side: number) => {
    if (filter > side) {
      // Whole rounds, so that nothing is negative: a window goes round its ring.
      const rounds = side * Math.ceil(filter / side);
      return mirrored
        ? `(${p} + ${rounds + back}u - ${t}) % ${side}u`
        : `(${p} + ${t} + ${rounds - back}u) % ${side}u`;
    }
    return `around(${mirrored ? `${p} + ${back}u - ${t}` : `${p} + ${t} - ${back}u`}, ${side}u)`;
  };
  const [y, x] = [`((place >> ${bitsOfX}u) & ${2 ** bits[0] - 1}u)`, `(place & ${2 ** bitsOfX - 1}u)`];
  const place = (row: string, type: 'u32' | 'vec4<u32>') => {
    const shifted = (value: string, by: number) => `((${value}) << ${type}(${by}u))`;
    const column = `(${row} % ${width}u)`;
    if (sides.length === 1) return `${shifted(`${row} / ${width}u`, bitsOfX)} | ${column}`;
    const line = `${row} / ${width}u % ${sides[0]}u`;
    const point = `${row} / ${width * sides[0]}u`;
    return `${shifted(point, bits[0] + bitsOfX)} | ${shifted(line, bitsOfX)} | ${column}`;
  };
  return wgsl`
fn patch_place(row: u32) -> u32 {
  return ${place('row', 'u32')};
}

fn patch_places(rows: vec4<u32>) -> vec4<u32> {
  return ${place('rows', 'vec4<u32>')};
}

fn point_of(place: u32) -> u32 {
  return place >> ${bits.reduce((sum, count) => sum + count, 0)}u;
}

/** Position \`at\` of a ring, at most once around it in either direction; below 0 it is a number beyond all others. */
fn around(at: u32, side: u32) -> u32 {
  return min(min(at, at + side), at - side);
}

fn seen(place: u32, t: u32) -> u32 {
#if ${sides.length === 1}
  return ${along(x, 't', width)};
#else
  return ${along(y, `t / ${filter}u`, sides[0])} * ${width}u + ${along(x, `t % ${filter}u`, width)};
#endif
}
`;
}

/** WGSL of `window(place, k)`: vec4 number k of the patch that `buffer` has at a row's place. */
export function patchFunctions(patches: Patches, buffer: string, mirrored = false): string {
  const { channels } = patches;
  const positions = positionsOf(patches);
  if (!byFloats(patches)) {
    const channels4 = Math.ceil(channels / 4);
    return wgsl`${placeFunctions(patches, mirrored)}
fn window(place: u32, k: u32) -> vec4<f32> {
  let position = point_of(place) * ${positions}u + seen(place, k / ${channels4}u);
  return ${buffer}[position * ${channels4}u + k % ${channels4}u];
}
`;
  }
  const stride = 4 * Math.ceil((positions * channels) / 4);
  return wgsl`${placeFunctions(patches, mirrored)}
/** Entry j of the patch, 0 in its padding. */
fn window_entry(place: u32, j: u32) -> f32 {
  let inside = min(j, ${tapsOf(patches) * channels - 1}u);
  let position = seen(place, inside / ${channels}u);
  let value = ${buffer}[point_of(place) * ${stride}u + position * ${channels}u + inside % ${channels}u];
  return select(0.0, value, j == inside);
}

fn window(place: u32, k: u32) -> vec4<f32> {
  return vec4<f32>(window_entry(place, 4u * k), window_entry(place, 4u * k + 1u), window_entry(place, 4u * k + 2u), window_entry(place, 4u * k + 3u));
}
`;
}

/** The operand whose rows are the patches of `buffer`, of `stride` vec4s each: what `window` gives. */
export const patchOperand = (buffer: string, rows: string, stride: string): Operand => ({
  buffer,
  rows,
  stride,
  start: (row, four) => `${four ? 'patch_places' : 'patch_place'}(${row})`,
  entry: (place, k) => `window(${place}, ${k})`,
});
