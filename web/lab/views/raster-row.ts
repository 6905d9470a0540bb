import { formatNumber } from '../../figures/format.ts';
import { inPage } from '../../figures/palette.ts';
import { ColourBar } from './colour-bar.ts';
import { htmlElement } from './html-element.ts';
import type { MapKind, ModelMaps } from './model-maps.ts';
import { RasterPanel } from './raster-panel.ts';
import { Tooltip } from './tooltip.ts';

export interface Cell {
  row: number;
  column: number;
}

const noScale = { greatest: 1, shape: 'linear' } as const;

/** Both models and their difference side by side: pointer and arrow keys point at a cell in all of them and show its values. */
export class RasterRow {
  readonly element = htmlElement('div', 'raster-row');
  readonly panels: readonly RasterPanel[];
  readonly #kinds: readonly MapKind[];
  readonly #bar: ColourBar;
  readonly #tooltip = new Tooltip();
  #maps: ModelMaps | null = null;
  #cell: Cell | null = null;
  /** The panel pointed at last: where the values are shown. */
  #panel: RasterPanel;
  #titleOf: (cell: Cell) => string = () => '';

  /** `bar` says what the colours are; rows go `upward` as in a plane, or down as in a matrix. */
  constructor(name: string, kinds: readonly MapKind[], bar: string, upward: boolean) {
    this.#kinds = kinds;
    this.panels = kinds.map(
      ({ key, symbol }) => new RasterPanel(key === 'difference' ? symbol : `${key}\u2002${symbol}`, upward),
    );
    this.#panel = this.panels[0];
    this.#bar = new ColourBar(bar);
    this.#bar.element.classList.add('all');
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', `${name}; arrow keys read out values`);
    this.element.append(
      ...this.panels.map(({ element }) => element),
      this.#bar.element,
      this.#tooltip.element,
    );
    this.#listen();
  }

  /** Paints what there is; `titleOf` says, as HTML, what a cell is. */
  draw(maps: ModelMaps | null, scheme: 'light' | 'dark', titleOf: (cell: Cell) => string): void {
    this.#maps = maps;
    this.#titleOf = titleOf;
    if (!maps) this.#cell = null;
    const { side, scale, values } = maps ?? { side: 1, scale: noScale, values: [] };
    for (const [k, panel] of this.panels.entries()) {
      panel.paint(side, (row, column) => values[k]?.[row * side + column] ?? Number.NaN, scale, scheme);
    }
    if (maps) this.#bar.show(scale, scheme);
    this.#point();
  }

  get #side(): number {
    return this.#maps?.side ?? 0;
  }

  #listen(): void {
    for (const panel of this.panels) {
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
    for (const panel of this.panels) panel.point(cell && { ...cell, side: this.#side });
    if (!cell || this.#side === 0) {
      this.#tooltip.hide();
      return;
    }
    const index = cell.row * this.#side + cell.column;
    const { square, upward } = this.#panel;
    const [box, outer] = [square.getBoundingClientRect(), this.element.getBoundingClientRect()];
    const down = upward ? this.#side - 0.5 - cell.row : cell.row + 0.5;
    this.#tooltip.show(
      {
        x: box.left - outer.left + ((cell.column + 0.5) / this.#side) * box.width,
        y: box.top - outer.top + (down / this.#side) * box.height + 10,
      },
      this.#titleOf(cell),
      this.#kinds.map(({ name, colour }, k) => ({
        label: name,
        text: formatNumber(this.#maps!.values[k][index]),
        colour: inPage(colour),
      })),
    );
  }
}
