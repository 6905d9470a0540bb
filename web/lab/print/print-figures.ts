import './print.css';
import type { Figure } from '../../figures/frame.ts';

/**
 * Has the browser print figures, each with its caption on a page of its own, and nothing else: as PDF they are vectors with
 * the letters that they use, and every browser saves what it prints as that.
 */
export function printFigures(figures: readonly Figure[]): void {
  const sheets = document.createElement('div');
  sheets.className = 'printed';
  sheets.append(
    ...figures.map(({ svg, captionHtml }) => {
      const figure = document.createElement('figure');
      const caption = document.createElement('figcaption');
      caption.innerHTML = captionHtml;
      figure.append(svg, caption);
      return figure;
    }),
  );
  document.body.append(sheets);
  window.addEventListener('afterprint', () => sheets.remove(), { once: true });
  window.print();
}
