import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy } from '../../src/data/npy.ts';
import type { ResultDocument } from '../../src/experiment/result-document.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { browser, firstLight } from './first-light.ts';
import { npyFile } from '../npy-file.ts';
import { temporaryFolder } from './temporary.ts';

const spec = {
  name: 'small run',
  data: { distribution: 'gaussian', d: 5, n: 64, nTest: 16 },
  network: { width: 8 },
  training: { eta: 1, steps: 20 },
  kernel: 'both',
} as const;

/** A folder with a spec in it. */
function specIn(content: unknown = spec): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(content));
  return folder;
}

const run = (folder: string, ...args: string[]) =>
  firstLight(folder, ['run', 'spec.json', '--browser', browser, ...args]);

const resultIn = (folder: string): ResultDocument =>
  JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as ResultDocument;

const npy = (folder: string, name: string) =>
  readNpy(new Uint8Array(readFileSync(join(folder, 'arrays', `${name}.npy`))).buffer, name);

test('a run writes what it says: result, records, report, figures, arrays; and the same again', async () => {
  const folder = specIn();
  const { code, stdout, stderr } = await run(folder, '--arrays', '--seed', '3');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).toContain('report.html');

  const out = join(folder, 'results', 'small-run');
  expect(readdirSync(out).sort()).toEqual(['arrays', 'figures', 'records.csv', 'report.html', 'result.json']);

  const result = resultIn(out);
  expect(result.spec).toEqual(parseSpec({ ...spec, seed: 3 }));
  expect(result.status).toEqual({ kind: 'completed' });
  expect(result.records[0].outputs.network).toEqual([0, 0, 0, 0, 0]);
  expect(result.records.at(-1)?.step).toBe(20);

  const [header, ...rows] = readFileSync(join(out, 'records.csv'), 'utf8').trimEnd().split('\n');
  const column = (name: string) => rows.map((row) => Number(row.split(',')[header.split(',').indexOf(name)]));
  expect(column('step')).toEqual(result.records.map(({ step }) => step));
  expect(column('train_network_loss')).toEqual(result.records.map(({ train }) => train.networkLoss));
  expect(column('test_discrepancy')).toEqual(result.records.map(({ test }) => test?.discrepancy));
  expect(column('linear_output_4')).toEqual(result.records.map(({ outputs }) => outputs.linear[4]));

  const report = readFileSync(join(out, 'report.html'), 'utf8');
  expect(report).toContain('<svg');
  expect(report).not.toMatch(/(?:src|href)="(?!https?:\/\/(?:arxiv|doi)|#|data:)[^"]*"/);
  const figures = readdirSync(join(out, 'figures'));
  expect(figures.filter((name) => name.endsWith('.svg')).length).toBeGreaterThanOrEqual(3);
  for (const name of figures) {
    const start = readFileSync(join(out, 'figures', name))
      .subarray(0, 5)
      .toString('latin1');
    expect(start).toBe(name.endsWith('.png') ? '\x89PNG\r' : '<?xml');
  }

  const shapes: Record<string, number[]> = {
    X_train: [64, 5],
    y_train: [64],
    X_test: [16, 5],
    y_test: [16],
    W0: [8, 5],
    v0: [8],
    W_t: [8, 5],
    v_t: [8],
    dW: [8, 5],
    dv: [8],
    f_train: [64],
    f_test: [16],
    lin_train: [64],
    lin_test: [16],
    kernel: [64, 64],
  };
  expect(readdirSync(join(out, 'arrays')).sort()).toEqual(
    Object.keys(shapes)
      .map((name) => `${name}.npy`)
      .sort(),
  );
  for (const [name, shape] of Object.entries(shapes)) expect((await npy(out, name)).shape).toEqual(shape);

  // The arrays belong to the records: the watched outputs, and the loss up to float32's rounding of the residuals
  // (u each, twice in the square), the squares, the scale and a sum of 64 terms: (64 + 4)u relative, u = 2⁻²⁴.
  const [f, y, fTest] = [await npy(out, 'f_train'), await npy(out, 'y_train'), await npy(out, 'f_test')];
  const targets = y.rows(0, 64);
  const loss = f.rows(0, 64).reduce((sum, value, i) => sum + (value - targets[i]) ** 2, 0) / (2 * 64);
  const last = result.records.at(-1)!;
  expect(Math.abs(last.train.networkLoss - loss)).toBeLessThanOrEqual(64 * 2 ** -24 * loss);
  expect(last.outputs.network).toEqual([...fTest.rows(0, 5)]);

  // The same spec gives the same records, digit for digit, in a folder of its own.
  expect((await run(folder, '--set', 'seed=3')).code).toBe(0);
  const again = join(folder, 'results', 'small-run-2');
  expect(readFileSync(join(again, 'records.csv'), 'utf8')).toBe([header, ...rows, ''].join('\n'));
});

