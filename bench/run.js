// npm run bench [-- CASE …] [options]: measures in a headless browser, or without one, and writes what it measured to
// bench/results/. Plain JavaScript, because Node runs it before anything is built.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** A case has a file of its name. */
const caseNames = readdirSync(here('cases')).map((file) => file.replace(/\.ts$/, ''));
const choices = {
  runtime: ['auto', 'browser', 'node', 'deno'],
  browser: ['chrome', 'firefox'],
  size: ['standard', 'hardware', 'quick'],
  peers: ['all', 'jax-js', 'none'],
};
const usage = `npm run bench -- [CASE …] ${Object.entries(choices)
  .map(([name, values]) => `[--${name} ${values.join('|')}]`)
  .join(' ')} [--adapter auto|hardware|software|NAME]\ncases: ${caseNames.join(', ')}`;

const options = await readCommandLine();
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
/** What is measured so far, for when it does not come to its end. */
let latest;
try {
  const run =
    options.runtime === 'browser'
      ? (await import('./in-browser.js')).runInBrowser
      : (await import('./in-process.js')).runInProcess;
  const measured = await run(options, {
    say: (line) => console.log(line),
    soFar: (...what) => (latest = what),
    stop: interrupted.signal,
  });
  const whole = options.cases.length === 0 && options.size !== 'quick' && options.peers === 'all';
  keep(...measured, whole ? here('results/') : here('../results/bench/'));
  if (measured[0].cases.some(({ failed }) => failed)) process.exitCode = 1;
} catch (error) {
  console.error(interrupted.signal.aborted ? 'Interrupted.' : `The benchmark failed: ${error.message}`);
  if (latest) keep(...latest, here('../results/bench/'));
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

/** What the command line asks for; says what is wrong with it and ends. */
async function readCommandLine() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: Object.fromEntries(
        [...Object.entries(choices), ['adapter', ['auto']]].map(([name, [first]]) => [
          name,
          { type: 'string', default: first },
        ]),
      ),
    });
    for (const [name, allowed] of Object.entries(choices)) {
      if (!allowed.includes(values[name])) {
        throw new Error(`--${name} is one of ${allowed.join(', ')}, not ${values[name]}.`);
      }
    }
    const unknown = positionals.find((name) => !caseNames.includes(name));
    if (unknown !== undefined) throw new Error(`There is no case ${unknown}.`);
    const { parseAdapter } = await source('adapter-choice.ts');
    const adapter = parseAdapter(values.adapter);
    const runtime = values.runtime === 'auto' ? await usualRuntime(values, adapter) : values.runtime;
    if (runtime === 'browser' && typeof adapter === 'object') {
      throw new Error(
        `--adapter ${adapter.named}: a browser lets nobody choose an adapter by its name; take auto, hardware or software, or --runtime node.`,
      );
    }
    return { ...values, runtime, adapter, cases: positionals };
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
}

/** What the command line of experiments has in this file. */
async function source(file) {
  const { runnerImport } = await import('vite');
  return (await runnerImport(here(`../src/node/${file}`))).module;
}

/** As commands choose: the browser where there is one, Node where an adapter is named. */
async function usualRuntime({ browser }, adapter) {
  if (typeof adapter === 'object') return 'node';
  const { findBrowser } = await source('browser-find.ts');
  return (await findBrowser(browser)) ? 'browser' : 'node';
}

/** Beside the cases where it is a whole run; a look at some of them, a quick or a broken one is not worth keeping there. */
function keep(result, report, folder) {
  mkdirSync(folder, { recursive: true });
  const adapter = result.adapter.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
  const size = options.size === 'standard' ? '' : `-${options.size}`;
  const place = options.runtime === 'browser' ? options.browser : options.runtime;
  const file = `${folder}${place}-${adapter}${size}`;
  writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${file}.html`, report);
  const minutes = Math.round(performance.now() / 60_000);
  console.log(`\nWritten to ${file}.json and .html after ${minutes} minutes`);
}
