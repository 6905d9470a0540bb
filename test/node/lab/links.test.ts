import { expect, test } from 'vitest';
import { shown } from './lab-page.ts';
import { linkTo, long, serveLab } from './served-lab.ts';

const lab = serveLab();

/** Links that hold no experiment that a page can run. */
const hostile = [
  '#%',
  '#garbage',
  '#seed=%E0%A4%A',
  '#data.n=NaN',
  `${linkTo(long)}&training.eta=NaN`,
  `${linkTo(long)}&data.n=1e400`,
  `${linkTo(long)}&data.n=999999999999`,
  `${linkTo(long)}&network.width=8190&data.d=2048&data.n=50000`,
  `${linkTo(long)}&view.tab=<img src=x onerror=alert(1)>`,
  `${linkTo(long)}&view.axes.loss=cubic`,
  '#__proto__.polluted=1',
  '#constructor.prototype.polluted=1',
  '#name=%3Cimg%20src%3Dx%20onerror%3D%22window.polluted%3D1%22%3E&data.n=-1',
  `#${'a'.repeat(20_000)}=1`,
];

test('a link that holds no experiment is said to, and the one that runs stays', async () => {
  const page = await lab.open(linkTo(long, { speed: 25 }));
  await page.until(`${shown.step} > 2`);
  const spec = await page.spec();
  for (const hash of hostile) {
    const at = await page.step();
    await page.ask(`void (location.hash = ${JSON.stringify(hash)})`);
    expect(await page.alert(), hash.slice(0, 80)).not.toBe('');
    expect(await page.ask(shown.playing)).toBe(true);
    expect(await page.step()).toBeGreaterThanOrEqual(at);
  }
  await page.goesOn();
  expect(await page.ask('window.polluted ?? ({}).polluted ?? null')).toBe(null);
  // And it is the one that it was.
  const [[, saved]] = await page.save('Spec');
  expect(JSON.parse(saved.toString('utf8'))).toMatchObject({ name: spec.name, training: { steps: 50_000 } });
});

test.for([hostile[1], hostile[6], hostile[10]])(
  'opened with %s, the page says so and runs its own',
  async (hash) => {
    const page = await lab.open(hash);
    expect(await page.alert()).not.toBe('');
    await page.until(`${shown.step} > 0`);
    expect(await page.ask('({}).polluted ?? null')).toBe(null);
  },
);

test('Back, Forward and Undo walk through the experiments that were seen, and not out of the page', async () => {
  const page = await lab.open(linkTo(long));
  await page.until(`${shown.step} > 0`);
  const undo = `document.querySelector('.undo')`;
  /** The experiment is the one of this width, in the address, in the form and in what is computed. */
  const expectWidth = async (wanted: number): Promise<void> => {
    await page.until(
      `document.querySelector('#field-network-width').value === '${wanted}' && location.hash.includes('network.width=${wanted}&')`,
    );
    await page.until(`${shown.step} > 0`);
    const [[, saved]] = await page.save('Spec');
    expect(JSON.parse(saved.toString('utf8'))).toMatchObject({ network: { width: wanted } });
  };
  await expectWidth(16);
  expect(await page.ask(`${undo}.hidden`)).toBe(true);
  for (const next of [20, 24]) {
    await page.change('#field-network-width', String(next));
    await expectWidth(next);
  }
  // What is on the screen beside the experiment makes no step of its own.
  await page.page.click('#tab-discrepancy');
  const before = await page.ask<number>('history.length');

  await page.page.goBack();
  await expectWidth(20);
  await page.page.goBack();
  await expectWidth(16);
  await page.page.goForward();
  await expectWidth(20);
  await page.page.goForward();
  await expectWidth(24);
  expect(await page.ask('history.length')).toBe(before);

  await page.ask(`${undo}.click()`);
  await expectWidth(20);
  await page.ask('document.activeElement.blur()');
  await page.page.keyboard.down('Control');
  await page.page.keyboard.press('z');
  await page.page.keyboard.up('Control');
  await expectWidth(16);
  await page.until(`${undo}.hidden`);
  // There is nothing before it to go back to.
  await page.page.keyboard.down('Control');
  await page.page.keyboard.press('z');
  await page.page.keyboard.up('Control');
  await page.goesOn();
  await expectWidth(16);
});
