import { type ColourScale, barPlace, colourAt } from './diverging.ts';
import { inPrint } from './palette.ts';
import { svgElement } from './svg.ts';

/** Shades of a picture, the middle one that of 0. */
export const shades = 31;

/** The colour of the k-th shade. */
export const shadeColour = (k: number): string => colourAt((2 * k) / (shades - 1) - 1);

/**
 * Rows and columns of values as cells in colour, in a thin frame: for each shade a path of all its cells, those side by side as
 * one.
 */
export function drawCells(
  valueAt: (row: number, column: number) => number,
  { rows, columns }: { rows: number; columns: number },
  { x, y, cell }: { x: number; y: number; cell: { width: number; height: number } },
  scale: ColourScale,
): SVGGElement {
  const shadeOf = (row: number, column: number): number =>
    Math.round((shades - 1) * barPlace(valueAt(row, column), scale));
  const paths = new Map<number, string>();
  for (let row = 0; row < rows; row++) {
    for (let from = 0, to = 1; from < columns; from = to++) {
      const shade = shadeOf(row, from);
      while (to < columns && shadeOf(row, to) === shade) to++;
      paths.set(shade, `${paths.get(shade) ?? ''}M${from} ${row}h${to - from}v1h${from - to}z`);
    }
  }
  const group = svgElement('g', { 'shape-rendering': 'crispEdges' });
  const cells = svgElement('g', {});
  // Of its own precision: pixels of large images are small.
  const [scaleX, scaleY] = [cell.width, cell.height].map((size) => Number(size.toPrecision(6)));
  cells.setAttribute(
    'transform',
    `translate(${Number(x.toFixed(2))} ${Number(y.toFixed(2))}) scale(${scaleX} ${scaleY})`,
  );
  for (const [shade, d] of paths) cells.append(svgElement('path', { d, fill: shadeColour(shade) }));
  const frame = { x, y, width: columns * cell.width, height: rows * cell.height };
  group.append(
    cells,
    svgElement('rect', { ...frame, fill: 'none', stroke: inPrint('grid'), 'stroke-width': 0.6 }),
  );
  return group;
}
