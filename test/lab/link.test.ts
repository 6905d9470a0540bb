import { expect, test } from 'vitest';
import { minimalSpec } from '../../src/experiment/minimal-spec.ts';
import { presets } from '../../src/experiment/presets.ts';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { commandLine } from '../../web/lab/command.ts';
import { type ViewState, decodeLink, encodeLink } from '../../web/lab/link.ts';
import { requirePageSize } from '../../web/lab/page-size.ts';
import { labPresets } from '../../web/lab/presets.ts';

const experiments: SpecInput[] = [
  ...presets.map(({ spec }) => spec),
  {
    name: 'a & b = "c" % 1 # ü 漢 🙂',
    seed: 12,
    data: {
      distribution: 'gaussian',
      d: 3,
      n: 7,
      nTest: 0,
      spectrum: { kind: 'values', values: [1, 0.1, 1e-12] },
    },
    target: { kind: 'hermite', coefficients: [0.1, -2, 1 / 3] },
    network: { width: 4, activation: 'leaky-relu', slope: -0.25 },
    training: { eta1: 0.1 + 0.2, eta2: 1e-9, steps: 3, records: { steps: [1, 2] }, watched: [0, 6] },
    kernel: 'both',
    claims: [1, 2],
  },
  // Names that are JSON themselves.
  ...['12', 'null', '"x"', '[1]', 'true', '-', ' ', '.5', '+1', '007', '1.'].map((name) => ({
    ...presets[0].spec,
    name,
  })),
  {
    data: { distribution: 'npy', x: 'my X.npy', y: 'y.npy' },
    network: { width: 8 },
    training: { layers: 'first', eta: 2, steps: 9, records: { spacing: 'linear', count: 3 } },
  },
];
const views: ViewState[] = [
  {},
  { step: 17, tab: 'kernels', axes: { time: 'linear', loss: 'log', spectrum: 'linear' }, speed: null },
  { speed: 12.5 },
];

