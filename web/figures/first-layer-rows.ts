import type { FirstLayerImages } from '../../src/experiment/result.ts';
import { type ColourScale, colourScale } from './diverging.ts';
import { formatCount, formatNumber } from './format.ts';

/** What is drawn of every unit, a row each. */
export interface ImageRow {
  /** In the markup of notation.ts. */
  label: string;
  colours: ImageColours;
  /** A list for each unit. */
  values: readonly (readonly number[])[];
}

/** Weights at the start and at the end share their colours; how far they moved may be a thousandth of them, and has its own. */
export type ImageColours = 'weights' | 'movement';
export const imageColours: readonly ImageColours[] = ['weights', 'movement'];

/** w(0), w(t), and the difference. */
export function imageRows({ units, step }: FirstLayerImages): ImageRow[] {
  const [start, displacement] = [units.map((unit) => unit.start), units.map((unit) => unit.displacement)];
  const end = start.map((values, k) => values.map((value, j) => value + displacement[k][j]));
  return [
    { label: '*t* = 0', colours: 'weights', values: start },
    { label: `*t* = ${formatCount(step)}`, colours: 'weights', values: end },
    { label: 'difference', colours: 'movement', values: displacement },
  ];
}

/** The colours of both, the same for all units. */
export const imageScales = (rows: readonly ImageRow[]): Record<ImageColours, ColourScale> => {
  const scaleOf = (of: ImageColours): ColourScale =>
    colourScale('linear', ...rows.filter(({ colours }) => colours === of).flatMap(({ values }) => values));
  return { weights: scaleOf('weights'), movement: scaleOf('movement') };
};

/** The caption, in the markup of notation.ts. */
export function imagesCaption({
  units,
  of,
  step,
  shape: [height, width, channels],
}: FirstLayerImages): string {
  const which =
    units.length === of
      ? `all ${formatCount(of)} units`
      : `the ${formatCount(units.length)} units of ${formatCount(of)} that moved most`;
  const shape = `${height} × ${width}${channels > 1 ? `, its ${channels} channels side by side` : ''}`;
  return `Weights of the first layer, each unit’s an image of ${shape}: ${which}, one of each pair that begins alike, at *t* = 0, at *t* = ${formatCount(step)}, and how far they moved, on a scale of its own. Units are numbered from 0; the first one moved by ‖*w*(*t*) − *w*(0)‖ = ${formatNumber(units[0]?.movement)}.`;
}
