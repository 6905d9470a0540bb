// npm run screenshots [-- NAME …]: builds the app and takes pictures of the lab, every preset and the tour, in light and
// dark, wide and narrow, to gallery/screenshots/. Plain JavaScript, because Node runs it before anything is built.
import { mkdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { createServer } from 'vite';
import { buildIfStale } from '../bin/build.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('screenshots/', import.meta.url));
const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 844, isMobile: true, hasTouch: true };

const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
});
const { launchBrowser } = await vite.ssrLoadModule('/src/node/browser.ts');
const { labPresets } = await vite.ssrLoadModule('/web/lab/presets.ts');
const { tourStops } = await vite.ssrLoadModule('/web/lab/tour-stops.ts');

/** The tour is loaded by the first who takes it. */
async function startTour(page) {
  await page.evaluate(() => document.querySelector('nav .primary').click());
  await page.waitForSelector('.tour .primary');
}

const pictures = [
  { name: 'light', view: wide },
  { name: 'dark', view: wide, scheme: 'dark' },
  { name: 'early', view: wide, wait: 1500 },
  { name: 'narrow', view: narrow, full: true },
  { name: 'narrow-dark', view: narrow, scheme: 'dark' },
  { name: 'no-webgpu', view: wide, withoutGpu: true },
  ...labPresets.map(({ id }) => ({
    name: `preset-${id}`,
    view: wide,
    act: (page) => page.select('#preset', id),
  })),
  ...['discrepancy', 'outputs', 'shell', 'kernels', 'spectrum', 'movement', 'claims'].map((id) => ({
    name: `view-${id}`,
    view: wide,
    act: (page) => page.click(`#tab-${id}`),
  })),
  ...tourStops.map((_, k) => ({
    name: `tour-${k + 1}`,
    view: wide,
    act: async (page) => {
      await startTour(page);
      for (let step = 0; step < k; step++) await page.click('.tour .primary');
    },
  })),
  {
    name: 'tour-narrow',
    view: narrow,
    act: startTour,
  },
  {
    name: 'problem',
    view: wide,
    wait: 1500,
    act: async (page) => {
      await page.evaluate(() => {
        const width = document.querySelector('#field-network-width');
        width.value = '7';
        width.dispatchEvent(new Event('input', { bubbles: true }));
      });
    },
  },
];

await buildIfStale(root);
const server = createHttpServer(sirv(`${root}dist/app`));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await launchBrowser('chrome', { adapter: 'auto' });
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
try {
  for (const picture of pictures) {
    if (wanted.length === 0 || wanted.includes(picture.name)) await take(picture);
  }
} finally {
  await browser.close();
  server.close();
  await vite.close();
}

async function take({ name, view, scheme = 'light', withoutGpu, act, wait = 7000, full = false }) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${name}: ${message.text()}`);
  });
  await page.setViewport(view);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  if (withoutGpu) {
    await page.evaluateOnNewDocument(() => {
      delete Navigator.prototype.gpu;
      // Workers would have it still.
      delete globalThis.Worker;
    });
  }
  const begun = performance.now();
  await page.goto(address);
  await page.waitForFunction(
    () => /\d/.test(document.querySelector('.numbers td.network:nth-child(2)')?.textContent ?? ''),
    {
      timeout: 20_000,
    },
  );
  console.log(`${name}: first curve after ${Math.round(performance.now() - begun)} ms`);
  await act?.(page);
  await new Promise((resolve) => setTimeout(resolve, wait));
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: full });
  await page.close();
}
