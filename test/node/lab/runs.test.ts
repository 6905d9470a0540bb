import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SpecInput } from '../../../src/experiment/spec.ts';
import { browser as browserName, firstLight } from '../first-light.ts';
import { temporaryFolder } from '../temporary.ts';
import { shown } from './lab-page.ts';
import { linkTo, long, serveLab, small } from './served-lab.ts';

const lab = serveLab();

/** records.csv of a command line that the page gave. */
async function recordsOf(command: string, work: string): Promise<string> {
  // As a shell takes it: nothing in these commands has a space or a quote within quotes.
  const [npx, program, ...args] = command.replaceAll("'", '').split(' ');
  expect([npx, program]).toEqual(['npx', 'first-light']);
  const { code, stderr } = await firstLight(work, [...args, '--browser', browserName, '--out', 'out']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return readFileSync(join(work, 'out', 'records.csv'), 'utf8');
}

test('opens from a folder and runs by itself, asking nothing of anybody else', async () => {
  const begun = performance.now();
  const page = await lab.open();
  await page.until(shown.curve);
  console.info(`first curve ${Math.round(performance.now() - begun)} ms after the tab was opened`);
  expect(lab.requested().some((path) => path.includes('worker'))).toBe(true);
  expect(await page.ask(shown.playing)).toBe(true);
});

test('has the numbers of the copied command, byte for byte, and again from the address and from a copied link', async () => {
  // So far from every preset that the command reads a file, which the page saves with it.
  const own: SpecInput = { ...small, seed: 3, target: { kind: 'sign-linear' }, claims: [10] };
  const page = await lab.open(linkTo(own));
  await page.until(shown.ended);
  const records = await page.records();
  expect(records.split('\n').length).toBeGreaterThan(10);

  const work = temporaryFolder();
  await page.ask('void (window.saved.length = 0)');
  const command = await page.copied(() => page.chooseFromMenu('Copy the command'));
  await page.until('window.saved.length === 1');
  const [[name, base64]] = await page.ask<[string, string][]>('window.saved');
  writeFileSync(join(work, name), Buffer.from(base64, 'base64'));
  expect(await recordsOf(command, work)).toBe(records);

  await page.reload();
  await page.until(shown.ended);
  expect(await page.records()).toBe(records);

  const link = await page.copied(() => page.page.click('nav > button:nth-of-type(2)'));
  const other = await lab.open(new URL(link).hash);
  await other.until(shown.ended);
  expect(await other.records()).toBe(records);
});

test('has them at a speed, too, beside steps of its own', async () => {
  const training = { eta: 5, steps: 20, records: { spacing: 'linear', count: 5 } } as const;
  // So slow that every machine waits for the next step, and has time to record.
  const page = await lab.open(linkTo({ ...small, name: 'figure-1', training }, { speed: 5 }));
  await page.until(shown.ended);
  const rows = (await page.records()).split('\n');
  const command = await page.copied(() => page.chooseFromMenu('Copy the command'));
  expect(command).toMatch(/^npx first-light run figure-1 --set /);
  const planned = (await recordsOf(command, temporaryFolder())).split('\n');
  const steps = new Set(planned.map((row) => row.split(',')[0]));
  expect(rows.filter((row) => steps.has(row.split(',')[0]))).toEqual(planned);
  expect(rows.length).toBeGreaterThan(planned.length);
});

test('pauses, steps, goes back, scrubs and starts again, by buttons and by keys', async () => {
  const page = await lab.open(linkTo(long, { speed: 10 }));
  await page.until(`${shown.step} > 1`);
  const buttons = Object.fromEntries(
    ['toggle', 'step', 'back', 'restart'].map((name) => [name, () => page.page.click(`[data-do=${name}]`)]),
  );
  const keys = Object.fromEntries(
    [
      ['toggle', ' '],
      ['step', 'ArrowRight'],
      ['back', 'ArrowLeft'],
      ['restart', 'r'],
    ].map(([name, key]) => [name, () => page.page.keyboard.press(key as ' ')]),
  );
  for (const press of [buttons, keys]) {
    // Space on a button would press that one.
    await page.ask('document.activeElement.blur()');
    await press['toggle']();
    await page.until(shown.stands);
    const stood = await page.step();
    // Stands after each, and where it should, not somewhere behind.
    for (const [name, moved] of [
      ['step', 1],
      ['step', 2],
      ['back', 1],
      ['step', 2],
    ] as const) {
      await press[name]();
      await page.until(`${shown.stands} && ${shown.step} === ${stood + moved}`);
    }
    await page.ask('document.activeElement.blur()');
    await press['toggle']();
    await page.until(`${shown.playing} && ${shown.step} > ${stood + 2}`);
    await press['restart']();
    await page.until(`${shown.step} < ${stood}`);
    await page.until(`${shown.step} > 1`);
  }
  await page.change('.scrubber', '0');
  await page.until(`${shown.step} === 0`);
  await page.page.focus('.scrubber');
  await page.page.keyboard.press('ArrowRight');
  await page.until(`${shown.step} === 1`);
});

test('a lost device comes back, and nothing recorded is lost', async () => {
  // Without a worker the engine is beside the page, where a script can reach its devices.
  const page = await lab.open(linkTo(small, { speed: 10 }), (opening) =>
    opening.evaluateOnNewDocument(`
      delete window.Worker;
      window.devices = [];
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (descriptor) {
        const device = await request.call(this, descriptor);
        window.devices.push(device);
        return device;
      };`),
  );
  await page.until(`${shown.step} > 8`);
  const before = (await page.records()).trimEnd().split('\n');
  await page.ask('void window.devices.at(-1).destroy()');
  await page.until('window.devices.length > 1');
  await page.until(shown.ended);
  const rows = (await page.records()).split('\n');
  expect(rows.slice(0, before.length)).toEqual(before);

  // And what followed is what would have followed.
  const undisturbed = await lab.open(linkTo(small));
  await undisturbed.until(shown.ended);
  const planned = (await undisturbed.records()).split('\n');
  const steps = new Set(planned.map((row) => row.split(',')[0]));
  expect(rows.filter((row) => steps.has(row.split(',')[0]))).toEqual(planned);
});

test('without WebGPU a recording is shown, with words on how to get it', async () => {
  const page = await lab.open('', (opening) =>
    // As in a browser that has it nowhere; a worker would have it still, so there is none.
    opening.evaluateOnNewDocument(`delete Navigator.prototype.gpu; delete window.Worker;`),
  );
  expect(await page.ask(`document.querySelector('.message.status').textContent`)).toMatch(/recording/);
  await page.until(`${shown.curve} && ${shown.step} > 0`);
  expect(await page.ask(`document.querySelector('.group').disabled`)).toBe(true);
});

test('measures kernels and grows d when somebody looks, beside the experiment, which goes on', async () => {
  const page = await lab.open(linkTo(long));
  await page.until(shown.curve);
  const files = (name: string): boolean => lab.requested().some((path) => path.includes(name));
  expect(files('grow-view')).toBe(false);
  await page.page.click('#tab-kernels');
  await page.until(`document.querySelectorAll('#panel-kernels circle.dot').length > 100`);
  await page.page.click('#tab-shell');
  await page.until(
    `/on the shell s = 1/.test(document.querySelector('#panel-shell .view-note')?.textContent)`,
  );
  await page.page.click('#tab-grow');
  await page.page.waitForSelector('.view-grow button:not(:disabled)');
  await page.page.click('.view-grow button');
  await page.until(`/^[1-9]\\d* of 21 runs/.test(document.querySelector('.grow-state').textContent)`);
  await page.page.click('.view-grow button');
  await page.until(`document.querySelector('.view-grow button').textContent === 'Go on'`);
  await page.goesOn();
});
