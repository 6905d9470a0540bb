import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCode } from '../../src/node/command-error.ts';
import type { ScriptEvent } from '../../src/node/events.ts';
import { type Ended, firstLight, place } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const spec = {
  $schema: './first-light.schema.json',
  name: 'small',
  data: { distribution: 'gaussian', d: 5, n: 64, nTest: 16 },
  network: { width: 8 },
  training: { eta: 0.5, steps: 20, records: 'linear' },
};
const sweep = { ...spec, data: { ...spec.data, d: [4, '2*width'] }, seed: [0, 1] };
/** No browser is where this says. */
const noBrowser = { CHROME_PATH: '/nonesuch', FIREFOX_PATH: '/nonesuch' };

const eventsOf = ({ stdout }: Ended): ScriptEvent[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScriptEvent);

const linesOf = (file: string): string[][] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

const temporary = (): string => realpathSync(temporaryFolder());

test('a run by events, of a spec from standard input', async () => {
  const folder = temporary();
  const ended = await firstLight(
    folder,
    ['run', '-', '--json', '--set', 'claims=[4]', ...place],
    {},
    JSON.stringify(spec),
  );
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const events = eventsOf(ended);
  const of = <Kind extends ScriptEvent['event']>(kind: Kind) =>
    events.filter((event) => event.event === kind) as Extract<ScriptEvent, { event: Kind }>[];
  expect(events[0]).toMatchObject({ event: 'start', command: 'run' });
  expect(events.at(-1)).toEqual({ event: 'end', code: 0, error: null });
  const path = join(folder, 'results', 'small');
  expect(of('folder')).toEqual([{ event: 'folder', path, runs: 1 }]);
  expect(of('prepared')).toMatchObject([{ run: 'run', preparation: { n: 64, d: 5 } }]);
  const [head, ...rows] = linesOf(join(path, 'records.csv'));
  expect(of('record').map(({ record }) => Object.keys(record))).toEqual(rows.map(() => head));
  expect(of('record').map(({ record }) => Object.values(record))).toEqual(rows.map((row) => row.map(Number)));
  const result = JSON.parse(readFileSync(join(path, 'result.json'), 'utf8')) as { spec: object };
  expect(result.spec).not.toHaveProperty('$schema');
  expect(of('run')).toMatchObject([{ run: 'run', status: { kind: 'completed' }, earlier: false }]);
  expect(of('run')[0].measures['train_network_loss']).toBeGreaterThan(0);
  expect(of('claim').map(({ claim }) => claim)).toEqual([4]);
  const fractions = of('progress').map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  const files = ['report.html', 'result.json', 'records.csv', 'figures/'];
  expect(of('file').map((event) => event.path)).toEqual(files.map((name) => join(path, name)));
});

test('a run says what it found of its claims', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ ...spec, claims: [1, 4] }));
  const { code, stdout } = await firstLight(folder, ['run', 'spec.json', ...place]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^The claims, measured on small$/m);
  expect(stdout).toMatch(/^ {4}4 this run +(holds|undecided|fails|conditions not met) +\d\.\d+/m);
  expect(stdout).toMatch(/^ {4}1 this run/m);
});

test('a quiet sweep says where its results are; runs.csv has a row a run', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
  const ended = await firstLight(folder, ['sweep', 'sweep.json', '--quiet', ...place]);
  const path = join(folder, 'results', 'small');
  expect(ended).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' });
  const [head, ...rows] = linesOf(join(path, 'runs.csv'));
  expect(head.slice(0, 5)).toEqual(['run', 'd', 'seed', 'status', 'train_network_loss']);
  expect(rows.map((row) => row.slice(0, 4))).toEqual([
    ['d-4_seed-0', '4', '0', 'completed'],
    ['d-4_seed-1', '4', '1', 'completed'],
    ['d-2-width_seed-0', '16', '0', 'completed'],
    ['d-2-width_seed-1', '16', '1', 'completed'],
  ]);
  expect(rows.every((row) => row.length === head.length && Number(row[4]) > 0)).toBe(true);

  const again = eventsOf(await firstLight(folder, ['sweep', 'sweep.json', '--json', ...place]));
  const runs = again.filter((event) => event.event === 'run');
  expect(runs.map(({ run, earlier }) => [run, earlier])).toEqual(rows.map(([run]) => [run, true]));
});

