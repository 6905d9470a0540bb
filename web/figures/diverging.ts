import { formatNumber } from './format.ts';

type Colour = readonly [red: number, green: number, blue: number];

/**
 * From pink through the paper's colour at 0 to green (PiYG; its dark twin has a dark middle): told apart by every common kind
 * of colour vision, and the colours of no model.
 */
const stops: Record<'light' | 'dark', readonly Colour[]> = {
  light: [
    [120, 0, 70],
    [197, 27, 125],
    [222, 119, 174],
    [248, 214, 234],
    [250, 250, 250],
    [226, 241, 202],
    [141, 196, 78],
    [77, 146, 33],
    [32, 84, 20],
  ],
  dark: [
    [255, 200, 232],
    [238, 116, 184],
    [180, 60, 126],
    [92, 38, 70],
    [27, 31, 36],
    [46, 72, 28],
    [88, 138, 40],
    [140, 198, 76],
    [212, 245, 160],
  ],
};

const shades = 256;
const tables = { light: tableOf(stops.light), dark: tableOf(stops.dark) };
/** The same colours in CSS: a view asks for thousands of them at every record. */
const cssTables = { light: cssOf(tables.light), dark: cssOf(tables.dark) };

function tableOf(colours: readonly Colour[]): Uint8ClampedArray {
  const table = new Uint8ClampedArray(3 * shades);
  for (let k = 0; k < shades; k++) {
    const at = (k / (shades - 1)) * (colours.length - 1);
    const below = Math.min(Math.floor(at), colours.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [colours[below][channel], colours[below + 1][channel]];
      table[3 * k + channel] = from + (at - below) * (to - from);
    }
  }
  return table;
}

function cssOf(table: Uint8ClampedArray): string[] {
  return Array.from({ length: shades }, (_, shade) => {
    const parts = Array.from(table.subarray(3 * shade, 3 * shade + 3), (part) =>
      part.toString(16).padStart(2, '0'),
    );
    return `#${parts.join('')}`;
  });
}

/** How values become colours: linear, or by the square root of their size, which shows small ones beside large ones. */
export interface ColourScale {
  /** The value of the outermost colours. */
  greatest: number;
  shape: 'linear' | 'root';
  /** How far the colours go towards the outermost of the table; 1 where nothing is said. */
  depth?: number;
}

/** −1 … 1 for a value. */
const shareOf = (value: number, { greatest, shape }: ColourScale): number => {
  const share = Math.max(-1, Math.min(1, value / greatest));
  return shape === 'linear' ? share : Math.sign(share) * Math.sqrt(Math.abs(share));
};

/** The place in the table, not a number for what is none. */
const shadeOf = (value: number, scale: ColourScale): number =>
  Math.round((((scale.depth ?? 1) * shareOf(value, scale) + 1) / 2) * (shades - 1));

/** The scale around 0 of all values; 1 where there is nothing but 0. */
export function colourScale(shape: ColourScale['shape'], ...arrays: ArrayLike<number>[]): ColourScale {
  let greatest = 0;
  for (const values of arrays) {
    for (let k = 0; k < values.length; k++) {
      const size = Math.abs(values[k]);
      if (size > greatest && size < Infinity) greatest = size;
    }
  }
  return { greatest: greatest || 1, shape };
}

/** Writes the colours of values into an image, row by row; what is no number is left transparent. */
export function paintValues(
  image: ImageData,
  valueAt: (pixel: number) => number,
  scale: ColourScale,
  scheme: 'light' | 'dark',
): void {
  const table = tables[scheme];
  const { data } = image;
  for (let pixel = 0; 4 * pixel < data.length; pixel++) {
    const shade = shadeOf(valueAt(pixel), scale);
    if (Number.isNaN(shade)) {
      data[4 * pixel + 3] = 0;
      continue;
    }
    for (let channel = 0; channel < 3; channel++) data[4 * pixel + channel] = table[3 * shade + channel];
    data[4 * pixel + 3] = 255;
  }
}

export function colourOf(value: number, scale: ColourScale, scheme: 'light' | 'dark'): string {
  return cssTables[scheme][shadeOf(value, scale) || 0];
}

/** On paper, of a value as a share of the greatest, −1 … 1. */
export const colourAt = (share: number): string => colourOf(share, { greatest: 1, shape: 'linear' }, 'light');

/** The colours from −greatest to greatest as a CSS gradient. */
export function gradientOf({ depth = 1 }: ColourScale, scheme: 'light' | 'dark'): string {
  const colours = Array.from({ length: 17 }, (_, k) =>
    colourOf((k - 8) / 8, { greatest: 1, shape: 'linear', depth }, scheme),
  );
  return `linear-gradient(to right, ${colours.join(', ')})`;
}

/** Where a value stands on the colour bar, from 0 to 1. */
export const barPlace = (value: number, scale: ColourScale): number => (shareOf(value, scale) + 1) / 2;

/** The middle and the ends; on the root's scale, which is hard to read between them, also a tenth of those. */
export function barTicks({ greatest, shape }: ColourScale): { at: number; label: string }[] {
  const shown = Number(greatest.toPrecision(2));
  const shares = shape === 'root' ? [-1, -0.1, 0, 0.1, 1] : [-1, 0, 1];
  return shares.map((share) => share * shown).map((at) => ({ at, label: formatNumber(at, 2) }));
}
