import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Operand } from './tile.ts';

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

/** WGSL of `seen(p, t)`, the position that tap t of the window at position p sees; with `mirrored`, the one whose tap t sees p. */
function seenPositions({ sides, filter }: Pick<Patches, 'sides' | 'filter'>, mirrored: boolean): string {
  const back = Math.floor(filter / 2);
  const along = (p: string, t: string, side: number) => {
    // Whole rounds, so that nothing is negative: a window may go round its ring.
    const rounds = side * Math.ceil(filter / side);
    return mirrored
      ? `(${p} + ${rounds + back}u - ${t}) % ${side}u`
      : `(${p} + ${t} + ${rounds - back}u) % ${side}u`;
  };
  if (sides.length === 1) {
    return wgsl`
fn seen(p: u32, t: u32) -> u32 {
  return ${along('p', 't', sides[0])};
}
`;
  }
  const [height, width] = sides;
  return wgsl`
fn seen(p: u32, t: u32) -> u32 {
  let y = ${along(`p / ${width}u`, `t / ${filter}u`, height)};
  let x = ${along(`p % ${width}u`, `t % ${filter}u`, width)};
  return y * ${width}u + x;
}
`;
}

/** WGSL of `window(row, k)`, vec4 number k of the patch that `buffer` has at a row; windows may be mirrored. */
export function patchFunctions(patches: Patches, buffer: string, mirrored = false): string {
  const { channels } = patches;
  const positions = positionsOf(patches);
  if (!byFloats(patches)) {
    const channels4 = Math.ceil(channels / 4);
    return wgsl`${seenPositions(patches, mirrored)}
fn window(row: u32, k: u32) -> vec4<f32> {
  let p = row % ${positions}u;
  return ${buffer}[(row - p + seen(p, k / ${channels4}u)) * ${channels4}u + k % ${channels4}u];
}
`;
  }
  const stride = 4 * Math.ceil((positions * channels) / 4);
  return wgsl`${seenPositions(patches, mirrored)}
/** Entry j of the patch, 0 in its padding. */
fn window_entry(row: u32, j: u32) -> f32 {
  let inside = min(j, ${tapsOf(patches) * channels - 1}u);
  let position = seen(row % ${positions}u, inside / ${channels}u);
  let value = ${buffer}[row / ${positions}u * ${stride}u + position * ${channels}u + inside % ${channels}u];
  return select(0.0, value, j == inside);
}

fn window(row: u32, k: u32) -> vec4<f32> {
  return vec4<f32>(window_entry(row, 4u * k), window_entry(row, 4u * k + 1u), window_entry(row, 4u * k + 2u), window_entry(row, 4u * k + 3u));
}
`;
}

/** The operand whose rows are the patches of `buffer`, of `stride` vec4s each: what `window` gives. */
export const patchOperand = (buffer: string, rows: string, stride: string): Operand => ({
  buffer,
  rows,
  stride,
  entry: (row, k) => `window(${row}, ${k})`,
});
