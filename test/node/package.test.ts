import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Rolldown, build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pages } from './markdown.ts';

/** What others install, as npm packs it, in a project of theirs: types, bundles, the command line. */
const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'first-light-package-'));
const project = join(folder, 'project');
const browsers = join(folder, 'browsers');

beforeAll(async () => {
  await execute('npm', ['run', 'build:library'], { cwd: root });
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await execute('npm', pack, { cwd: root, maxBuffer: 2 ** 26 });
  const [{ filename }] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  const install = ['install', '--ignore-scripts=false', '--prefer-offline', '--no-audit', '--no-fund'];
  await execute('npm', [...install, join(folder, filename)], {
    cwd: project,
    env: { ...process.env, PUPPETEER_CACHE_DIR: browsers },
  });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

test('it brings no browser, and nothing that only its page, its build or its tests use', () => {
  expect(existsSync(browsers)).toBe(false);
  const packages = readdirSync(join(project, 'node_modules'));
  for (const unused of ['puppeteer', '@observablehq', '@stdlib', 'd3', 'vite', 'katex']) {
    expect(packages).not.toContain(unused);
  }
  expect(packages).toContain('puppeteer-core');
  expect(packages.length).toBeLessThan(110);
});

test('what it needs is in it: theory, licenses, maps with sources, the lab', () => {
  const installed = join(project, 'node_modules/first-light');
  for (const file of ['THEORY.md', 'THEORY-DEEP.md', 'dist/app/index.html', 'dist/app/licenses.md']) {
    expect(existsSync(join(installed, file)), file).toBe(true);
  }
  // The library holds code of nobody's package; of fdlibm it keeps the notice.
  expect(existsSync(join(installed, 'dist/library/licenses.md'))).toBe(false);
  expect(readFileSync(join(installed, 'dist/library/src/math/erf.js'), 'utf8')).toContain('Sun Microsystems');
  const map = readFileSync(join(installed, 'dist/library/src/gpu/matrix.js.map'), 'utf8');
  expect((JSON.parse(map) as { sourcesContent: string[] }).sourcesContent[0]).toContain('class Matrix');
  expect(existsSync(join(installed, 'src'))).toBe(false);
});

test("the pages' library snippets hold in a strict project that checks every declaration", async () => {
  const snippets = pages.flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'ts'));
  expect(snippets.length).toBeGreaterThan(2);
  const files = snippets.map(({ code }, k) => {
    const given = ['device: GPUDevice', 'n: number', 'd: number', 'm: number'].filter(
      (one) => !code.includes(`const ${one.split(':')[0]} =`),
    );
    writeFileSync(join(project, `snippet-${k}.ts`), `declare const ${given.join(', ')};\n${code}`);
    return `snippet-${k}.ts`;
  });
  writeFileSync(
    join(project, 'entries.ts'),
    `import { Gpu, Matrix } from 'first-light/gpu';
     import { type RunResult, readDataFile } from 'first-light/experiment';
     import { launchBrowser } from 'first-light/node';
     declare const gpu: Gpu, result: RunResult;
     export const { shape } = (await readDataFile(new ArrayBuffer(0), 'a')).array;
     export const pages = await (await launchBrowser('chrome')).pages();
     // @ts-expect-error: a matrix has columns
     new Matrix(gpu, 'X', 2);
     // @ts-expect-error: there is no such field, unless types are lost on the way
     result.nothing;`,
  );
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: false, types: [] },
    ...{ target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext' },
    lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
  };
  const config = { compilerOptions, files: [...files, 'entries.ts'] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { stdout } = await execute(process.execPath, [tsc, '-p', project]).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe('');
});

/** Bundles a program as an application would: its chunks, and what is loaded before it starts. */
async function bundled(code: string): Promise<{ text: string; initial: number }> {
  const entry = join(project, 'main.js');
  writeFileSync(entry, code);
  const output = (await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', rolldownOptions: { input: entry } },
  })) as Rolldown.RolldownOutput;
  const chunks = new Map(
    output.output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part] as const] : [])),
  );
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    chunks.get(name)!.imports.forEach(load);
  };
  [...chunks.values()].filter(({ isEntry }) => isEntry).forEach(({ fileName }) => load(fileName));
  const text = [...chunks.values()].map(({ code }) => code).join('\n');
  return { text, initial: [...loaded].reduce((sum, name) => sum + chunks.get(name)!.code.length, 0) };
}

test('a bundle has what it uses, and makes no code at run time', async () => {
  for (const from of ['first-light', 'first-light/gpu']) {
    const { text, initial } = await bundled(
      `import { Matrix, Program } from '${from}'; console.log(Matrix, Program);`,
    );
    expect(initial).toBeLessThan(25_000);
    expect(initial).toBeGreaterThan(10_000);
    expect(text).toContain('Symbol.dispose');
  }
  const gpu = await bundled("import * as gpu from 'first-light/gpu'; console.log({ ...gpu });");
  expect(gpu.initial).toBeLessThan(66_000);
  expect(gpu.text).not.toContain('unrecognized_keys');

  const run = await bundled("import { run } from 'first-light/experiment'; console.log(run);");
  expect(run.text).not.toContain('unrecognized_keys');
  expect(run.initial).toBeLessThan(240_000);

  const checked = await bundled(
    "import { parseSpec, run } from 'first-light/experiment'; console.log(parseSpec, run);",
  );
  expect(checked.text).toContain('unrecognized_keys');
  expect(checked.text).not.toMatch(/\bnew Function\b|\beval\(/);
  expect(checked.initial).toBeLessThan(295_000);
});

test('in Node every entry loads, specs are refused in words, and a run comes to its result', async () => {
  const program = `
    import { Matrix, resultOfRun } from 'first-light';
    import * as gpu from 'first-light/gpu';
    import { parseSpec } from 'first-light/experiment';
    import { findBrowser } from 'first-light/node';
    const said = [];
    let freed = 0;
    async function* running() { try { yield 1; yield 2; return 'result'; } finally { freed++; } }
    const result = await resultOfRun(running(), (event) => void said.push(event));
    const refused = await resultOfRun(running(), () => { throw new Error('enough'); }).catch(({ message }) => message);
    let problem;
    try { parseSpec({ network: { width: 3 } }); } catch (error) { problem = error.message; }
    const without = [() => gpu.requestDevice(undefined), () => gpu.Gpu.of({})].map((call) =>
      Promise.resolve().then(call).catch(({ message }) => message));
    const none = await Promise.all(without);
    console.log(JSON.stringify({ said, result, refused, freed, none, problem, same: Matrix === gpu.Matrix, find: typeof findBrowser }));`;
  const { stdout } = await execute(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', program],
    { cwd: project },
  );
  const told = JSON.parse(stdout) as { problem: string };
  expect(told).toMatchObject({
    said: [1, 2],
    result: 'result',
    refused: 'enough',
    freed: 2,
    none: Array<string>(2).fill(
      'There is no WebGPU here (navigator.gpu is missing). In Node the package webgpu has one: its globals, and create([]).',
    ),
    same: true,
    find: 'function',
  });
  expect(told.problem).toContain('network.width is 3; it must be even.');
});

test('its command line runs where it is installed', async () => {
  const { stdout } = await execute('npx', ['--no-install', 'first-light', 'presets'], { cwd: project });
  expect(stdout).toContain('figure-1');
});
