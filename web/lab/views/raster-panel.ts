import { svgElement } from '../../figures/svg.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { type ColourScale, paintValues } from '../../figures/diverging.ts';
import { htmlElement, htmlMarked } from './html-element.ts';

/** A square picture of side × side values, with room for lines over it. Its own coordinates run from 0 to 1. */
export class RasterPanel {
  readonly element: HTMLElement;
  readonly square = htmlElement('div', 'raster');
  readonly #canvas = htmlElement('canvas');
  readonly #lines = svgElement('svg', { viewBox: '0 0 1 1', class: 'raster-lines', 'aria-hidden': 'true' });
  readonly #cross = svgElement('path', { class: 'cross', d: '' });

  /** The first row is at the bottom, as in a plane, and not at the top, as in a matrix. */
  readonly upward: boolean;

  constructor(title: string, upward: boolean) {
    this.upward = upward;
    this.#canvas.className = upward ? 'smooth' : 'crisp';
    this.#lines.append(this.#cross);
    this.square.append(this.#canvas, this.#lines);
    this.element = htmlElement(
      'figure',
      'raster-panel',
      htmlMarked('figcaption', '', notationToHtml(title)),
      this.square,
    );
  }

  addLine(line: SVGElement): void {
    this.#lines.prepend(line);
  }

  paint(
    side: number,
    valueAt: (row: number, column: number) => number,
    scale: ColourScale,
    scheme: 'light' | 'dark',
  ): void {
    if (this.#canvas.width !== side) [this.#canvas.width, this.#canvas.height] = [side, side];
    const context = this.#canvas.getContext('2d');
    if (!context || side === 0) return;
    const image = context.createImageData(side, side);
    paintValues(
      image,
      (pixel) => {
        const row = Math.floor(pixel / side);
        return valueAt(this.upward ? side - 1 - row : row, pixel % side);
      },
      scale,
      scheme,
    );
    context.putImageData(image, 0, 0);
  }

  /** Points at a cell; null: at none. */
  point(cell: { row: number; column: number; side: number } | null): void {
    if (!cell) {
      this.#cross.setAttribute('d', '');
      return;
    }
    const x = (cell.column + 0.5) / cell.side;
    const y = (this.upward ? cell.side - 0.5 - cell.row : cell.row + 0.5) / cell.side;
    this.#cross.setAttribute('d', `M${x},0V1M0,${y}H1`);
  }
}
