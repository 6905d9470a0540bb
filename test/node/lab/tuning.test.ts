import { expect, test } from 'vitest';
import type { ResultDocument } from '../../../src/experiment/result-document.ts';
import { browser as browserName } from '../first-light.ts';
import { expectAccessible, openWithAxe } from './accessibility.ts';
import { type LabPage, shown } from './lab-page.ts';
import { linkTo, long, serveLab, small } from './served-lab.ts';

const lab = serveLab();

const opener = `document.querySelector('.tuning > button')`;
/** It is loaded by the first who opens it. */
const isOpen = `document.querySelector('.tuning dialog')?.open === true`;
async function openDialog(page: LabPage): Promise<void> {
  await page.ask(`${opener}.click()`);
  await page.until(isOpen);
}
const state = `document.querySelector('.tuning .state').textContent`;
const toggle = `document.querySelector('.tuning .primary').textContent`;
/** Tiles in the table. */
const rows = `document.querySelectorAll('.tuning tbody tr').length`;

/** The tiles that the experiment on the screen has preferred, as its saved result has them. */
async function preferred(page: LabPage): Promise<ResultDocument['tiles']> {
  await page.until(shown.ended);
  const [[, result]] = await page.save('Result');
  return (JSON.parse(result.toString('utf8')) as ResultDocument).tiles;
}

const press = (page: LabPage, what: string): Promise<unknown> =>
  page.ask(`document.querySelector('.tuning ${what}').click()`);

test('what is tuned is kept for the next visit, used, switched off, forgotten', async () => {
  const page = await lab.open(linkTo(small));
  expect(await preferred(page)).toEqual([]);
  await openDialog(page);
  await page.change('.tuning select', '10');
  await press(page, '.primary');
  await page.until(`${toggle} === 'Stop'`);
  await page.until(`${rows} > 0`);
  await press(page, '.primary');
  await page.until(`${toggle} === 'Tune again'`);
  expect(await page.ask(state)).toMatch(/^Stopped\. \d+ products? measured before (is|are) kept\.$/);

  await page.reload();
  const used = await preferred(page);
  expect(used.length).toBeGreaterThan(0);
  expect(await page.ask(`document.querySelector('.tuning > .hint').textContent`)).toBe('tuned');
  await openDialog(page);
  expect(await page.ask(rows)).toBe(used.length);
  expect(await page.ask(`document.querySelector('.tuning tbody').textContent`)).toMatch(
    new RegExp(`${used[0].tile}[\\d.]+ ms[\\d.]+ to [\\d.]+ ms`),
  );
  await press(page, '.used input');
  await page.reload();
  expect(await preferred(page)).toEqual([]);
  await openDialog(page);
  await press(page, '.used input');
  await press(page, '[data-do=forget]');
  await page.until(`document.querySelector('.tuning .kept').hidden`);
  expect(await page.ask('localStorage.length')).toBe(0);
  await page.reload();
  expect(await preferred(page)).toEqual([]);
});

test('while it tunes the experiment stands; Escape stops it, and the experiment goes on', async () => {
  const page = await lab.open(linkTo(long));
  await page.until(shown.curve);
  await page.page.focus('.tuning > button');
  await page.page.keyboard.press('Enter');
  await page.until(isOpen);
  await page.page.focus('.tuning .primary');
  await page.page.keyboard.press('Enter');
  await page.until(`${state}.startsWith('Timing 1 of')`);
  const step = await page.step();
  expect(await page.ask(shown.paused)).toBe(true);
  await page.page.keyboard.press('r');
  await page.until(`${rows} > 0`);
  expect(await page.step()).toBe(step);
  await page.page.keyboard.press('Escape');
  await page.until(`${state}.startsWith('Stopped.')`);
  expect(await page.ask(`document.querySelector('.tuning dialog').open`)).toBe(true);
  await page.goesOn();
  expect(await page.step()).toBeGreaterThan(step);
  await page.page.keyboard.press('Escape');
  await page.until(`!document.querySelector('.tuning dialog').open`);
  expect(await page.ask(`document.activeElement === ${opener}`)).toBe(true);
});

test('what is kept and cannot be read is discarded, in words', async () => {
  const page = await lab.open(linkTo(small));
  await page.ask(`localStorage.setItem('first-light-tiles', '{"version": 1,')`);
  await page.reload();
  expect(await page.alert()).toMatch(
    /tuning could not be read and is discarded: it is not JSON.*usual tiles/,
  );
  expect(await preferred(page)).toEqual([]);
  await page.reload();
  await page.until(shown.ended);
  expect(await page.ask(shown.alert)).toBe('');
});

test.runIf(browserName === 'chrome')('the dialog has no fault, light or dark, wide or narrow', async () => {
  const page = await openWithAxe(lab, linkTo(small));
  await page.until(shown.ended);
  const expectDialog = (scene: string): Promise<void> =>
    expectAccessible(page, scene, async (width) => {
      const { right, bottom } = await page.ask<{ right: number; bottom: number }>(
        `(({ right, bottom }) => ({ right, bottom }))(document.querySelector('.tuning dialog').getBoundingClientRect())`,
      );
      expect([right <= width, bottom <= 800], `${scene}, ${width} px`).toEqual([true, true]);
    });
  await openDialog(page);
  await press(page, '.primary');
  await page.until(`${rows} > 0`);
  await expectDialog('while it tunes');
  await press(page, '.primary');
  await page.until(`${toggle} === 'Tune again'`);
  await expectDialog('with what is kept');
  expect(await page.ask('document.documentElement.scrollWidth')).toBe(390);
});
