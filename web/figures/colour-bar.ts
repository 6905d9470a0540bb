import type { Canvas } from './frame.ts';
import { inPrint } from './palette.ts';
import { drawText, svgElement } from './svg.ts';

/** Right of a square: the colour bar and its labels. */
export const barRoom = 92;

/** What colours mean, at the right of a plot: the shades from its bottom to its top, and ticks by their share of the way. */
export function drawColourBar(
  { svg, right, top, bottom }: Canvas,
  ticks: readonly { share: number; label: string }[],
  shades: readonly string[],
): void {
  const at = right + 18;
  const height = (bottom - top) / shades.length;
  for (const [k, fill] of shades.entries()) {
    const y = bottom - (k + 1) * height;
    // Half a pixel over the shade above, or the paper would shine through between both.
    const over = k + 1 < shades.length ? 0.5 : 0;
    svg.append(svgElement('rect', { x: at, y: y - over, width: 14, height: height + 0.5, fill }));
  }
  for (const { share, label } of ticks) {
    const y = bottom - share * (bottom - top);
    svg.append(svgElement('line', { x1: at + 14, x2: at + 18, y1: y, y2: y, stroke: inPrint('ink') }));
    drawText(svg, label, { x: at + 21, y: y + 4, size: 11.5 });
  }
}
