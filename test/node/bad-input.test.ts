import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { npyHeader } from '../../src/data/npy.ts';
import type { RunFailure } from '../../src/node/output-folder.ts';
import { dataCommand } from '../../src/node/data-command.ts';
import { parseSetting } from '../../src/node/set-option.ts';
import { loadSpec } from '../../src/node/spec-source.ts';
import { type Ended, browser, firstLight, refusal } from './first-light.ts';
import { npyFile } from '../npy-file.ts';
import { temporaryFolder } from './temporary.ts';

const spec = {
  name: 'bad',
  data: { distribution: 'gaussian', d: 5, n: 64, nTest: 16 },
  network: { width: 8 },
  training: { eta: 1, steps: 20 },
};

/** One paragraph for people: what is wrong, no stack trace. */
function expectPlainError(
  { code, stderr }: Ended,
  expectedCode: number,
  ...words: (string | RegExp)[]
): void {
  const message = stderr.replace(/\s+/g, ' ');
  expect(message).toMatch(/error: /);
  for (const word of words) expect(message).toMatch(word);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('fault of first-light');
  expect(code).toBe(expectedCode);
}

test('a file of data that is not there, or is a folder, is refused in words', async () => {
  const folder = temporaryFolder();
  await expect(dataCommand([folder], {})).rejects.toThrow(`${folder} cannot be read: it is a folder.`);
  const absent = join(folder, 'X.npz#a');
  await expect(dataCommand([absent], {})).rejects.toThrow(`${absent} cannot be read: there is no such file.`);
});

test('a value that is no good is refused before anything starts, and what is in the folder stays', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  writeFileSync(join(folder, 'result.json'), 'precious');
  expectPlainError(
    await firstLight(folder, ['run', 'spec.json', '--out', '.', '--set', 'network.width=7']),
    2,
    /network\.width is 7; it must be even/,
  );
  expect(readdirSync(folder).sort()).toEqual(['result.json', 'spec.json', 'tmp']);
  expect(readFileSync(join(folder, 'result.json'), 'utf8')).toBe('precious');
});

test.each<[setting: string, words: RegExp]>([
  ['data.m=3', /data\.m is not a field/],
  ['data.n=0', /data\.n is 0; it must be at least 1/],
  ['training.eta=0', /training\.eta is 0; it must be greater than 0/],
  ['training.eta=-1', /training\.eta is -1; it must be greater than 0/],
  ['network.activation=nonesuch', /"nonesuch"; allowed: "erf"/],
  ['data.n.x=3', /data\.n is 64, which has no fields/],
])('%s is no spec', (setting, words) => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, JSON.stringify(spec));
  const refused = refusal(() => loadSpec(file, [parseSetting(setting)]));
  expect(refused.message).toMatch(words);
  expect(refused.code).toBe(2);
});

test('what the command line itself gets wrong', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'broken.json'), '{"name": "x"\n "seed": 1}');
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  const cases: [args: string[], code: number, words: RegExp][] = [
    [['run', 'absent.json'], 3, /absent\.json cannot be read: there is no such file/],
    [['run', 'figure-one'], 3, /neither a file nor a preset; the presets are figure-1,/],
    [['run', ''], 3, /^error: "" is neither a file/],
    [['run', 'q'.repeat(300)], 3, /^error: "q{80}…" is neither a file/],
    [['run', 'broken.json'], 3, /line 2, column 2: comma expected/],
    [['run', 'spec.json', '--out', 'broken.json/x'], 7, /broken\.json is a file.*--out/],
    [['run', 'spec.json', '--set', 'n'], 2, /FIELD=VALUE/],
    [['run', 'spec.json', '--seed', '1.5'], 2, /must be an integer/],
    [['run', 'spec.json', '--browser', 'safari'], 2, /Allowed choices are chrome, firefox/],
    [['tune', '--show', '--clear'], 2, /'--show' cannot be used with option '--clear'/],
    [['tune', '--show', '--sizes', '9,4,8'], 2, /cannot be used with option '--sizes/],
    [['rnu', 'spec.json'], 2, /Did you mean run/],
    [['run', 'spec.json', '--array'], 2, /Did you mean --arrays/],
    [['presets', 'figure-2'], 2, /There is no preset figure-2/],
    [['claims', '--only', '18'], 2, /numbers of claims, 1 to 17, separated by commas/],
    [['claims', 'spec.json', '--only', '17'], 2, /claims has 17.*network\.kind "deep"/],
  ];
  for (const [args, code, words] of cases) expectPlainError(await firstLight(folder, args), code, words);
  const variable = browser === 'firefox' ? 'FIREFOX_PATH' : 'CHROME_PATH';
  expectPlainError(
    await firstLight(folder, ['run', 'spec.json', '--browser', browser], { [variable]: '/gone/browser' }),
    4,
    new RegExp(`${variable} is set to /gone/browser, but no program is there`),
  );
  expect(existsSync(join(folder, 'results'))).toBe(false);
});

