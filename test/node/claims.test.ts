import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ClaimsDocument } from '../../src/experiment/claims-document.ts';
import { type Ended, firstLight, place, start } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const spec = {
  name: 'Tiny one',
  data: { distribution: 'gaussian', d: [4, 6, 8], n: 'ceil(4*d^1.25)', nTest: 0 },
  network: { width: '2*d' },
  training: { layers: 'first', eta: 'd/10', steps: 5 },
  claims: [1, 5],
};

/** A folder with a spec in it. */
function specIn(content: unknown = spec): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(content));
  return folder;
}

const run = (folder: string, ...args: string[]): Promise<Ended> =>
  firstLight(folder, ['claims', ...args, ...place]);

const documentIn = (out: string) =>
  JSON.parse(readFileSync(join(out, 'claims.json'), 'utf8')) as ClaimsDocument;

test('the claims of a sweep: measured at every point, summed up, drawn, and not measured again', async () => {
  const folder = specIn();
  const first = await run(folder, 'spec.json', '--arrays');
  expect(first.stderr).toBe('');
  expect(first.code).toBe(0);
  for (const line of first.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(first.stdout).toMatch(/^ +1 tiny-one .* ± \d/m);
  expect(first.stdout).toMatch(/^ +5 tiny-one /m);

  const out = join(folder, 'claims-Tiny-one');
  expect(readdirSync(out).sort()).toEqual(['claims.json', 'figures', 'plan.json', 'report.html', 'tiny-one']);
  const document = documentIn(out);
  expect(document.claims.map(({ claim, group }) => [claim, group])).toEqual([
    [1, 'tiny-one'],
    [5, 'tiny-one'],
  ]);
  const [group] = document.groups;
  expect(group.variable).toBe('d');
  expect(group.points.map(({ id, values, failure }) => [id, values['d'], failure])).toEqual([
    ['tiny-one/d-4', 4, null],
    ['tiny-one/d-6', 6, null],
    ['tiny-one/d-8', 8, null],
  ]);
  for (const { id, claims } of group.points) {
    expect(claims!.map(({ claim }) => claim)).toEqual([1, 5]);
    expect(readdirSync(join(out, id, 'arrays'))).toContain('X_train.npy');
  }
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');

  rmSync(join(out, 'report.html'));
  const second = await run(folder, 'spec.json', '--arrays');
  expect(second.code).toBe(0);
  expect(second.stdout).toContain('3 of 3 points are on disk already.');
  expect(second.stdout).not.toContain('Computing on');
  expect(documentIn(out)).toEqual(document);
  expect(existsSync(join(out, 'report.html'))).toBe(true);
});

test('claims of one process among two: the points first, and gathered what one alone writes', async () => {
  const folder = specIn();
  expect((await run(folder, 'spec.json', '--out', 'whole')).code).toBe(0);
  const share = await run(folder, 'spec.json', '--out', 'out', '--points', '2/2');
  expect(share).toMatchObject({ code: 0, stderr: '' });
  const out = join(folder, 'out');
  expect(readdirSync(out).sort()).toEqual(['plan.json', 'tiny-one']);
  const gathered = await firstLight(folder, ['claims', '--gather', 'out', ...place]);
  expect(gathered).toMatchObject({ code: 0, stderr: '' });
  const [{ claims, groups }, whole] = [documentIn(out), documentIn(join(folder, 'whole'))];
  expect({ claims, groups }).toEqual({ claims: whole.claims, groups: whole.groups });
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
  const status = await firstLight(folder, ['claims', '--status', 'out']);
  expect(status.stdout).toMatch(/^done +3\n/m);
});

test('a point that fails is named in table, document and exit code; the others are measured', async () => {
  const folder = specIn({
    ...spec,
    data: { ...spec.data, d: 4, n: [23, 2_000_000_000] },
  });
  const { code, stderr } = await run(folder, 'spec.json', '--out', 'out');
  expect(code).toBe(8);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/n = 2000000000: data\.n is 2000000000.* 1 of 2 points failed/);
  const { claims, groups } = documentIn(join(folder, 'out'));
  expect(claims.map(({ claim }) => claim)).toEqual([1, 5]);
  expect(groups[0].points[1]).toMatchObject({
    claims: null,
    failure: expect.stringContaining('would fit') as string,
  });
  expect(readFileSync(join(folder, 'out', 'report.html'), 'utf8')).toContain('would fit');
});

test('Ctrl-C keeps the points and draws a report of them; the same command goes on', async () => {
  const folder = specIn({
    ...spec,
    data: { ...spec.data, d: 4 },
    training: { layers: 'first', eta: 0.01, steps: [5, 1_000_000] },
  });
  const out = join(folder, 'out');
  const args = ['claims', 'spec.json', ...place, '--out', 'out'];
  const slow = join(out, 'tiny-one', 'steps-1000000', 'records.csv');
  const running = start(folder, args);
  await vi.waitFor(() => expect(existsSync(slow)).toBe(true), { timeout: 120_000, interval: 50 });
  running.process.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  expect(stdout).toContain('1 of 2 points are left; the same command goes on with them.');
  expect(documentIn(out).groups[0].points.map(({ id }) => id)).toEqual(['tiny-one/steps-5']);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
});

test('what makes no sense is refused before anything starts', async () => {
  const folder = specIn();
  const cases: [args: string[], words: RegExp][] = [
    [['spec.json', '--set', 'claims=[8]'], /claims has 8, which makes no sense for this experiment/],
    [['spec.json', '--set', 'claims=none'], /claims is "none" in spec\.json: there is nothing to measure/],
    [['spec.json', '--size', 'small'], /--size small is for the suite of all claims/],
    [['--set', 'data.n=5'], /--set changes a spec, and none is given/],
    [['--size', 'huge'], /Allowed choices are small, paper/],
  ];
  for (const [args, words] of cases) {
    const { code, stderr } = await run(folder, ...args);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(words);
    expect(code).toBe(2);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('claims'))).toEqual([]);
});
