import type { Browser } from 'puppeteer-core';
import type { Drawn } from '../experiment/drawing.ts';
import { closeBrowser, launchBrowser } from './browser.ts';
import type { BrowserName } from './browser-find.ts';

/**
 * Figures as PDF, each on a page of its own size, in vectors, with the letters that it uses: a browser prints them, since it has
 * all that drawing text takes, and what libraries there are for it would be a second one of everything.
 * @throws CommandError where there is no browser
 */
export async function printPdf(
  figures: Drawn['figures'],
  name: BrowserName,
  say: (line: string) => void,
): Promise<Map<string, Uint8Array>> {
  const browser = await launchBrowser(name, { adapter: 'software', say });
  try {
    const printed = new Map<string, Uint8Array>();
    for (const figure of figures) printed.set(figure.slug, await printOne(browser, figure));
    return printed;
  } finally {
    await closeBrowser(browser);
  }
}

async function printOne(
  browser: Browser,
  { svg, width, height }: Drawn['figures'][number],
): Promise<Uint8Array> {
  const page = await browser.newPage();
  try {
    const drawing = svg.replace(/^<\?xml.*?\?>/, '');
    await page.setContent(
      `<!doctype html><style>@page { margin: 0 } body { margin: 0 } svg { display: block }</style>${drawing}`,
    );
    // A page of exactly this height may be found a hair too low for what is on it.
    return await page.pdf({
      width: `${width}px`,
      height: `${height}px`,
      printBackground: true,
      pageRanges: '1',
    });
  } finally {
    await page.close();
  }
}
