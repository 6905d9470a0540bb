// node bench/growth-of-work.js [FAMILY …] [--most NUMBER] [--browser chrome|firefox]: how time, memory and files grow with
// the work beside the kernels: records, watched points, points of a sweep, claims, records in the lab, megabytes of .npy
// files. For each the power by which they grow over the last factor of ten. Memory is that of processes of the run, in MB, as
// Linux counts it; elsewhere it is left out. Plain JavaScript, because Node runs it before anything is built.
import { spawn } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview, runnerImport } from 'vite';
import { importSource } from './import-source.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const small = { data: { distribution: 'gaussian', d: 4, n: 20, nTest: 20 }, network: { width: 8 } };
const every = (count) => ({ eta: 0.1, steps: count, records: { spacing: 'linear', count } });

/** What grows, at which sizes, and the job of each. */
const families = {
  records: {
    sizes: [100, 1000, 10_000, 100_000],
    job: (count) => ['run', { ...small, training: every(count) }],
  },
  watched: {
    sizes: [20, 200, 2000],
    job: (watched) => [
      'run',
      { ...small, data: { ...small.data, nTest: 2000 }, training: { ...every(1000), watched } },
    ],
  },
  points: {
    sizes: [10, 100, 1000, 3000],
    job: (count) => [
      'sweep',
      {
        ...small,
        seed: { from: 0, to: count - 1, plus: 1 },
        training: { eta: 0.1, steps: 20, records: 'log' },
      },
    ],
  },
  claims: {
    sizes: [200, 800, 2000, 4000, 4200, 8000],
    job: (n) => [
      'run',
      {
        data: { distribution: 'gaussian', d: 50, n, nTest: 0 },
        network: { width: 256 },
        training: { eta: 5, steps: 1 },
        claims: [2, 3],
      },
    ],
  },
};

/** Number formats of the .npy files that a page loads onto its device, by family. */
const formats = {
  'npy-u1': { descr: '|u1', View: Uint8Array, fortran: false },
  'npy-f4': { descr: '<f4', View: Float32Array, fortran: false },
  'npy-f8': { descr: '<f8', View: Float64Array, fortran: false },
  'npy-fortran': { descr: '<f4', View: Float32Array, fortran: true },
};
/** Inputs of a row: an image of CIFAR-10. */
const imageInputs = 3072;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { most: { type: 'string', default: 'Infinity' }, browser: { type: 'string', default: 'chrome' } },
});
/** What measures the rows of each table, by its name. */
const tables = new Map([
  ...Object.entries(families).map(([name, family]) => [name, () => jobRows(family)]),
  ['lab', labRows],
  ...Object.entries(formats).map(([name, format]) => [name, () => loadingRows(format)]),
]);
const wanted = positionals.length > 0 ? positionals : [...tables.keys()];
if (wanted.some((name) => !tables.has(name)) || !(Number(options.most) > 0)) {
  console.error(`families: ${[...tables.keys()].join(', ')}; --most is the largest size`);
  process.exit(2);
}
const upTo = (sizes) => sizes.filter((size) => size <= Number(options.most));

await ended(spawn(process.execPath, [here('../bin/first-light.js'), 'build'], { stdio: 'ignore' }));
const { launchBrowser } = await importSource(here('../src/node/browser.ts'));
for (const name of wanted) print(name, await tables.get(name)());

async function jobRows({ sizes, job }) {
  const rows = [];
  for (const size of upTo(sizes)) {
    const folder = mkdtempSync(join(tmpdir(), 'growth-of-work-'));
    try {
      const [command, spec] = job(size);
      writeFileSync(join(folder, 'spec.json'), JSON.stringify({ name: 'growth', ...spec }));
      const out = join(folder, 'out');
      const begun = performance.now();
      const child = spawn(
        process.execPath,
        [
          here('../bin/first-light.js'),
          command,
          join(folder, 'spec.json'),
          '--out',
          out,
          '--browser',
          options.browser,
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const memory = watchMemory(child.pid);
      const code = await ended(child);
      const row = {
        size,
        seconds: (performance.now() - begun) / 1000,
        ...memory(),
        megabytes: bytesIn(out) / 2 ** 20,
      };
      if (code !== 0) row.failed = `exit code ${code}`;
      const report = join(out, 'report.html');
      if (command === 'run' && code === 0) row.opens = await openingTime(report);
      rows.push(row);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}

function ended(child) {
  return new Promise((resolve) => child.on('exit', resolve));
}

function bytesIn(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { recursive: true })) {
    const found = statSync(join(folder, entry));
    if (found.isFile()) sum += found.size;
  }
  return sum;
}

/**
 * Samples the largest memory, in MB, of a process itself and of the largest one below it: the page's or the device's. With
 * `kinds`, of the largest below it whose command line is of each kind.
 */
function watchMemory(pid, kinds) {
  const most = kinds
    ? Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0]))
    : { command: 0, page: 0 };
  const note = (name, memory) => (most[name] = Math.max(most[name], memory));
  const timer = setInterval(() => {
    try {
      const parents = new Map();
      const held = new Map();
      for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          const status = readFileSync(`/proc/${entry}/status`, 'utf8');
          parents.set(Number(entry), Number(/PPid:\s*(\d+)/.exec(status)[1]));
          held.set(Number(entry), Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024);
        } catch {
          // It has ended meanwhile.
        }
      }
      if (!kinds) note('command', held.get(pid) ?? 0);
      for (const [process, memory] of held) {
        for (let above = parents.get(process); above > 1; above = parents.get(above)) {
          if (above !== pid) continue;
          if (!kinds) note('page', memory);
          for (const [kind, pattern] of Object.entries(kinds ?? {})) {
            if (pattern.test(readFileSync(`/proc/${process}/cmdline`, 'utf8'))) note(kind, memory);
          }
        }
      }
    } catch {
      // No such system.
    }
  }, 100);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Seconds until a report is on the screen. */
