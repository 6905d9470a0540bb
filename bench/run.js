// npm run bench [-- CASE …] [options]: builds the benchmark page, runs it in a headless browser and writes what it
// measured to bench/results/. Plain JavaScript, because Node runs it before anything is built.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview, runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** A case has a file of its name. */
const caseNames = readdirSync(here('cases')).map((file) => file.replace(/\.ts$/, ''));
const choices = {
  browser: ['chrome', 'firefox'],
  adapter: ['auto', 'hardware', 'software'],
  size: ['standard', 'hardware', 'quick'],
  peers: ['all', 'jax-js', 'none'],
};
const usage = `npm run bench -- [CASE …] ${Object.entries(choices)
  .map(([name, values]) => `[--${name} ${values.join('|')}]`)
  .join(' ')}\ncases: ${caseNames.join(', ')}`;

const { cases, ...options } = readCommandLine();
const pages = await servePages();
const { module } = await runnerImport(here('../src/node/browser.ts'));
const browser = await module.launchBrowser(options.browser, { adapter: options.adapter });
/** What is measured so far, for when it does not come to its end. */
let latest;
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  void browser.close();
});
try {
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
  await page.exposeFunction('benchSoFar', (...what) => (latest = what));
  await page.exposeFunction('benchSay', (line) => console.log(line));
  await page.exposeFunction('benchOpenColdPage', openColdPage);
  const query = new URLSearchParams([
    ['size', options.size],
    ['peers', options.peers],
    ...cases.map((name) => ['case', name]),
  ]);
  await page.goto(`${pages.url}index.html?${query}`);
  const [result, report] = await done;
  const whole = cases.length === 0 && options.size !== 'quick' && options.peers === 'all';
  keep(result, report, whole ? here('results/') : here('../results/bench/'));
  if (result.cases.some(({ failed }) => failed)) process.exitCode = 1;
} catch (error) {
  console.error(interrupted ? 'Interrupted.' : `The benchmark failed: ${error.message}`);
  if (latest) keep(...latest, here('../results/bench/'));
  process.exitCode = interrupted ? 130 : 1;
} finally {
  await browser.close();
  await pages.close();
}

/** What the command line asks for; says what is wrong with it and ends. */
function readCommandLine() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(choices).map(([name, [first]]) => [name, { type: 'string', default: first }]),
      ),
    });
    for (const [name, allowed] of Object.entries(choices)) {
      if (!allowed.includes(values[name])) {
        throw new Error(`--${name} is one of ${allowed.join(', ')}, not ${values[name]}.`);
      }
    }
    const unknown = positionals.find((name) => !caseNames.includes(name));
    if (unknown !== undefined) throw new Error(`There is no case ${unknown}.`);
    return { ...values, cases: positionals };
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
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
async function openColdPage(contestant) {
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

/** Beside the cases where it is a whole run; a look at some of them, a quick or a broken one is not worth keeping there. */
function keep(result, report, folder) {
  mkdirSync(folder, { recursive: true });
  const adapter = result.adapter.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
  const size = options.size === 'standard' ? '' : `-${options.size}`;
  const file = `${folder}${options.browser}-${adapter}${size}`;
  writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${file}.html`, report);
  const minutes = Math.round(performance.now() / 60_000);
  console.log(`\nWritten to ${file}.json and .html after ${minutes} minutes`);
}