test('runs the user’s own arrays, found from the spec’s folder', async () => {
  const folder = specIn();
  const spread = (length: number, scale: number) =>
    Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1)) * scale + 3);
  const points = { n: 40, nTest: 12, d: 3 };
  const [x, xTest] = [spread(points.n * points.d, 2), spread(points.nTest * points.d, 2)];
  const sign = (rows: number[], n: number) =>
    Array.from({ length: n }, (_, i) => (rows[i * points.d] > 3 ? 1 : -1));
  mkdirSync(join(folder, 'mine'));
  const write = (name: string, shape: number[], values: number[]) =>
    writeFileSync(join(folder, 'mine', name), npyFile(shape, values));
  write('X.npy', [points.n, points.d], x);
  write('y.npy', [points.n], sign(x, points.n));
  write('Xt.npy', [points.nTest, points.d], xTest);
  write('yt.npy', [points.nTest], sign(xTest, points.nTest));
  const own = {
    ...spec,
    data: { distribution: 'npy', x: 'X.npy', y: 'y.npy', xTest: 'Xt.npy', yTest: 'yt.npy' },
    target: { kind: 'labels' },
    kernel: 'none',
  };
  writeFileSync(join(folder, 'mine', 'spec.json'), JSON.stringify(own));

  const { code, stderr } = await firstLight(folder, [
    'run',
    'mine/spec.json',
    '--browser',
    browser,
    '--arrays',
    '--out',
    'out',
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const out = join(folder, 'out');
  expect(resultIn(out).preparation).toMatchObject({ ...points, largestTarget: 1 });
  expect([...(await npy(out, 'y_train')).rows(0, points.n)]).toEqual(sign(x, points.n));
  // Centred and scaled to Tr Σ̂ = d: the squares sum to n·d, up to float32's rounding of each number (u, so 2u in the
  // square) and of the scale that they share (again 2u).
  const X = (await npy(out, 'X_train')).rows(0, points.n);
  const sum = X.reduce((total, value) => total + value ** 2, 0);
  expect(Math.abs(sum / (points.n * points.d) - 1)).toBeLessThanOrEqual(4 * 2 ** -24);
});

test('a divergent rate: said with its step, records and report kept', async () => {
  const folder = specIn();
  const { code, stderr } = await run(folder, '--set', 'training.eta=1000', '--out', 'out');
  expect(code).toBe(6);
  expect(stderr).toMatch(/diverged at step \d+.*--set\s+training\.eta=/s);
  const { status, records } = resultIn(join(folder, 'out'));
  expect(status.kind).toBe('diverged');
  expect(records.length).toBeGreaterThan(0);
  expect(existsSync(join(folder, 'out', 'report.html'))).toBe(true);
});

test('doctor says what it found and that runs will work', async () => {
  const { code, stdout } = await firstLight(temporaryFolder(), ['doctor', '--browser', browser]);
  expect(stdout).toMatch(/Browser +(Chrome|Firefox) \d+/);
  expect(stdout).toMatch(/WebGPU +yes/);
  expect(stdout).toMatch(/largest binding \d/);
  expect(code).toBe(0);
});

test('presets are listed, and each prints as a spec to start from', async () => {
  const folder = temporaryFolder();
  const { stdout } = await firstLight(folder, ['presets']);
  const names = stdout.split('\n').flatMap((line) => /^\S+/.exec(line) ?? []);
  expect(names).toContain('figure-1');
  const printed = await firstLight(folder, ['presets', names[0]]);
  expect(parseSpec(JSON.parse(printed.stdout)).name).toBe(names[0]);
});
