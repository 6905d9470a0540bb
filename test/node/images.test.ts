import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunResult } from '../../src/experiment/result.ts';
import { cifarFile } from '../data/image-files.ts';
import { firstLight, place } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const fashion = '/usr/share/datasets/fashion-mnist';
const installed = existsSync(fashion);
if (!installed) {
  console.warn(
    `Real images are not tested: ${fashion} is not there (apt-get install dataset-fashion-mnist).`,
  );
}

const resultIn = (folder: string): RunResult =>
  JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as RunResult;

test.skipIf(!installed)(
  'Fashion-MNIST, pullover against coat: what each preparation makes of it',
  async () => {
    const folder = temporaryFolder();
    const file = (name: string): string => join(fashion, `${name}-ubyte.gz`);
    const sweep = {
      name: 'fashion',
      data: {
        distribution: 'files',
        x: file('train-images-idx3'),
        y: file('train-labels-idx1'),
        xTest: file('t10k-images-idx3'),
        yTest: file('t10k-labels-idx1'),
        classes: ['pullover', 'coat'],
        n: 4000,
        nTest: 1000,
        average: 2,
        prepare: ['raw', 'centred', 'sphere', 'whitened'],
      },
      network: { width: 8 },
      training: { eta: 0.1, steps: 2 },
    };
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
    const { code, stderr } = await firstLight(folder, [...['sweep', 'sweep.json', ...place, '--out', 'out']]);
    expect([code, stderr]).toEqual([0, '']);
    // By NumPy, of the first 4,000 images of the two classes: np.linalg.eigvalsh(X.T @ X / n)[-1], the mean of
    // ⟨x_i, x_j⟩/d over pairs, the standard deviation of ‖x‖²/d.
    for (const [prepare, norm, inner, spread, d] of [
      ['raw', 176.081168, 0.82430653, 0.47015079, 196],
      ['centred', 84.329192, -0.00025006, 0.5606031, 196],
      ['sphere', 70.482097, 0.00234163, 0, 196],
      ['whitened', 1, -0.00025006, 0.88100606, 100],
    ] as const) {
      const { preparation, status } = resultIn(join(folder, 'out', `prepare-${prepare}`));
      expect(status.kind).toBe('completed');
      const { files, covarianceNorm } = preparation;
      expect(preparation).toMatchObject({ n: 4000, nTest: 1000, d });
      expect(files).toMatchObject({ format: 'idx', shape: [14, 14, 1], average: 2, prepare });
      expect(files!.classes!.map((one) => [one.number, one.label, one.train])).toEqual([
        [2, 1, 2008],
        [4, -1, 1992],
      ]);
      // Float32 inputs, and for ‖Σ̂‖ float32 features beneath: four digits are the same.
      expect(Math.abs(covarianceNorm! / norm - 1)).toBeLessThan(1e-4);
      expect(Math.abs(files!.meanInnerProduct - inner)).toBeLessThan(1e-4);
      expect(Math.abs(files!.normSpread - spread)).toBeLessThan(1e-4);
    }
  },
);

