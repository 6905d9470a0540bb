import { expect, test } from 'vitest';
import { readNpy } from '../../../src/data/npy.ts';
import { parseSpec } from '../../../src/experiment/spec.ts';
import { browser as browserName } from '../first-light.ts';
import { npyFile } from '../../npy-file.ts';
import { type DroppedFile, shown } from './lab-page.ts';
import { linkTo, long, serveLab, small } from './served-lab.ts';

const lab = serveLab();

test('what is saved can be read: spec, result, records, arrays, figures', async () => {
  const page = await lab.open(linkTo(small));
  await page.until(shown.ended);
  const [[specName, spec]] = await page.save('Spec');
  expect(specName).toBe('small.json');
  expect(parseSpec(JSON.parse(spec.toString('utf8')))).toEqual(parseSpec(small));

  const [[, result]] = await page.save('Result');
  const { records } = JSON.parse(result.toString('utf8')) as { records: { step: number }[] };
  const [header, ...rows] = (await page.records())
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  expect(rows.map(([step]) => Number(step))).toEqual(records.map(({ step }) => step));
  for (const row of rows) expect(row.map(Number).filter(Number.isFinite)).toHaveLength(header.length);

  const shapes: Record<string, readonly number[]> = {};
  for (const [name, bytes] of await page.save('Arrays', { several: true })) {
    shapes[name] = (await readNpy(new Uint8Array(bytes).buffer, name)).shape;
  }
  expect(shapes).toEqual({
    'X_train.npy': [64, 8],
    'y_train.npy': [64],
    'X_test.npy': [16, 8],
    'y_test.npy': [16],
    'W0.npy': [16, 8],
    'v0.npy': [16],
    'W_t.npy': [16, 8],
    'v_t.npy': [16],
    'dW.npy': [16, 8],
    'dv.npy': [16],
    'f_train.npy': [64],
    'f_test.npy': [16],
    'lin_train.npy': [64],
    'lin_test.npy': [16],
  });

  const drawings = await page.save('Figures as SVG', { several: true });
  for (const [name, bytes] of drawings) {
    const parsed = await page.ask<string>(
      `new DOMParser().parseFromString(${JSON.stringify(bytes.toString('utf8'))}, 'image/svg+xml').documentElement.localName`,
    );
    expect([name, parsed]).toEqual([name, 'svg']);
  }
  expect([...drawings.keys()]).toEqual(expect.arrayContaining(['loss.svg', 'scatter.svg', 'modes.svg']));

  const pictures = await page.save('Figures as PNG', { several: true });
  expect([...pictures.keys()]).toEqual([...drawings.keys()].map((name) => name.replace(/svg$/, 'png')));
  for (const [name, bytes] of pictures) {
    const width = await page.ask<number>(
      `createImageBitmap(new Blob([Uint8Array.from(atob('${bytes.toString('base64')}'), (c) => c.charCodeAt(0))])).then(({ width }) => width)`,
    );
    expect(width, name).toBeGreaterThan(300);
  }
});

const whole = npyFile(
  [20, 8],
  Array.from({ length: 160 }, (_, i) => Math.sin(i)),
);
const json = (value: unknown): DroppedFile[] => [{ name: 'spec.json', bytes: JSON.stringify(value) }];

test('figures are printed one a page, and nothing else is', async () => {
  const page = await lab.open(linkTo(small));
  await page.until(shown.ended);
  await page.ask(
    `void (window.print = () => (window.printing = document.querySelectorAll('.printed svg').length))`,
  );
  await page.chooseFromMenu('Figures as PDF');
  await page.until('window.printing > 3');
  if (browserName === 'chrome') {
    const pdf = Buffer.from(await page.page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect([...pdf.matchAll(/\/Type \/Page\b/g)]).toHaveLength(await page.ask<number>('window.printing'));
  }
  await page.ask(`void dispatchEvent(new Event('afterprint'))`);
  expect(await page.ask(`document.querySelector('.printed')`)).toBe(null);
});

test('files that cannot be used are refused in words, and the experiment that runs stays', async () => {
  const page = await lab.open(linkTo(long, { speed: 25 }));
  await page.until(`${shown.step} > 2`);
  const hash = await page.ask('location.hash');
  const bad: [DroppedFile[], RegExp][] = [
    [[], /no file/],
    [[{ name: 'cat.png', bytes: 'png' }], /cat\.png is neither/],
    [[{ name: 'empty.npy', bytes: '' }], /empty\.npy is empty/],
    [[{ name: 'X.npy', bytes: 'this is no array at all' }], /not a \.npy file/],
    [[{ name: 'X.npy', bytes: whole.subarray(0, 7) }], /X\.npy/],
    [[{ name: 'X.npy', bytes: whole.subarray(0, whole.length - 40) }], /cut short/],
    [[{ name: 'X.npy', bytes: whole, size: 2 * 2 ** 30 }], /2048 MB; a page reads at most 256 MB/],
    [[{ name: 'spec.json', bytes: '{"data":' }], /not JSON/],
    [[{ name: 'spec.json', bytes: '['.repeat(100_000) }], /spec\.json is nested more than 100 deep/],
    [json({ ...small, data: { ...small.data, n: -1 } }), /data\.n is -1/],
    [json({ ...small, data: { ...small.data, n: 1e9 } }), /at most 50000/],
    [json({ ...small, data: { ...small.data, n: 50_000, d: 2048 }, network: { width: 8192 } }), /less/],
    [json({ ...small, training: { eta: 'NaN', steps: 40 } }), /training\.eta/],
    [json({ ...small, training: { eta: null, steps: 40 } }), /training\.eta/],
    [json({ ...small, data: { distribution: 'npy', x: '../../etc/passwd' } }), /which is not here/],
    [
      [
        {
          name: 'spec.json',
          bytes: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
        },
      ],
      /spec\.json is not a spec/,
    ],
  ];
  for (const [files, said] of bad) {
    await page.drop(...files);
    expect(await page.alert()).toMatch(said);
    expect(await page.ask('location.hash')).toBe(hash);
    expect(await page.ask(shown.playing)).toBe(true);
  }
  expect(await page.ask('({}).polluted ?? null')).toBe(null);
  await page.goesOn();
});

test('files that can be used are: a spec whose name is hostile, and arrays', async () => {
  const page = await lab.open(linkTo(long));
  await page.drop(...json({ ...small, name: '<img src=x onerror="window.hacked = 1">' }));
  await page.until(shown.ended);
  expect((await page.spec()).name).toContain('<img');
  const [[name]] = await page.save('Spec');
  expect(name).toMatch(/^[\w-]+\.json$/);
  await page.chooseFromMenu('Copy the command');
  expect(await page.ask(`document.querySelector('img') ?? window.hacked ?? null`)).toBe(null);

  const y = npyFile(
    [20],
    Array.from({ length: 20 }, (_, i) => Math.sign(Math.sin(8 * i + 1))),
  );
  await page.drop({ name: 'X.npy', bytes: whole }, { name: 'y.npy', bytes: y });
  await page.until(`location.hash.includes('npy')`);
  await page.until(shown.ended);
  expect((await page.spec()).data).toMatchObject({ distribution: 'npy', x: 'X.npy', y: 'y.npy' });
  expect((await page.save('Arrays', { several: true })).has('W_t.npy')).toBe(true);
});