test('a link brings back exactly what was on the screen', () => {
  for (const input of experiments) {
    const spec = parseSpec(input);
    for (const view of views) {
      const hash = encodeLink({ spec, view })!;
      expect(hash).toMatch(/^#[!-~]*$/);
      const decoded = decodeLink(new URL(hash, 'https://example.org/lab/').hash);
      expect(decoded.kind, hash).toBe('state');
      if (decoded.kind !== 'state') continue;
      expect(parseSpec(decoded.spec)).toEqual(spec);
      expect(decoded.view).toEqual(view);
      expect(encodeLink({ spec: parseSpec(decoded.spec), view: decoded.view })).toBe(hash);
    }
  }
});

test('a link is short and can be read', () => {
  expect(encodeLink({ spec: parseSpec(presets[0].spec), view: { step: 100 } })).toBe(
    '#name=figure-1&data.distribution=gaussian&data.d=50&data.n=2000&network.width=256&training.eta=5&training.steps=800&view.step=100',
  );
});

test('what is too long for a link is told', () => {
  const records = { steps: Array.from({ length: 5000 }, (_, k) => k) };
  const spec = parseSpec({ ...presets[0].spec, training: { eta: 5, steps: 5000, records } });
  expect(encodeLink({ spec, view: {} })).toBe(null);
});

const good = encodeLink({ spec: parseSpec(presets[0].spec), view: {} })!;

test.for([
  ['#%', /FIELD=VALUE/],
  ['#seed=%E0%A4%A', /damaged/],
  ['#=1', /FIELD=VALUE/],
  ['#seed', /FIELD=VALUE/],
  ['#__proto__.polluted=1', /FIELD=VALUE/],
  [`${good}&constructor.prototype.polluted=1`, /constructor is not a field/],
  [`${good}&toString=1`, /toString is not a field/],
  [`${good}&data.spectrum.kind.x.y.z=1`, /FIELD=VALUE/],
  [`${good}&seed.x=1`, /seed/],
  [`${good}&seed=1&seed.x=1`, /field that has none/],
  [`${good}&network.width=1e400`, /network.width/],
  [`${good}&network.width={"a":{"b":{}}}`, /network.width/],
  [`${good}&name=`, /name/],
  [`${good}&data.n=-5`, /data.n is -5; it must be at least 1/],
  [`${good}&view.step=-1`, /step/],
  [`${good}&view.tab=<img src=x onerror=alert(1)>`, /tab/],
  [`${good}&view.axes.loss=cubic`, /loss/],
  [`${good}&view.axes.width=log`, /width/],
  [`${good}&view.axes=log`, /axes/],
  [`${good}&view.speed=1e-9`, /view.speed is 1e-9; it must be at least 1/],
  [`${good}&view=5`, /./],
  [`${good}&seed=1&seed=2`, /it gives seed twice/],
  [`${good}&target={"kind":"hermite","kind":"labels"}`, /kind is given for the second time/],
  [`${good}&name=${'['.repeat(1000)}`, /nested more than 100 deep/],
  [`${good}&training.eta=1e308`, /at most 1e\+15/],
  [`#${'a=1&'.repeat(1000)}`, /too long/],
  [`#name=${'x'.repeat(5_000_000)}`, /too long/],
  ['#eyJzcGVjIjp7fX0', /FIELD=VALUE/],
] as const)('hostile or broken %$', ([hash, problem]) => {
  const decoded = decodeLink(hash);
  expect(decoded.kind).toBe('problem');
  if (decoded.kind !== 'problem') return;
  expect(decoded.text).toMatch(problem);
  expect(decoded.text.length).toBeLessThan(600);
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
});

test('a link that mailers and chats have changed is the same', () => {
  const named = { ...presets[0].spec, name: 'a & b = "c" % 1 \ud83d' };
  for (const input of [presets[0].spec, named]) {
    const hash = encodeLink({ spec: parseSpec(input), view: { step: 100 } })!;
    const body = hash.slice(1);
    const changed = [
      encodeURIComponent(body),
      encodeURIComponent(body).replaceAll('%3D', '%3d'),
      body.replaceAll('&', '%26').replaceAll('=', '%3D'),
      body.replaceAll('&', '%26'),
      body.replaceAll('=', '%3d'),
      body.replaceAll('&', '&amp;'),
      body.replaceAll('&', '&#38;'),
      // Values have none of their own, but escaped.
      body.replaceAll('=', '=3D'),
      ...['.', ')', '],', '>', '."', '%29', '%5D.', ' '].map((end) => body + end),
      `${encodeURIComponent(body)}).`,
      `${body.replaceAll('&', '&amp;')}.`,
    ];
    for (const text of changed) {
      const decoded = decodeLink(`#${text}`);
      if (decoded.kind !== 'state') expect.fail(`${text}: ${JSON.stringify(decoded)}`);
      expect(parseSpec(decoded.spec), text).toEqual(parseSpec(input));
      expect(decoded.view, text).toEqual({ step: 100 });
    }
  }
});

test('a link that asks for more records than steps is one that records every step', () => {
  const decoded = decodeLink(`${good}&training.records.spacing=linear&training.records.count=1e12`);
  expect(decoded.kind).toBe('state');
  if (decoded.kind !== 'state') return;
  const spec = parseSpec(decoded.spec);
  expect(recordSteps(spec)).toHaveLength(801);
  expect(() => requirePageSize(spec, new Map())).not.toThrow();
});

test('a page takes no teacher that it would take no network of', () => {
  const spec = parseSpec({ ...presets[0].spec, target: { kind: 'teacher', width: 1e9 } });
  expect(() => requirePageSize(spec, new Map())).toThrow(
    'target.width is 1000000000; this page takes at most',
  );
});

test.for([
  [
    { kind: 'deep', depth: 100, width: 8192, activation: 'relu' },
    /^One pass of 5000 points through 100 hidden layers of up to 8192 units takes 1\.7e\+13 multiplications; this page takes at most 5\.0e\+11: take fewer layers/,
  ],
  [
    {
      kind: 'convolutional',
      shape: [16, 16, 3],
      filter: 3,
      channels: [1024, 1024, 1024],
      activation: 'relu',
    },
    /^One pass of 5000 points through 3 hidden layers of up to 1024 channels takes/,
  ],
] satisfies [SpecInput['network'], RegExp][])(
  'a page counts every layer of a network: %j',
  ([network, words]) => {
    const d = network.kind === 'convolutional' ? 16 * 16 * 3 : 10;
    const of = (some: SpecInput['network']) =>
      parseSpec({
        data: { distribution: 'gaussian', d, n: 5000, nTest: 0 },
        network: some,
        training: { eta: 1, steps: 20 },
      });
    expect(() => requirePageSize(of(network), new Map())).toThrow(words);
  },
);

test('a page takes its own experiments', () => {
  for (const { spec } of labPresets) requirePageSize(parseSpec(spec), new Map());
});

test('an empty hash is nothing', () => {
  for (const hash of ['', '#']) expect(decodeLink(hash)).toEqual({ kind: 'nothing' });
});

test('random bytes never throw', () => {
  let state = 1;
  const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
  for (let k = 0; k < 2000; k++) {
    const from = Math.floor(next(good.length));
    const noise = Array.from({ length: next(8) }, () => String.fromCharCode(32 + next(95))).join('');
    decodeLink(good.slice(0, from) + noise + good.slice(from + next(6)));
  }
});

test('the minimal spec gives the same experiment, and leaving out more does not', () => {
  for (const input of experiments) {
    const spec = parseSpec(input);
    expect(parseSpec(minimalSpec(spec))).toEqual(spec);
  }
  expect(minimalSpec(parseSpec(presets[0].spec))).toEqual({
    ...presets[0].spec,
    data: { distribution: 'gaussian', d: 50, n: 2000 },
    network: { width: 256 },
    training: { eta: 5, steps: 800 },
  });
});

test('the command line starts from a preset where settings lead from it, else from a file', () => {
  expect(commandLine(parseSpec(presets[0].spec))).toEqual({
    command: 'npx first-light run figure-1',
    file: null,
  });
  const changed = parseSpec({ ...presets[0].spec, seed: 3, network: { width: 64, activation: 'tanh' } });
  expect(commandLine(changed).command).toBe(
    'npx first-light run figure-1 --set network.width=64 --set network.activation=tanh --set seed=3',
  );
  const numbered = parseSpec({ ...presets[0].spec, name: '12' });
  expect(commandLine(numbered).command).toBe(`npx first-light run figure-1 --set 'name="12"'`);
  const named = parseSpec({ ...presets[0].spec, name: "it's" });
  expect(commandLine(named).command).toBe(`npx first-light run figure-1 --set 'name=it'\\''s'`);
  for (const input of experiments.slice(presets.length)) {
    const spec = parseSpec(input);
    const { command, file } = commandLine(spec);
    if (file) expect(parseSpec(JSON.parse(file.text))).toEqual(spec);
    expect(command).toMatch(/^npx first-light run [\w-]+/);
  }
});
