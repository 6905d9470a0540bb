import { type ColourScale, barPlace, barTicks, gradientOf } from '../../figures/diverging.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { htmlElement, htmlMarked } from './html-element.ts';

/** The colours and what they mean, under the panels that they belong to. */
export class ColourBar {
  readonly element = htmlElement('div', 'colour-bar');
  readonly #strip = htmlElement('div', 'colour-strip');
  readonly #ticks = htmlElement('div', 'colour-ticks');
  #shown = '';

  constructor(label: string) {
    this.element.append(htmlMarked('div', 'colour-label', notationToHtml(label)), this.#strip, this.#ticks);
  }

  show(scale: ColourScale, scheme: 'light' | 'dark'): void {
    const shown = JSON.stringify([scale, scheme]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#strip.style.background = gradientOf(scale, scheme);
    this.#ticks.replaceChildren(
      ...barTicks(scale).map(({ at, label }) => {
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
