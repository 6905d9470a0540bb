import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import type { LabPage } from './lab-page.ts';
import type { ServedLab } from './served-lab.ts';

const faults = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
  .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => id + ' ' + target.join(' ') + ': ' + (any[0]?.message ?? ''))))`;

const endTransitions = `for (const animation of document.getAnimations()) {
  if (animation.effect.getComputedTiming().endTime < Infinity) animation.finish();
}`;

/** Opens the page with axe-core in it, which the page's own policy would keep out. */
export async function openWithAxe(lab: ServedLab, hash: string): Promise<LabPage> {
  const page = await lab.open(hash, (opening) => opening.setBypassCSP(true));
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.page.addScriptTag({ content: axe });
  return page;
}

/** What is on the screen has no fault of any level, light and dark, wide and narrow; `besides` is asked at each. */
export async function expectAccessible(
  lab: LabPage,
  scene: string,
  besides: (width: number) => Promise<void> = async () => {},
): Promise<void> {
  for (const scheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      await lab.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await lab.page.setViewport({ width, height: 800 });
      // Transitions of colours would be measured half-way, and on a busy machine they take their time.
      await lab.ask('new Promise((resolve) => setTimeout(resolve, 400))');
      await lab.ask(endTransitions);
      expect(await lab.ask<string[]>(faults), `${scene}, ${scheme}, ${width} px`).toEqual([]);
      await besides(width);
    }
  }
}
