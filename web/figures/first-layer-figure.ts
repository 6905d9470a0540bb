import type { FirstLayerImages } from '../../src/experiment/result.ts';
import { drawCells, shadeColour, shades } from './cells.ts';
import { type ColourScale, barTicks } from './diverging.ts';
import { formatCount } from './format.ts';
import { type Canvas, type Figure, defaultSize, finishFigure } from './frame.ts';
import { imageColours, imageRows, imageScales, imagesCaption } from './first-layer-rows.ts';
import { fontFamily, palette } from './palette.ts';
import { drawText, svgElement } from './svg.ts';

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
  const scales = imageScales(rows);
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
          group.append(
            drawCells(
              (row, column) => values[index][(row * across + column) * channels + channel],
              { rows: height, columns: across },
              { x: left, y, cell: { width: cell, height: stretch } },
              scales[colours],
            ),
          );
        }
      }
      svg.append(group);
    }
  }
  const bars = bands * band + 12;
  for (const [k, of] of imageColours.entries()) {
    drawBar(svg, of, scales[of], { x: room.left + k * (bar.width + 48), y: bars });
  }
  const canvas: Canvas = {
    svg,
    ...{ left: 0, right: width, top: 0, bottom },
    x: (value) => value,
    y: (value) => value,
  };
  return finishFigure(canvas, 'first-layer-weights', 'Weights of the first layer', imagesCaption(images));
}

function drawBar(
  svg: SVGSVGElement,
  label: string,
  scale: ColourScale,
  { x, y }: { x: number; y: number },
): void {
  const step = bar.width / shades;
  for (let k = 0; k < shades; k++) {
    // Half a pixel over the next shade, or the paper would shine through between both.
    svg.append(
      svgElement('rect', {
        ...{ x: x + k * step, y, width: step + 0.5, height: bar.height },
        fill: shadeColour(k),
      }),
    );
  }
  for (const [k, { label: tick }] of barTicks(scale).entries()) {
    drawText(svg, tick, {
      x: x + (k * bar.width) / 2,
      y: y + bar.height + 12,
      anchor: (['start', 'middle', 'end'] as const)[k],
      size: 10,
    });
  }
  drawText(svg, label, { x: x + bar.width / 2, y: y + bar.height + 24, anchor: 'middle', size: 11 });
}
