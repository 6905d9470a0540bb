import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { browser as browserName } from '../first-light.ts';
import { expectAccessible, openWithAxe } from './accessibility.ts';
import { shown } from './lab-page.ts';
import { app, linkTo, long, serveLab, small } from './served-lab.ts';

const lab = serveLab();
const chrome = browserName === 'chrome';

test('a visitor loads less than 200 kB of JavaScript to the first curve, and no view that is not in sight', async () => {
  lab.requested();
  const page = await lab.open();
  await page.until(shown.curve);
  const scripts = lab.requested().filter((path) => path.endsWith('.js'));
  // What it is made of is in contents.txt beside the page.
  expect(
    scripts.filter((path) =>
      /(kernel-view|shell-view|modes-view|claims-board|tour|tuning-dialog|export|drop)-/.test(path),
    ),
  ).toEqual([]);
  const sizes = scripts.map((path) => gzipSync(readFileSync(join(app, path)), { level: 9 }).length);
  expect(sizes.length).toBeGreaterThan(2);
  const total = sizes.reduce((sum, size) => sum + size);
  console.info(`${total} bytes of JavaScript, gzipped`);
  expect(total).toBeLessThan(200_000);
});

test.runIf(chrome)('a part of the page that cannot be loaded is said, and is asked for again', async () => {
  const page = await lab.open(linkTo(small));
  await page.until(shown.ended);
  lab.withhold('modes-view-');
  onTestFinished(() => lab.withhold());
  await page.page.click('#tab-modes');
  await page.until(`${shown.alert}.includes('could not be loaded')`);
  lab.withhold();
  await page.page.click('#tab-weights');
  await page.page.click('#tab-modes');
  await page.page.waitForSelector('#panel-modes svg');
  // Chromium says both to the console, and nothing else.
  expect(page.complaints.splice(0).every((text) => /404|dynamically imported module/.test(text))).toBe(true);
});

test.runIf(chrome)('has no fault of accessibility, light or dark, wide or narrow', async () => {
  const page = await openWithAxe(lab, linkTo({ ...small, claims: [1, 4, 10] }));
  await page.until(shown.ended);
  await page.page.click('#tab-kernels');
  await expectAccessible(page, 'an experiment at its end');

  await page.ask(`document.querySelector('#tab-claims').click()`);
  await page.page.waitForSelector('.claim-line');
  await page.ask(`document.querySelector('.claim:nth-child(1) .claim-line').click()`);
  await page.change('#field-network-width', '7');
  await page.until(`document.querySelector('#field-network-width-problem:not([hidden])')`);
  await page.drop({ name: 'cat.png', bytes: 'png' });
  await page.until(`${shown.alert} !== ''`);
  await page.page.click('.menu > button');
  await expectAccessible(page, 'a claim and a menu open, a value and a file that are wrong');

  await page.ask(`document.querySelector('nav .primary').click()`);
  await page.page.waitForSelector('.tour .task');
  await page.goesOn();
  await page.ask(`document.querySelector('.transport [data-do=toggle]').click()`);
  await expectAccessible(page, 'the tour');
});

/** What a finger meets that is not as large as one: targets that are seen, but for links in a text. */
const smallTargets = `[...document.querySelectorAll('button, select, input, summary, [role=tab]')]
  .map((target) => (target.matches('[type=checkbox], [type=radio]') ? target.closest('label') : target))
  .filter((target) => target.checkVisibility({ visibilityProperty: true }) && target.getBoundingClientRect().height < 44)
  .map((target) => target.outerHTML.slice(0, 90) + ': ' + target.getBoundingClientRect().height)`;

test.runIf(chrome)(
  'a phone scrolls it in one direction only, and its targets are as large as fingers',
  async () => {
    const page = await lab.open(linkTo(long), (opening) =>
      opening.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true }),
    );
    await page.until(shown.curve);
    await page.goesOn();
    expect(await page.ask('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.ask<string[]>(smallTargets)).toEqual([]);
  },
);

/**
 * What of a page has no whole ring around it while it has the focus, as an expression: none, one too pale, or one that is cut by
 * a box that scrolls or lies behind the playback.
 */
