import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { place } from './first-light.ts';
import { type Page, pages, proseOf } from './markdown.ts';
import { temporaryFolder } from './temporary.ts';

/** Commands of the pages that a reader reads, run as they stand there, or marked with the reason why not. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = join(root, 'bin/first-light.js');

const languages = ['', 'sh', 'json', 'csv', 'ts', 'python'];
const commandLike = /^ {4}(npx|npm|node|python3|sbatch|first-light|git|cd|echo)\b/m;

test.each(pages)('$path marks every block of code, and leads nowhere that is not there', (page) => {
  for (const { language, name, notRun, code } of page.blocks) {
    expect(languages, code).toContain(language);
    if (language === 'sh') expect(name, 'commands are no file').toBe('');
    // A file is a spec or a sweep; others are parts of one.
    if (language === 'json') {
      const read = () => (name === '' ? JSON.parse(code) : parseSweep(JSON.parse(code))) as unknown;
      expect(read, code).not.toThrow();
    }
    if (language === 'python') expect(name !== '' || notRun, 'it is a file, or not run').toBeTruthy();
  }
  const prose = proseOf(page);
  expect(prose).not.toMatch(commandLike);
  const anchors = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOf(heading));
  for (const [, anchor] of prose.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  // Files of the project; links to other pages TypeDoc checks.
  for (const [, file] of prose.matchAll(/`((?:src|shaders|test|web|bench)\/[a-z\d/.-]+\.\w+)`/g)) {
    expect(existsSync(join(root, file)), file).toBe(true);
  }
});

/** As GitHub and TypeDoc name a heading. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

const commandsOf = ({ blocks }: Page): string[] =>
  blocks.flatMap(({ language, notRun, code }) => (language === 'sh' && notRun === undefined ? [code] : []));

/** `npx first-light …`, which computes where the tests do unless it is told. */
const npx = `#!/bin/bash
[ "$1" = first-light ] || { echo "npx $1 is not First Light" >&2; exit 1; }
shift
case "$1 $*" in
  *--runtime*|*--dry-run*|*--status*|*--gather*) ;;
  run*|sweep*|claims*) set -- "$@" ${place.join(' ')} --adapter software ;;
esac
exec "${process.execPath}" "${launcher}" "$@"
`;

/** Runs commands, one after the other, beside the files that they take. @returns the folder */
async function follow(
  path: string,
  commands: readonly string[],
  files: readonly { name: string; code: string }[] = [],
): Promise<string> {
  const folder = temporaryFolder();
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'npx'), npx, { mode: 0o755 });
  if (python) writeFileSync(join(programs, 'python3'), `#!/bin/sh\nexec ${python} "$@"\n`, { mode: 0o755 });
  for (const { name, code } of files) writeFileSync(join(folder, name), code);
  await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
    cwd: folder,
    env: { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
    maxBuffer: 2 ** 26,
  }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    expect.fail(`a command of ${path} fails:\n${stdout}\n${stderr}`);
  });
  return folder;
}

/** Runs the commands of a page beside the files that it names. */
const followPage = (page: Page): Promise<string> =>
  follow(
    page.path,
    commandsOf(page),
    page.blocks.filter(({ name }) => name !== ''),
  );

/** The first Python, on the PATH or the system's, that has these modules. */
function pythonWith(modules: string): string | undefined {
  for (const program of ['python3', '/usr/bin/python3']) {
    try {
      const ask = `import sys, ${modules}; print(sys.executable)`;
      return execFileSync(program, ['-c', ask], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      // not this one
    }
  }
  return undefined;
}
const python = pythonWith('numpy, pandas');

for (const page of pages.filter((one) => one.path !== 'README.md' && commandsOf(one).length > 0)) {
  const inPython = page.blocks.some(({ language, notRun }) => language === 'python' && notRun === undefined);
  test.skipIf(inPython && !python)(
    `${page.path} works as it stands${inPython ? ' (left out without pandas)' : ''}`,
    async () => {
      await followPage(page);
    },
  );
}

interface Notebook {
  cells: { cell_type: string; metadata: { tags?: string[] }; source: string[] }[];
}

test.skipIf(!python)('the notebook works cell by cell (left out without pandas)', async () => {
  const file = join(root, 'docs/example.ipynb');
  if (pythonWith('numpy, pandas, nbconvert, ipykernel') === python) {
    // A copy: cells run in the folder that their notebook is in.
    const code = readFileSync(file, 'utf8');
    const folder = await follow(
      'docs/example.ipynb',
      ['python3 -m nbconvert --to notebook --execute example.ipynb --output done.ipynb'],
      [{ name: 'example.ipynb', code }],
    );
    expect(existsSync(join(folder, 'done.ipynb'))).toBe(true);
    return;
  }
  // Without Jupyter, in one interpreter, but for cells that ask for it.
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  const plain = cells.filter((cell) => cell.cell_type === 'code' && !cell.metadata.tags?.includes('jupyter'));
  expect(plain.length).toBeGreaterThan(3);
  const code = plain.map(({ source }) => source.join('')).join('\n');
  await follow('docs/example.ipynb', ['python3 cells.py'], [{ name: 'cells.py', code }]);
});

test('the README works as it stands, and its picture is what its command draws', async () => {
  const folder = await followPage(pages.find(({ path }) => path === 'README.md')!);
  const drawn = readFileSync(join(folder, 'results/first-look/figures/loss.svg'), 'utf8');
  const shown = readFileSync(join(root, 'docs/first-look.svg'), 'utf8');
  const number = /-?\d+(\.\d+)?/g;
  expect(drawn.replaceAll(number, '#')).toBe(shown.replaceAll(number, '#'));
  // Adapters may differ in the last digits of what they compute.
  const [given, expected] = [drawn, shown].map((svg) => svg.match(number)!.map(Number));
  for (const [k, value] of expected.entries()) expect(given[k]).toBeCloseTo(value, 0);
});
