import { expect, test } from 'vitest';
import type { Verification } from '../../../src/experiment/verification.ts';
import { expectAccessible, openWithAxe } from './accessibility.ts';
import { browser as browserName } from '../first-light.ts';
import { shown } from './lab-page.ts';
import { linkTo, serveLab, small } from './served-lab.ts';

const lab = serveLab();

const state = `document.querySelector('.verification .state').textContent`;
const rows = `document.querySelectorAll('.verification tbody tr').length`;

test('verifies beside the experiment, is stopped by Escape; the table is copied and saved', async () => {
  const page =
    browserName === 'chrome' ? await openWithAxe(lab, linkTo(small)) : await lab.open(linkTo(small));
  await page.until(shown.ended);
  lab.requested();
  await page.page.click('.tuning > .verify');
  await page.until(`document.querySelector('.verification')?.open`);
  expect(lab.requested().some((path) => path.includes('verify-dialog'))).toBe(true);
  const press = (what: string): Promise<void> =>
    page.ask(`document.querySelector('.verification ${what}').click()`);
  await press('.primary');
  await page.until(`${rows} > 0`);
  await page.page.keyboard.press('Escape');
  await page.until(`${state}.startsWith('Stopped;')`);
  expect(await page.ask(`document.querySelector('.verification').open`)).toBe(true);

  const text = await page.copied(() => press('[data-do=copy]'));
  expect(text).toMatch(/^program +checks +held[^]*\nStopped: the \d+ checks until then held\.\nAdapter: /);
  await page.ask('void (window.saved.length = 0)');
  await press('[data-do=save]');
  await page.until('window.saved.length === 1');
  const [[name, base64]] = await page.ask<[string, string][]>('window.saved');
  expect(name).toBe('verification.json');
  const { programs, missing, held } = JSON.parse(
    Buffer.from(base64, 'base64').toString('utf8'),
  ) as Verification;
  expect(programs).toHaveLength(await page.ask(rows));
  expect(programs[0].held).toBe(programs[0].checks);
  expect(missing.length).toBeGreaterThan(0);
  expect(held).toBe(false);
  if (browserName === 'chrome') await expectAccessible(page, 'the dialog with what was verified');
  await page.page.keyboard.press('Escape');
  await page.until(`!document.querySelector('.verification').open`);
});
