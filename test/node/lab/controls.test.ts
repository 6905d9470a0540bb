import { expect, test } from 'vitest';
import type { Spec } from '../../../src/experiment/spec.ts';
import { fieldGroups } from '../../../web/lab/fields.ts';
import { type LabPage, shown } from './lab-page.ts';
import { linkTo, long, serveLab, small } from './served-lab.ts';

const lab = serveLab();

const valueAt = (spec: Spec, path: string): unknown =>
  path.split('.').reduce<unknown>((holder, key) => (holder as Record<string, unknown> | null)?.[key], spec);

/** Waits until the experiment in the address has a value. */
async function has(page: LabPage, path: string, value: unknown): Promise<void> {
  await expect.poll(async () => valueAt(await page.spec(), path), { timeout: 10_000 }).toEqual(value);
}

test('every control that is changed starts the experiment that it says', async () => {
  const page = await lab.open(linkTo(small));
  const changed = new Set<string>();
  const type = async (path: string, value: number | string): Promise<void> => {
    await page.change(`#field-${path.replaceAll('.', '-')}`, String(value));
    changed.add(path);
    await has(page, path, value);
  };
  /** Presses what an expression finds. */
  const press = async (path: string, element: string, seen: string, value: unknown): Promise<void> => {
    await page.ask(`${element}.click()`);
    changed.add(path);
    await has(page, seen, value);
  };
  const check = (path: string, label: string, seen: string, value: unknown): Promise<void> =>
    press(
      path,
      `[...document.querySelectorAll('.check label')].find((each) => each.textContent.includes('${label}'))`,
      seen,
      value,
    );

  await type('data.d', 9);
  await type('data.n', 70);
  await type('target.lambda', 0.25);
  await type('network.width', 18);
  await type('training.eta', 0.5);
  await type('training.steps', 12);
  await type('seed', 7);
  await type('network.activation', 'leaky-relu');
  await type('network.slope', 0.3);
  await page.change('#field-network-activation', 'x*sigmoid(1.702*x)');
  await page.change('#text-network-activation', 'tanh(2*x)');
  await has(page, 'network.activation', 'tanh(2*x)');
  await type('target.kind', 'hermite');
  for (const degree of [0, 1, 2]) await type(`target.coefficients.${degree}`, 0.2 + degree / 10);
  await type('target.kind', 'teacher');
  await type('target.width', 12);
  await type('data.distribution', 'spiked');
  await type('data.spike', 0.25);
  await type('data.distribution', 'uncentred');
  await type('data.shift', 0.25);
  await type('data.distribution', 'gaussian');
  await page.change('#field-data-spectrum', '0.5');
  changed.add('data.spectrum');
  await has(page, 'data.spectrum', { kind: 'power-law', exponent: 0.5 });
  await press(
    'training.layers',
    `document.querySelector('[type=radio][value=first]')`,
    'training.layers',
    'first',
  );
  await press(
    'training.layers',
    `document.querySelector('[type=radio][value=both]')`,
    'training.layers',
    'both',
  );
  await check('training.linearized', 'Linearized network too', 'training.linearized', true);
  await check('training.alignment', 'Alignment of the kernel', 'training.alignment', true);
  await check('claims', 'Measure every claim', 'claims', 'all');
  await check('training.rates', 'A rate for each layer', 'training.eta1', 0.5);
  await type('training.eta1', 0.25);
  await type('training.eta2', 0.125);
  await type('network.depth', 2);
  await has(page, 'training.eta', 0.25);
  expect(await page.ask(`document.querySelectorAll('.problem:not([hidden])').length`)).toBe(0);

  // The activation has two: its list, and the line for a formula.
  const all = new Set(fieldGroups.flatMap(({ fields }) => fields.map(({ path }) => path)));
  expect([...changed].sort()).toEqual([...all].sort());
  // All of it together runs to its end.
  await page.until(shown.ended);
});

