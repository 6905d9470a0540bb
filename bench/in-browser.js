// The bench in a page of a headless browser.
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { importSource } from './import-source.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Runs what is asked for; what was measured, as a document and the page that shows it.
 * @param listen.say takes a line
 * @param listen.soFar takes what was measured so far
 * @param listen.stop ends it
 */
export async function runInBrowser({ browser: name, adapter, ...asked }, { say, soFar, stop }) {
  const pages = await servePages();
  const { launchBrowser } = await importSource(here('../src/node/browser.ts'));
  stop.throwIfAborted();
  const browser = await launchBrowser(name, { adapter });
  stop.addEventListener('abort', () => void browser.close());
  try {
    stop.throwIfAborted();
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    let finish;
    const done = new Promise((resolve, reject) => {
      finish = (...what) => resolve(what);
      page.on('pageerror', reject);
      page.on('error', reject);
      browser.on('disconnected', () => reject(new Error('the browser has ended')));
    });
    // It may fail before anything waits for it, which is no reason for Node to end.
    done.catch(() => undefined);
    await page.exposeFunction('benchDone', finish);
    await page.exposeFunction('benchSoFar', soFar);
    await page.exposeFunction('benchSay', say);
    await page.exposeFunction('benchOpenColdPage', (contestant) => openColdPage(browser, pages, contestant));
    const query = new URLSearchParams([
      ['size', asked.size],
      ['peers', asked.peers],
      ...asked.cases.map((one) => ['case', one]),
    ]);
    await page.goto(`${pages.url}index.html?${query}`);
    return await done;
  } finally {
    await browser.close();
    await pages.close();
  }
}

/** Builds the pages as they would be published, and serves them isolated: finer clocks, and threads for WebAssembly. */
async function servePages() {
  const common = { root: here('.'), base: './', configFile: false, logLevel: 'error' };
  const outDir = here('../dist/bench');
  await build({
    ...common,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      // The peers' workers do not survive it.
      minify: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: ['index.html', 'cold.html'].map(here) },
    },
  });
  const server = await preview({
    ...common,
    build: { outDir },
    preview: {
      host: '127.0.0.1',
      port: 0,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cache-Control': 'no-store',
      },
    },
  });
  const { port } = server.httpServer.address();
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** A page in a profile of its own, from navigation to its first result. */
async function openColdPage(browser, pages, contestant) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${pages.url}cold.html?contestant=${contestant}`);
    return await page.evaluate('firstResult');
  } finally {
    await context.close();
  }
}