test('--verbose adds the stack trace', async () => {
  const { stderr } = await firstLight(temporaryFolder(), ['run', 'absent.json', '--verbose']);
  expect(stderr).toMatch(/^\s+at /m);
});

const good = npyFile([4, 2], [1, 2, 3, 4, 5, 6, 7, 9]);
const labels = npyFile([4], [1, -1, 1, -1]);
const describedAs = (file: Uint8Array, from: string, to: string): Buffer =>
  Buffer.from(Buffer.from(file).toString('latin1').replace(from, to), 'latin1');

test('the user’s arrays: of each one that is wrong, what is', async () => {
  const folder = temporaryFolder();
  const cases: [name: string, x: Uint8Array, words: RegExp][] = [
    ['nan', npyFile([4, 2], [1, 2, 3, NaN, 5, 6, 7, 9]), /nan\.npy has NaN at index \[1, 1\]/],
    ['rows', npyFile([3, 2], [1, 2, 3, 4, 5, 6]), /4.*3|3.*4/],
    ['cut', good.subarray(0, -4), /cut\.npy is cut short/],
    ['header', npyHeader([4, 2]).subarray(0, 40), /header\.npy ends after 40 bytes/],
    ['text', describedAs(good, '<f4', '<U4'), /dtype "<U4", which is not a real number/],
    ['good', good, /t\.npy has -100000002004087730000 at index \[1, 0\]\. .*beyond float32/],
  ];
  for (const [name, bytes] of cases) writeFileSync(join(folder, `${name}.npy`), bytes);
  writeFileSync(join(folder, 'y.npy'), labels);
  writeFileSync(join(folder, 't.npy'), npyFile([2, 2], [1, 2, -1e20, 3]));
  writeFileSync(join(folder, 'yt.npy'), npyFile([2], [1, -1]));
  const data = {
    distribution: 'npy',
    x: cases.map(([name]) => `${name}.npy`),
    y: 'y.npy',
    xTest: 't.npy',
    yTest: 'yt.npy',
  };
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify({ ...spec, data, target: { kind: 'labels' } }));
  expectPlainError(
    await firstLight(folder, ['sweep', 'sweep.json', '--browser', browser, '--out', 'out']),
    8,
    /6 of 6 points failed/,
  );
  for (const [name, , words] of cases) {
    const { error } = JSON.parse(
      readFileSync(join(folder, 'out', `x-${name}.npy`, 'failure.json'), 'utf8'),
    ) as RunFailure;
    expect(error).toMatchObject({ name: 'DataError', message: expect.stringMatching(words) as string });
  }
});

test('one-hot labels are refused with what to do', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'X.npy'), good);
  writeFileSync(join(folder, 'y.npy'), npyFile([4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]));
  const data = { distribution: 'npy', x: 'X.npy', y: 'y.npy' };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ ...spec, data, target: { kind: 'labels' } }));
  expectPlainError(
    await firstLight(folder, ['run', 'spec.json', '--browser', browser]),
    3,
    /one output.*argmax/,
  );
  expect(existsSync(join(folder, 'results'))).toBe(false);
});

test.each<[path: string, words: RegExp]>([
  ['X.npy', /data\.x is "X\.npy", but there is no file \S+X\.npy/],
  ['.', /data\.x is "\.", but \S+ is not a file/],
  ['spec.json/X.npy', /but it cannot be read: ENOTDIR: not a directory\./],
  ['x'.repeat(1e5), /data\.x is "x{80}…", but it cannot be read: ENAMETOOLONG: name too long\./],
  ['a\0.npy', /data\.x is "a\\u0000\.npy", but it cannot be read: .*without null bytes\./],
])('an array that is not there is named with the place where it was looked for: %.20s', async (x, words) => {
  const folder = temporaryFolder();
  const data = { distribution: 'npy', x, y: 'y.npy' };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ ...spec, data, target: { kind: 'labels' } }));
  expectPlainError(await firstLight(folder, ['run', 'spec.json']), 3, words);
});

test('a problem too large for the adapter is refused with its sizes and what would fit', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  const ended = await firstLight(folder, [
    'run',
    'spec.json',
    '--browser',
    browser,
    '--set',
    'data.n=2000000000',
  ]);
  expectPlainError(ended, 5, /2000000000/, /would fit/);
  expect(existsSync(join(folder, 'results'))).toBe(false);
});

test('a folder for temporary files that is not there is named, with what to do', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  const ended = await firstLight(folder, ['run', 'spec.json', '--browser', browser], {
    TMPDIR: '/gone/tmp',
    TEMP: '/gone/tmp',
  });
  expectPlainError(ended, 4, /none can be made in \/gone\/tmp .*Set TMPDIR/);
});
