import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { place } from './first-light.ts';
import { type Page, pages, proseOf } from './markdown.ts';
import { temporaryFolder } from './temporary.ts';

/** Commands of the pages that a reader reads, run as they stand there, or marked with the reason why not. */
const launcher = fileURLToPath(new URL('../../bin/first-light.js', import.meta.url));

const languages = ['', 'sh', 'json', 'csv', 'ts', 'python'];
const commandLike = /^ {4}(npx|npm|node|python3|sbatch|first-light|git|cd|echo)\b/m;

test.each(pages)('$path marks every block of code, and its own links lead somewhere', (page) => {
  for (const { language, name, notRun, code } of page.blocks) {
    expect(languages, code).toContain(language);
    if (language === 'sh') expect(name, 'commands are no file').toBe('');
    if (language === 'json') expect(() => JSON.parse(code) as unknown, code).not.toThrow();
    if (language === 'python') expect(name !== '' || notRun, 'it is a file, or not run').toBeTruthy();
  }
  const prose = proseOf(page);
  expect(prose).not.toMatch(commandLike);
  const anchors = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOf(heading));
  for (const [, anchor] of prose.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
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

/** Runs the commands of a page, one after the other, beside the files that it names. @returns the folder */
async function follow(page: Page): Promise<string> {
  const folder = temporaryFolder();
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'npx'), npx, { mode: 0o755 });
  for (const { name, code } of page.blocks) if (name !== '') writeFileSync(join(folder, name), code);
  await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commandsOf(page).join('\n')], {
    cwd: folder,
    env: { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
    maxBuffer: 2 ** 26,
  }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    expect.fail(`a command of ${page.path} fails:\n${stdout}\n${stderr}`);
  });
  return folder;
}

/** What a page takes beside First Light. */
const needs: Partial<Record<string, string>> = { 'docs/python.md': 'import numpy, pandas' };

function has(modules: string | undefined): boolean {
  if (modules === undefined) return true;
  try {
    execFileSync('python3', ['-c', modules], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const page of pages.filter((one) => one.path !== 'README.md' && commandsOf(one).length > 0)) {
  const wanted = needs[page.path];
  test.runIf(has(wanted))(`${page.path} works as it stands${wanted ? ` (${wanted})` : ''}`, async () => {
    await follow(page);
  });
}

test('the README works as it stands, and its picture is what its command draws', async () => {
  const folder = await follow(pages.find(({ path }) => path === 'README.md')!);
  const drawn = readFileSync(join(folder, 'results/first-look/figures/loss.svg'), 'utf8');
  const shown = readFileSync(new URL('../../docs/first-look.svg', import.meta.url), 'utf8');
  const number = /-?\d+(\.\d+)?/g;
  expect(drawn.replaceAll(number, '#')).toBe(shown.replaceAll(number, '#'));
  // Adapters may differ in the last digits of what they compute.
  const [given, expected] = [drawn, shown].map((svg) => svg.match(number)!.map(Number));
  for (const [k, value] of expected.entries()) expect(given[k]).toBeCloseTo(value, 0);
});