test('a slider, a preset and the stable rate do likewise', async () => {
  const page = await lab.open(linkTo(small));
  await page.ask(`(() => {
    const slider = document.querySelector('.field:has(#field-network-width) [type=range]');
    slider.value = '0';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  await has(page, 'network.width', 2);
  await page.until(`document.querySelector('.stable button')`);
  await page.page.click('.stable button');
  await expect.poll(async () => (await page.spec()).training.eta, { timeout: 10_000 }).toBe(0.8);
  await page.page.select('#preset', 'first-layer');
  await has(page, 'name', 'first-layer-only');
  await page.goesOn();
});

test('tab, axes and speed come back with the address', async () => {
  const page = await lab.open(linkTo(small));
  await page.until(shown.ended);
  await page.page.click('#tab-spectrum');
  await (await page.page.waitForSelector('#panel-spectrum .axis-toggle'))!.click();
  await page.page.click('#panel-loss .axis-toggle');
  await page.page.select('.speed select', '0');
  const look = `[...document.querySelectorAll('.axis-toggle, [role=tab], .speed select')].map((each) =>
    each.value || each.getAttribute('aria-pressed') || each.getAttribute('aria-selected')).join()`;
  const before = await page.ask<string>(look);
  await page.reload();
  await page.until(`${look} === ${JSON.stringify(before)}`);
  expect(await page.ask('location.hash')).toContain('view.axes.loss=log');
});

test('a number is what was typed, key by key, and what is none is said beside it', async () => {
  const page = await lab.open(linkTo(long, { speed: 25 }));
  const { keyboard } = page.page;
  /** With pauses that are longer than the one after which a change is tried; or all at once, as a busy machine pauses, too. */
  const type = async (field: string, keys: string, delay = 0): Promise<void> => {
    await page.page.focus(field);
    await keyboard.down('Control');
    await keyboard.press('a');
    await keyboard.up('Control');
    if (delay > 0) await keyboard.type(keys, { delay });
    else await keyboard.sendCharacter(keys);
  };
  const shows = async (field: string, keys: string): Promise<void> => {
    const [value, hidden] = await page.ask<[string, number]>(
      `(({ value, scrollWidth, clientWidth }) => [value, scrollWidth - clientWidth])(document.querySelector('${field}'))`,
    );
    expect([value, hidden]).toEqual([keys, 0]);
  };
  for (const [field, path, keys, value, delay] of [
    ['#field-training-eta', 'training.eta', '.5', 0.5, 400],
    ['#field-training-eta', 'training.eta', '1e-3', 1e-3, 0],
    ['#field-training-eta', 'training.eta', '2e-1', 0.2, 0],
    ['#field-data-d', 'data.d', '1e1', 10, 400],
  ] as const) {
    await type(field, keys, delay);
    await has(page, path, value);
    await shows(field, keys);
  }
  const before = await page.ask('location.hash');
  const problem = (field: string) => () =>
    page.ask<string>(`document.querySelector('${field}-problem:not([hidden])')?.textContent ?? ''`);
  for (const [field, keys, said, right] of [
    ['#field-data-d', '1e999', /“1e999”, which is larger than any number here/, '10'],
    ['#field-training-eta', '0,5', /“0,5”, which is not a number; decimals have a point/, '.2'],
    ['#field-training-eta', '-1', /Rate is -1; it must be greater than 0/, '0.2'],
    ['#field-network-depth', '0', /Hidden layers is 0/, '1'],
    ['#field-data-n', '100000000', /Points is 100000000; this page takes at most 50000/, '64'],
  ] as const) {
    await type(field, keys);
    await expect.poll(problem(field), { timeout: 5000 }).toMatch(said);
    await shows(field, keys);
    expect(await page.ask('location.hash')).toBe(before);
    await type(field, right);
    await expect.poll(problem(field), { timeout: 5000 }).toBe('');
  }
});

test('a value that is invalid leaves the experiment that runs, and says why', async () => {
  const page = await lab.open(linkTo(long, { speed: 25 }));
  await page.until(`${shown.step} > 2`);
  const before = await page.ask('location.hash');
  for (const [value, said] of [
    ['7', /must be even/],
    ['', /missing/],
    ['-4', /Hidden units/],
    ['1e9', /at most 8192/],
  ] as const) {
    const at = await page.step();
    await page.change('#field-network-width', value);
    const problem = `[...document.querySelectorAll('#field-network-width-problem:not([hidden]), .message.alert')].map(({ textContent }) => textContent).join('')`;
    await expect.poll(() => page.ask(problem), { timeout: 5000 }).toMatch(said);
    expect(await page.ask('location.hash')).toBe(before);
    await page.goesOn();
    expect(await page.step()).toBeGreaterThan(at);
  }
});