const ringFaults = (selector: string): string => `(() => {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const pixel = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
  };
  const luminance = (colour) => {
    const [r, g, b] = pixel(colour).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const playback = document.querySelector('.transport');
  const faults = [];
  let met = 0;
  for (const element of document.querySelectorAll(${JSON.stringify(selector)})) {
    element.focus({ focusVisible: true });
    // Firefox scrolls to it later.
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (document.activeElement !== element) continue;
    met++;
    const ringed = element.matches('.segments input') ? element.nextElementSibling : element;
    const { outlineStyle, outlineColor, outlineWidth, outlineOffset } = getComputedStyle(ringed);
    const [width, offset] = [parseFloat(outlineWidth), parseFloat(outlineOffset)];
    const fault = (what) => faults.push(element.outerHTML.slice(0, 90) + ': ' + what);
    if (outlineStyle === 'none' || width < 2) {
      fault('no ring');
      continue;
    }
    let ground = offset < 0 ? ringed : ringed.parentElement;
    while (ground.parentElement && pixel(getComputedStyle(ground).backgroundColor)[3] < 1) ground = ground.parentElement;
    const [ring, paper] = [luminance(outlineColor), luminance(getComputedStyle(ground).backgroundColor)];
    if (Math.max(ring / paper, paper / ring) < 3) fault('a ring too pale');
    const inner = ringed.getBoundingClientRect();
    const out = width + offset - 0.5;
    const [left, right, top, bottom] = [inner.left - out, inner.right + out, inner.top - out, inner.bottom + out];
    if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) fault('cut by the window');
    if (getComputedStyle(playback).position === 'fixed' && !playback.contains(element) && bottom > playback.getBoundingClientRect().top)
      fault('behind the playback');
    for (let box = ringed.parentElement; box !== document.body; box = box.parentElement) {
      const { display, overflowX, overflowY, contentVisibility } = getComputedStyle(box);
      if (display === 'contents' || (overflowX === 'visible' && overflowY === 'visible' && contentVisibility !== 'auto')) continue;
      const edge = box.getBoundingClientRect();
      const [x, y] = [edge.left + box.clientLeft, edge.top + box.clientTop];
      if (left < x || right > x + box.clientWidth || top < y || bottom > y + box.clientHeight)
        fault('cut by ' + (box.id || box.className));
    }
  }
  return met > 0 ? faults : ['nothing takes the focus'];
})()`;

test('whatever has the focus has a whole ring around it, light and dark, wide and narrow', async () => {
  const page = await lab.open(linkTo({ ...small, claims: [1, 4, 10] }));
  await page.until(shown.ended);
  await page.ask(`document.querySelector('#tab-claims').click()`);
  await page.page.waitForSelector('.claim-line');
  await page.ask(`document.querySelector('.claim:nth-child(1) .claim-line').click()`);
  const expectRings = async (scene: string, selector: string): Promise<void> => {
    // Rings are for those who use the keyboard.
    await page.ask(`document.querySelector(${JSON.stringify(selector)}).focus()`);
    await page.page.keyboard.press('Shift');
    expect(await page.ask<string[]>(ringFaults(selector)), scene).toEqual([]);
  };
  const all = 'a, button, input, select, summary, [tabindex="0"]';
  for (const theme of ['light', 'dark']) {
    await page.ask(`document.querySelector('.theme').click()`);
    for (const [width, height] of [
      [1280, 800],
      [1366, 650],
      [390, 844],
    ]) {
      await page.page.setViewport({ width, height });
      // A frame later the page knows how much the playback covers.
      await page.page.waitForFunction(
        `innerWidth === ${width} && document.documentElement.style.getPropertyValue('--playback') === document.querySelector('.transport').offsetHeight + 'px'`,
      );
      for (const tab of ['claims', 'fields', 'kernels']) {
        await page.ask(`document.querySelector('#tab-${tab}').click()`);
        await expectRings(`${theme}, ${width} px, ${tab}`, all);
      }
      await page.ask(`document.querySelector('.menu > button').click()`);
      await expectRings(`${theme}, ${width} px, the menu`, '[role=menuitem]');
      await page.ask(`document.querySelector('.tuning > button').click()`);
      await page.page.waitForSelector('dialog[open]');
      await expectRings(`${theme}, ${width} px, tuning`, 'dialog[open] :is(button, input, select, summary)');
      await page.page.keyboard.press('Escape');
    }
  }
  await page.ask(`document.querySelector('nav .primary').click()`);
  await page.page.waitForSelector('.tour .task');
  await expectRings('the tour on a phone', '.tour button');
});

test.each([
  [1280, 800],
  [1366, 650],
  [1920, 1080],
])(
  'at %d × %d every number that is changed often is in sight, and the page itself does not scroll',
  async (width, height) => {
    const page = await lab.open(linkTo(long), (opening) => opening.setViewport({ width, height }));
    await page.until(shown.curve);
    const hidden = await page.ask<string[]>(`(() => {
    const { top, bottom } = document.querySelector('.sidebar').getBoundingClientRect();
    return ['data-d', 'data-n', 'network-width', 'training-eta', 'training-steps', 'seed'].filter((field) => {
      const box = document.querySelector('#field-' + field).getBoundingClientRect();
      return box.top < top || box.bottom > bottom;
    });
  })()`);
    expect(hidden).toEqual([]);
    const { scrollWidth, scrollHeight } = await page.ask<{ scrollWidth: number; scrollHeight: number }>(
      `(({ scrollWidth, scrollHeight }) => ({ scrollWidth, scrollHeight }))(document.documentElement)`,
    );
    expect([scrollWidth, scrollHeight]).toEqual([width, height]);
  },
);

test.runIf(chrome)('opened as a file it says what it needs', async () => {
  const page = await lab.browser().newPage();
  onTestFinished(() => page.close());
  await page.goto(pathToFileURL(join(app, 'index.html')).href);
  await page.waitForFunction("document.body.innerText.includes('not from a file')", { timeout: 10_000 });
});

test.each(['embed', 'present'])('what %s shows has the window to itself, also a low one', async (kind) => {
  const page = await lab.open(`?${kind}=loss`, (opening) =>
    opening.setViewport({ width: 1280, height: 720 }),
  );
  await page.until(shown.curve);
  expect(
    await page.ask(
      `(({ left, top }) => ({ left, top }))(document.querySelector('main').getBoundingClientRect())`,
    ),
  ).toEqual({ left: 0, top: 0 });
});
