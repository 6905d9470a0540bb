import { formatNumber } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { type ColourScale, barPlace, gradientOf } from './diverging.ts';
import { htmlElement, htmlMarked } from './html-element.ts';

/** The colours and what they mean, under the panels that they belong to. */
export class ColourBar {
  readonly element = htmlElement('div', 'colour-bar');
  readonly #strip = htmlElement('div', 'colour-strip');
  readonly #ticks = htmlElement('div', 'colour-ticks');

  constructor(label: string) {
    this.element.append(htmlMarked('div', 'colour-label', notationToHtml(label)), this.#strip, this.#ticks);
  }

  show(scale: ColourScale, scheme: 'light' | 'dark'): void {
    this.#strip.style.background = gradientOf(scale, scheme);
    this.#ticks.replaceChildren(
      ...ticksOf(scale).map(({ at, label }) => {
        const tick = htmlMarked('span', '', notationToHtml(label));
        const place = barPlace(at, scale);
        tick.style.left = `${(100 * place).toFixed(2)}%`;
        // Labels of the ends stay within the bar.
        if (place < 0.05) tick.className = 'first';
        else if (place > 0.95) tick.className = 'last';
        else if (at !== 0) tick.className = 'between';
        return tick;
      }),
    );
  }
}

/** The middle and the ends; on the root's scale, which is hard to read between them, also a tenth of those. */
function ticksOf({ greatest, shape }: ColourScale): { at: number; label: string }[] {
  const shown = Number(greatest.toPrecision(2));
  const shares = shape === 'root' ? [-1, -0.1, 0, 0.1, 1] : [-1, 0, 1];
  return shares.map((share) => share * shown).map((at) => ({ at, label: formatNumber(at, 2) }));
}
