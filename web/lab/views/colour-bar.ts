import { formatNumber } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { linearTicks } from '../../figures/ticks.ts';
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
    this.#strip.style.background = gradientOf(scheme);
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

/** Round values; on the root's scale, where those around 0 would stand far out, the ends and a tenth of them. */
function ticksOf({ greatest, shape }: ColourScale): { at: number; label: string }[] {
  if (shape === 'linear') return linearTicks(-greatest, greatest, 4);
  const shown = Number(greatest.toPrecision(2));
  return [-shown, -shown / 10, 0, shown / 10, shown].map((at) => ({ at, label: formatNumber(at, 2) }));
}
