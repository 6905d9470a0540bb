// node bench/lab-tasks.js: frames a second, and the longest task of the page's main thread (Chromium), while the lab trains at a
// speed, at full speed and with every view open. Below 100 ms a page seems to answer at once. Where software computes on the cores that
// draw, a task also lasts while its thread waits for one of them: the best of several looks is what is ours.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { importSource } from './import-source.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const looks = 4;
const milliseconds = 2500;

await new Promise((resolve) =>
  spawn(process.execPath, [here('../bin/first-light.js'), 'build'], { stdio: 'ignore' }).on('exit', resolve),
);
const { launchBrowser } = await importSource(here('../src/node/browser.ts'));
const server = await preview({
  root: here('../web'),
  configFile: false,
  logLevel: 'error',
  build: { outDir: here('../dist/app') },
  preview: { host: '127.0.0.1', port: 0 },
});
const browser = await launchBrowser('chrome');
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.evaluateOnNewDocument(`
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
    window.framesDrawn = 0;
    const count = () => { framesDrawn++; requestAnimationFrame(count); };
    requestAnimationFrame(count);`);
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/`);
  await page.waitForSelector('.speed select');
  const views = [
    'discrepancy',
    'outputs',
    'shell',
    'kernels',
    'spectrum',
    'modes',
    'learned',
    'movement',
    'weights',
    'claims',
  ];
  const scenes = [
    ['25 steps a second', () => page.select('.speed select', '2')],
    ['full speed', () => page.select('.speed select', '4')],
    ...views.map((id) => [id, () => page.click(`#tab-${id}`)]),
  ];
  for (const [name, act] of scenes) {
    const [seen, rates] = [[], []];
    for (let look = 0; look < looks; look++) {
      await page.evaluate('document.activeElement.blur()');
      await page.keyboard.press('r');
      const since = await page.evaluate('performance.now()');
      await act();
      const [drawn, begun] = await page.evaluate('[framesDrawn, performance.now()]');
      const tasks = await page.evaluate(
        `new Promise((done) => setTimeout(() => done(longTasks), ${milliseconds}))`,
      );
      const [then, now] = await page.evaluate('[framesDrawn, performance.now()]');
      rates.push(Math.round((1000 * (then - drawn)) / (now - begun)));
      const lasted = tasks.filter(([start]) => start > since).map(([, duration]) => Math.round(duration));
      seen.push(lasted.reduce((most, duration) => Math.max(most, duration), 0));
    }
    console.log(
      `${name.padEnd(20)}${Math.max(...rates)} frames a second of ${rates.join(', ')}; longest task ${Math.min(...seen)} ms of ${seen.join(', ')} ms`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}
