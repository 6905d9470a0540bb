import * as Plot from '@observablehq/plot';
import type { FirstLayerImages } from '../../src/experiment/result.ts';
import { formatCount, formatNumber } from './format.ts';
import { type Canvas, type Figure, defaultSize, finishFigure } from './frame.ts';
import {
  type ImageColours,
  greatestOfRows,
  imageColours,
  imageRows,
  imagesCaption,
} from './first-layer-rows.ts';
import { fontFamily, palette } from './palette.ts';
import { drawText, svgElement } from './svg.ts';

/** Shades of a scale, the middle one that of 0. */
const shades = 31;
const middle = (shades - 1) / 2;
const scheme = Plot.scale({ color: { type: 'linear', domain: [-middle, middle], scheme: 'piyg' } });
/** From pink over near white at 0 to green, as in all figures. */
const colours = Array.from({ length: shades }, (_, k) => scheme.apply(k - middle) as string);

const colourOf = (value: number, greatest: number): string =>
  colours[middle + Math.round(middle * Math.max(-1, Math.min(1, value / greatest)))];

/** Pictures side by side: a colour image is one of each of its channels. */
const mostAcross = { images: 8, pictures: 12 } as const;
const gap = 4;
/** For the labels of the rows, for the number of a unit over its images, and for the colours below all of them. */
const room = { left: 62, number: 15, between: 12, bars: 54 } as const;
/** Of a bar of colours. */
const bar = { width: 150, height: 9 } as const;
/** The least height of an image, in pixels: filters along a ring are one row high. */
const leastHeight = 12;

/**
 * The first layer's weights as images, a column a unit: at the start and at the end on one scale of colours, and how far they moved on
 * a scale of its own; both are the same for all units, and 0 is near white.
 */
export function firstLayerFigure(images: FirstLayerImages, width = defaultSize.width): Figure {
  const { units } = images;
  const [height, across, channels] = images.shape;
  const columns = Math.max(1, Math.min(mostAcross.images, Math.floor(mostAcross.pictures / channels)));
  const pitch = (width - room.left) / columns;
  const cell = (pitch - gap - (channels - 1)) / (across * channels);
  const stretch = Math.max(cell, leastHeight / height);
  const rows = imageRows(images);
  const greatest = Object.fromEntries(imageColours.map((of) => [of, greatestOfRows(rows, of)])) as Record<
    ImageColours,
    number
  >;
  const band = room.number + rows.length * (height * stretch + gap) + room.between;
  const bands = Math.ceil(units.length / columns);
  const bottom = bands * band + room.bars;
  const svg = svgElement('svg', {
    viewBox: `0 0 ${width} ${bottom}`,
    width,
    height: bottom,
    role: 'img',
    'font-family': fontFamily,
    fill: palette.ink.light,
  });
  svg.append(svgElement('rect', { width: '100%', height: '100%', fill: palette.paper.light }));
  for (let line = 0; line < bands; line++) {
    const top = line * band + room.number;
    for (const [k, { label }] of rows.entries()) {
      const y = top + (k + 0.5) * (height * stretch) + k * gap + 4;
      drawText(svg, label, { x: 4, y, size: 11 });
    }
    for (const [place, { unit }] of units.slice(line * columns, (line + 1) * columns).entries()) {
      const x = room.left + place * pitch;
      const index = line * columns + place;
      drawText(svg, formatCount(unit), {
        x: x + (pitch - gap) / 2,
        y: top - 4,
        anchor: 'middle',
        size: 10,
        fill: palette.muted.light,
      });
      const group = svgElement('g', { 'data-unit': unit });
      for (const [k, { values, colours }] of rows.entries()) {
        const y = top + k * (height * stretch + gap);
        for (let channel = 0; channel < channels; channel++) {
          const left = x + channel * (across * cell + 1);
          const pictured = (at: number): number => values[index][at * channels + channel];
          group.append(
            picture(pictured, { x: left, y, height, across, cell, stretch, greatest: greatest[colours] }),
          );
        }
      }
      svg.append(group);
    }
  }
  const bars = bands * band + 12;
  for (const [k, of] of imageColours.entries()) {
    drawBar(svg, of, greatest[of], { x: room.left + k * (bar.width + 48), y: bars });
  }
  const canvas: Canvas = {
    svg,
    ...{ left: 0, right: width, top: 0, bottom },
    x: (value) => value,
    y: (value) => value,
  };
  return finishFigure(canvas, 'first-layer-weights', 'Weights of the first layer', imagesCaption(images));
}

interface Picture {
  x: number;
  y: number;
  height: number;
  across: number;
  /** Width and height of a pixel. */
  cell: number;
  stretch: number;
  greatest: number;
}

/** One channel of an image: for each shade a path of all its pixels, those side by side as one. */
function picture(
  valueAt: (pixel: number) => number,
  { x, y, height, across, cell, stretch, greatest }: Picture,
): SVGGElement {
  const paths = new Map<string, string>();
  for (let row = 0; row < height; row++) {
    for (let from = 0, to = 1; from < across; from = to++) {
      const colour = colourOf(valueAt(row * across + from), greatest);
      while (to < across && colourOf(valueAt(row * across + to), greatest) === colour) to++;
      paths.set(colour, `${paths.get(colour) ?? ''}M${from} ${row}h${to - from}v1h${from - to}z`);
    }
  }
  const group = svgElement('g', { 'shape-rendering': 'crispEdges' });
  // Of its own precision: pixels of large images are small.
  const [scaleX, scaleY] = [cell, stretch].map((size) => Number(size.toPrecision(6)));
  group.setAttribute(
    'transform',
    `translate(${Number(x.toFixed(2))} ${Number(y.toFixed(2))}) scale(${scaleX} ${scaleY})`,
  );
  for (const [fill, d] of paths) group.append(svgElement('path', { d, fill }));
  group.append(
    svgElement('rect', {
      ...{ width: across, height, fill: 'none', stroke: palette.grid.light },
      'vector-effect': 'non-scaling-stroke',
      'stroke-width': 0.6,
    }),
  );
  return group;
}

function drawBar(
  svg: SVGSVGElement,
  label: string,
  greatest: number,
  { x, y }: { x: number; y: number },
): void {
  const step = bar.width / shades;
  for (let k = 0; k < shades; k++) {
    // Half a pixel over the next shade, or the paper would shine through between both.
    svg.append(
      svgElement('rect', { x: x + k * step, y, width: step + 0.5, height: bar.height, fill: colours[k] }),
    );
  }
  for (const [k, anchor] of (['start', 'middle', 'end'] as const).entries()) {
    drawText(svg, formatNumber((k - 1) * greatest, 2), {
      x: x + (k * bar.width) / 2,
      y: y + bar.height + 12,
      anchor,
      size: 10,
    });
  }
  drawText(svg, label, { x: x + bar.width / 2, y: y + bar.height + 24, anchor: 'middle', size: 11 });
}