test('a dry run lists points, and needs no browser and no folder', async () => {
  const folder = temporary();
  const run = (...more: string[]) =>
    firstLight(folder, ['sweep', '-', '--dry-run', ...more], noBrowser, JSON.stringify(sweep));
  const [words, events] = await Promise.all([run(), run('--json')]);
  expect([words.code, words.stderr, events.code]).toEqual([0, '', 0]);
  expect(words.stdout).toMatch(/^point +d +seed\nd-4_seed-0 +4 +0\n/);
  expect(words.stdout).toMatch(/^4 points; nothing was computed/m);
  expect(eventsOf(events).slice(1, 3)).toMatchObject([
    { event: 'point', run: 'd-4_seed-0', values: { d: 4, seed: 0 } },
    { event: 'point', run: 'd-4_seed-1', values: { d: 4, seed: 1 } },
  ]);
  expect(readdirSync(folder)).toEqual(['tmp']);
});

test('what goes wrong ends the events with its code and reason', async () => {
  const folder = temporary();
  const endOf = async (args: string[], input?: string) => {
    const ended = await firstLight(folder, [...args, '--json'], noBrowser, input);
    const last = eventsOf(ended).at(-1)!;
    if (last.event !== 'end') throw new Error('It does not end.');
    expect(last.code).toBe(ended.code);
    return last;
  };
  const [usage, broken, absent] = await Promise.all([
    endOf(['run', 'figure-1', '--nonesuch']),
    endOf(['claims', '-'], '{"name"'),
    endOf(['doctor']),
  ]);
  expect(usage).toMatchObject({
    code: 2,
    error: { message: expect.stringContaining('--nonesuch') as string },
  });
  expect(broken).toMatchObject({
    code: 3,
    error: { message: expect.stringMatching(/^standard input is not JSON: line 1/) as string },
  });
  expect(absent).toMatchObject({
    code: 4,
    error: { message: expect.stringContaining('_PATH is set to') as string },
  });
});

// 5, 6, 8 and 130 are reached in own-runtime.test.ts, run.test.ts, sweep.test.ts and interrupt.test.ts; 7 in bad-input.test.ts.
test('the pages name every exit code, and no other', () => {
  const page = readFileSync(new URL('../../docs/scripts.md', import.meta.url), 'utf8');
  const [, table] = /## Exit codes\n([\s\S]*)/.exec(page)!;
  const named = [...table.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes]) =>
    codes.split(',').map(Number),
  );
  expect(named).toEqual(Object.values(exitCode).sort((a, b) => a - b));
});

const has = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));

test.runIf(has('bash'))('bash completes commands, options, choices and names', async () => {
  const folder = temporary();
  const { stdout: script } = await firstLight(folder, ['completion', 'bash']);
  writeFileSync(join(folder, 'script'), script);
  const complete = (...words: string[]): string[] => {
    const line = ['first-light', ...words].map((word) => `'${word}'`).join(' ');
    const ask = `source ./script; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _first_light; echo "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['-c', ask], { cwd: folder, encoding: 'utf8' }).trim();
    return said === '' ? [] : said.split(' ');
  };
  expect(complete('sc')).toEqual(['schema']);
  expect(complete('run', 'fig')).toEqual(['figure-1']);
  expect(complete('run', 'wid')).toEqual([]);
  expect(complete('sweep', 'wid')).toEqual(['width']);
  expect(complete('sweep', 'width', '--dr')).toEqual(['--dry-run']);
  expect(complete('run', 'figure-1', '--browser', 'f')).toEqual(['firefox']);
  expect(complete('claims', '--size', '')).toEqual(['small', 'paper']);
  expect(complete('run', '--out', 'fig')).toEqual([]);
  expect(complete('schema', '')).toEqual(['run', 'sweep', '--help']);
});
