import type { FirstLayerImages } from '../../../src/experiment/result.ts';
import {
  type ImageRow,
  imageColours,
  imageRows,
  imageScales,
  imagesCaption,
} from '../../figures/first-layer-rows.ts';
import { formatCount } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { ColourBar } from './colour-bar.ts';
import { type ColourScale, paintValues } from '../../figures/diverging.ts';
import { htmlElement, htmlMarked } from './html-element.ts';

/** Fills a box with the images of every unit, a column each, and their colours; and says what they are. */
export function drawWeights(
  box: HTMLElement,
  note: HTMLElement,
  images: FirstLayerImages,
  scheme: 'light' | 'dark',
): void {
  const rows = imageRows(images);
  const scales = imageScales(rows);
  const columns = images.units.map(({ unit }, k) => {
    const column = htmlElement('figure', 'weights-unit', htmlElement('figcaption', '', formatCount(unit)));
    for (const row of rows) column.append(imageOf(row, k, images.shape, scales[row.colours], scheme));
    return column;
  });
  const labels = htmlElement(
    'div',
    'weights-labels',
    ...rows.map(({ label }) => htmlMarked('span', '', notationToHtml(label))),
  );
  const bars = imageColours.map((of) => {
    const colours = new ColourBar(of);
    colours.show(scales[of], scheme);
    return colours.element;
  });
  box.replaceChildren(
    htmlElement('div', 'weights-units', labels, ...columns),
    htmlElement('div', 'weights-bars', ...bars),
  );
  note.replaceChildren(htmlMarked('span', '', notationToHtml(imagesCaption(images))));
}

/** Its channels side by side, a column of nothing between them. */
function imageOf(
  { values }: ImageRow,
  unit: number,
  [height, width, channels]: FirstLayerImages['shape'],
  scale: ColourScale,
  scheme: 'light' | 'dark',
): HTMLElement {
  const canvas = htmlElement('canvas');
  const across = (width + 1) * channels - 1;
  [canvas.width, canvas.height] = [across, height];
  canvas.style.aspectRatio = `${across} / ${height}`;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const image = context.createImageData(across, height);
  const valueAt = (pixel: number): number => {
    const [row, column] = [Math.floor(pixel / across), pixel % across];
    const [channel, x] = [Math.floor(column / (width + 1)), column % (width + 1)];
    return x === width ? Number.NaN : values[unit][(row * width + x) * channels + channel];
  };
  paintValues(image, valueAt, scale, scheme);
  context.putImageData(image, 0, 0);
  return canvas;
}