test.skipIf(!installed).for([
  ['deep', { kind: 'deep', widths: [12, 8] }],
  ['convolutional', { kind: 'convolutional', shape: [7, 7, 1], channels: [6, 4], filter: 3 }],
] as const)('Fashion-MNIST with a %s network', async ([kind, network]) => {
  const folder = temporaryFolder();
  const spec = {
    data: {
      distribution: 'files',
      // The smaller of its two sets.
      x: join(fashion, 't10k-images-idx3-ubyte.gz'),
      y: join(fashion, 't10k-labels-idx1-ubyte.gz'),
      classes: ['pullover', 'coat'],
      n: 60,
      average: 4,
      prepare: 'sphere',
    },
    network,
    training: { eta: 0.5, steps: 10, linearized: true, linear: ['theory', 'fitted'] },
  };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  const { code, stderr } = await firstLight(folder, [
    ...['run', 'spec.json', ...place, '--out', 'out', '--arrays'],
  ]);
  expect([code, stderr]).toEqual([0, '']);
  const { preparation, status, records } = resultIn(join(folder, 'out'));
  expect(status.kind).toBe('completed');
  expect(preparation).toMatchObject({ n: 60, nTest: 0, d: 49, files: { shape: [7, 7, 1] } });
  const { losses } = records.at(-1)!.train;
  expect(Object.keys(losses)).toEqual(['network', 'linear', 'fitted', 'linearized']);
  for (const loss of Object.values(losses)) expect(loss).toBeLessThan(records[0].train.losses.network);
  const report = readFileSync(join(folder, 'out', 'report.html'), 'utf8');
  expect(report, kind).not.toMatch(/NaN|undefined/);

  // What the files hold is known only once they are read. Only a convolution has a shape of its own.
  if (kind === 'deep') return;
  const wrong = { ...spec, network: { kind: 'convolutional', shape: [14, 14, 1], channels: 4 } };
  writeFileSync(join(folder, 'wrong.json'), JSON.stringify(wrong));
  const refused = await firstLight(folder, ['run', 'wrong.json', ...place, '--out', 'other']);
  expect(refused.code).toBe(3);
  expect(refused.stderr.replace(/\s+/g, ' ')).toContain(
    'network.shape is 14 × 14 × 1, 196 numbers, but points have 49 inputs',
  );
});

test('cats against horses runs where its files are, and says what is missing where they are not', async () => {
  const folder = temporaryFolder();
  const args = ['run', 'cats-against-horses', ...place, '--out', 'out', '--set', 'training.steps=2'];
  const missing = await firstLight(folder, args);
  expect(missing.code).toBe(3);
  expect(missing.stderr.replace(/\s+/g, ' ')).toMatch(
    /data\.x\.0 is "cifar-10-batches-bin\/data_batch_1\.bin", but there is no file/,
  );

  mkdirSync(join(folder, 'cifar-10-batches-bin'));
  const batch = (seed: number) =>
    cifarFile([3, 7, 5, 3, 7], (image, channel, row, col) =>
      Math.floor(128 + 120 * Math.sin(seed + image * 7 + channel + row * image + col * 0.3)),
    );
  const names = [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`);
  for (const [k, name] of [...names, 'test_batch.bin'].entries()) {
    writeFileSync(join(folder, 'cifar-10-batches-bin', name), batch(k));
  }
  const { code, stderr } = await firstLight(folder, [...args, '--set', 'network.width=8']);
  expect([code, stderr]).toEqual([0, '']);
  const out = join(folder, 'out');
  expect(resultIn(out).preparation).toMatchObject({
    ...{ n: 20, nTest: 4, d: 192 },
    files: {
      format: 'cifar-10',
      shape: [8, 8, 3],
      classes: [
        { class: 'cat', train: 10 },
        { class: 'horse', test: 2 },
      ],
    },
  });
  const report = readFileSync(join(out, 'report.html'), 'utf8').replace(/\s+/g, ' ');
  expect(report).toContain('the classes cat (+1) and horse (−1) in <code>');

  const listed = await firstLight(folder, ['data']);
  expect([listed.code, listed.stderr]).toEqual([0, '']);
  expect(listed.stdout).toMatch(/CIFAR-10\n {2}found: "data": \{"distribution": "files", "x": \["cifar/);
  expect(listed.stdout).toContain(installed ? `"x": "${fashion}/train-images` : 'dataset-fashion-mnist');
  const one = await firstLight(folder, ['data', join('cifar-10-batches-bin', names[0])]);
  expect(one.stdout).toContain('5 × 32 × 32 × 3; labels: 3 (cat): 2, 5 (dog): 1, 7 (horse): 2');
  writeFileSync(join(folder, 'cut.bin'), batch(0).slice(0, -1));
  const cut = await firstLight(folder, ['data', 'cut.bin']);
  expect([cut.code, cut.stderr.replace(/\s+/g, ' ')]).toEqual([
    3,
    expect.stringMatching(/cut\.bin, of 15364 bytes,/),
  ]);
  expect((await firstLight(folder, ['data', 'none.bin'])).code).toBe(3);
});
