import type { Painter } from '../app/drive.ts';
import { svgToString } from '../figures/export.ts';

/** Pixels per CSS pixel, as in a browser (svgToPng). */
const scale = 2;

/**
 * Draws figures as PNG files by resvg, with the fonts of this system; where its package is not installed or no font is, what is
 * to be done about it, since figures without their letters say nothing.
 */
export async function openPainter(): Promise<Painter | string> {
  const library = await import('@resvg/resvg-js').catch(() => undefined);
  if (!library) return 'install the package @resvg/resvg-js for PNG files, too.';
  const draw = (svg: string) =>
    new library.Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      background: 'white',
      font: { loadSystemFonts: true, defaultFontFamily: 'Liberation Sans' },
    }).render();
  const letter = draw(
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="18" font-size="20">M</text></svg>',
  );
  if (letter.pixels.every((part) => part === 255)) {
    return 'this system has no fonts for PNG files (on Debian fonts-liberation).';
  }
  return (svg) => Promise.resolve(new Uint8Array(draw(svgToString(svg)).asPng()));
}