async function openingTime(file) {
  const browser = await launchBrowser(options.browser, { adapter: 'software' });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 900 });
    const begun = performance.now();
    await page.goto(pathToFileURL(file).href);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    return (performance.now() - begun) / 1000;
  } finally {
    await browser.close();
  }
}

async function labRows() {
  const rows = [];
  await withBenchPage('lab-frames', async ({ open }) => {
    const { page, close } = await open();
    for (const size of upTo([100, 1000, 10_000, 100_000])) {
      rows.push({ size, milliseconds: await page.evaluate(`measureFrames(${size})`) });
    }
    await close();
  });
  return rows;
}

/** Each size in a browser of its own, whose memory has not grown yet. */
async function loadingRows(format) {
  const rows = [];
  await withBenchPage('npy-loading', async ({ outDir, open }) => {
    for (const size of upTo([1.5, 15, 150])) {
      writeImages(join(outDir, 'X.npy'), size, format);
      const { browser, page, close } = await open();
      // Chrome's and Firefox's names of the processes that hold the page and the device.
      const memory = watchMemory(browser.process().pid, {
        page: /--type=renderer|\0tab\0?$/,
        device: /--type=gpu-process|\0gpu\0?$/,
      });
      try {
        const milliseconds = await page.evaluate(`measureLoading('X.npy')`);
        rows.push({ size, seconds: milliseconds / 1000, ...memory() });
      } finally {
        memory();
        await close();
      }
    }
  });
  return rows;
}

/** A .npy file of so many megabytes of numbers from 0 to 255. */
function writeImages(path, megabytes, { descr, View, fortran }) {
  const row = imageInputs * View.BYTES_PER_ELEMENT;
  const n = Math.round((megabytes * 1e6) / row);
  const file = openSync(path, 'w');
  const order = fortran ? 'True' : 'False';
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${n}, ${imageInputs}), }`.padEnd(
    118,
  );
  writeSync(file, Uint8Array.of(0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0));
  writeSync(file, header);
  // Some rows again and again: an odd number of them, so that columns are not all the same in either order.
  const rows = View.from({ length: 101 * imageInputs }, (_, k) => (k * 2654435761) % 251);
  const bytes = new Uint8Array(rows.buffer);
  for (let written = 0; written < n * row; written += bytes.length) {
    writeSync(file, bytes.subarray(0, n * row - written));
  }
  closeSync(file);
}

/** Builds a page of this folder and serves it while `use` measures; each `open` opens it in a browser of its own. */
async function withBenchPage(name, use) {
  const outDir = here(`../dist/bench-${name}`);
  const common = { root: here('.'), base: './', configFile: false, logLevel: 'error' };
  const { formulas } = (await runnerImport(here('../web/lab/views/formulas-plugin.ts'))).module;
  await build({
    ...common,
    plugins: [formulas()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      rolldownOptions: { input: here(`${name}.html`) },
    },
  });
  const server = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const open = async () => {
    const browser = await launchBrowser(options.browser, { adapter: 'software' });
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/${name}.html`);
    return { browser, page, close: () => browser.close() };
  };
  try {
    await use({ outDir, open });
  } finally {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** The rows, and under them the power of the size by which each column grows over the last factor of ten. */
function print(name, rows) {
  const columns = Object.keys(rows.at(-1) ?? {}).filter((column) => typeof rows.at(-1)[column] === 'number');
  const number = (value) =>
    (typeof value === 'number' ? String(Number(value.toPrecision(3))) : '').padStart(13);
  console.log(`\n${name}\n${columns.map((column) => column.padStart(13)).join('')}`);
  for (const row of rows) {
    console.log(
      `${columns.map((column) => number(row[column])).join('')}${row.failed ? `  ${row.failed}` : ''}`,
    );
  }
  const last = rows.at(-1);
  const first = rows.findLast(({ size }) => size <= last.size / 10) ?? rows[0];
  if (rows.length < 2) return;
  const power = (column) =>
    column === 'size'
      ? 'power'.padStart(13)
      : (Math.log(last[column] / first[column]) / Math.log(last.size / first.size)).toFixed(2).padStart(13);
  console.log(columns.map(power).join(''));
}
