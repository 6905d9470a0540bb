import { htmlElement } from './html-element.ts';
import type { RasterPanel } from './raster-panel.ts';
import { Tooltip, type TooltipLine } from './tooltip.ts';

export interface Cell {
  row: number;
  column: number;
}

/** Panels of the same cells side by side: pointer and arrow keys point at a cell in all of them and show its values. */
export class RasterRow {
  readonly element = htmlElement('div', 'raster-row');
  readonly #panels: readonly RasterPanel[];
  readonly #tooltip = new Tooltip();
  #side = 0;
  #cell: Cell | null = null;
  /** The panel pointed at last: where the values are shown. */
  #panel: RasterPanel;
  #read: (cell: Cell) => { title: string; lines: TooltipLine[] } = () => ({ title: '', lines: [] });

  constructor(name: string, panels: readonly RasterPanel[], ...bars: HTMLElement[]) {
    this.#panels = panels;
    this.#panel = panels[0];
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', `${name}; arrow keys read out values`);
    this.element.append(...panels.map(({ element }) => element), ...bars, this.#tooltip.element);
    this.#listen();
  }

  /** After the panels were painted: how many cells a side has and what there is to say of one. */
  update(side: number, read: (cell: Cell) => { title: string; lines: TooltipLine[] }): void {
    this.#side = side;
    this.#read = read;
    if (side === 0) this.#cell = null;
    this.#point();
  }

  #listen(): void {
    for (const panel of this.#panels) {
      panel.square.addEventListener('pointermove', ({ clientX, clientY }) => {
        const box = panel.square.getBoundingClientRect();
        const index = (share: number): number =>
          Math.max(0, Math.min(this.#side - 1, Math.floor(share * this.#side)));
        const down = index((clientY - box.top) / box.height);
        this.#panel = panel;
        this.#cell = {
          row: panel.upward ? this.#side - 1 - down : down,
          column: index((clientX - box.left) / box.width),
        };
        this.#point();
      });
      panel.square.addEventListener('pointerleave', () => this.#leave());
    }
    this.element.addEventListener('blur', () => this.#leave());
    this.element.addEventListener('keydown', (event) => {
      const middle = Math.floor(this.#side / 2);
      const { row, column } = this.#cell ?? { row: middle, column: middle };
      const down = this.#panel.upward ? -1 : 1;
      const to = {
        ArrowLeft: { row, column: column - 1 },
        ArrowRight: { row, column: column + 1 },
        ArrowDown: { row: row + down, column },
        ArrowUp: { row: row - down, column },
      }[event.key];
      if (event.key === 'Escape') this.#leave();
      if (!to || this.#side === 0) return;
      event.preventDefault();
      const within = (index: number): number => Math.max(0, Math.min(this.#side - 1, index));
      this.#cell = { row: within(to.row), column: within(to.column) };
      this.#point();
    });
  }

  #leave(): void {
    this.#cell = null;
    this.#point();
  }

  #point(): void {
    const cell = this.#cell;
    for (const panel of this.#panels) panel.point(cell && { ...cell, side: this.#side });
    if (!cell || this.#side === 0) {
      this.#tooltip.hide();
      return;
    }
    const { title, lines } = this.#read(cell);
    const { square, upward } = this.#panel;
    const [box, outer] = [square.getBoundingClientRect(), this.element.getBoundingClientRect()];
    const down = upward ? this.#side - 0.5 - cell.row : cell.row + 0.5;
    this.#tooltip.show(
      {
        x: box.left - outer.left + ((cell.column + 0.5) / this.#side) * box.width,
        y: box.top - outer.top + (down / this.#side) * box.height + 10,
      },
      title,
      lines,
    );
  }
}
