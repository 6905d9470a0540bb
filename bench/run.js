// npm run bench [-- CASE …] [-- --browser firefox]: runs benchmarks in one page of a headless browser and writes what
// they measured to bench/results/CASE-ADAPTER.json. Plain JavaScript, because Node runs it before anything is built.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: 'string', default: 'chrome' }, adapter: { type: 'string', default: 'auto' } },
});

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'mpa',
  server: { host: '127.0.0.1', port: 0 },
});
await server.listen();
const { launchBrowser } = await server.ssrLoadModule('/src/node/browser.ts');
const browser = await launchBrowser(values.browser, { adapter: values.adapter });
try {
  const page = await browser.newPage();
  const ended = new Promise((resolve, reject) => {
    page.on('pageerror', reject);
    // The page speaks through its console: lines of JSON, one a message.
    page.on('console', (message) => {
      if (!message.text().startsWith('{"bench":')) return;
      const { bench } = JSON.parse(message.text());
      if (bench.line !== undefined) console.log(bench.line);
      if (bench.result) keep(bench.result);
      if (bench.error) reject(new Error(bench.error));
      if (bench.done) resolve();
    });
  });
  const cases = positionals.map((name) => `case=${encodeURIComponent(name)}`).join('&');
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/bench/?${cases}`);
  await ended;
} catch (error) {
  console.error(`The benchmark failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.close();
}

function keep(result) {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const adapter = result.adapter.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
  const file = new URL(`${result.case}-${values.browser}-${adapter}.json`, folder);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Written to ${fileURLToPath(file)}`);
}
