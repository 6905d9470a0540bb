import type { AdapterChoice } from './adapter-choice.ts';
import { type BrowserName, findBrowser } from './browser-find.ts';
import { openBrowserPage } from './browser-page.ts';
import { openProcess } from './own-process.ts';
import { type RuntimeName, requireRuntime, suits, tryRuntime } from './own-runtime.ts';
import type { Opening, Workplace } from './workplace.ts';

/** Where to compute; auto: in a browser where one is found, else in Node where that has WebGPU. */
export type RuntimeChoice = 'auto' | 'browser' | RuntimeName;

/** Options that say where to compute. */
export interface PlaceFlags {
  runtime: RuntimeChoice;
  browser: BrowserName;
  adapter: AdapterChoice;
}

/**
 * Opens a place to compute in as asked for.
 * @throws CommandError where there is none; it says what to install.
 */
export async function openWorkplace(flags: PlaceFlags, opening: Opening): Promise<Workplace> {
  const { adapter, browser } = flags;
  switch (flags.runtime) {
    case 'browser':
      return openBrowserPage(flags, opening);
    case 'node':
    case 'deno':
      return openProcess(await requireRuntime(flags.runtime, adapter, opening.stop), opening);
    case 'auto': {
      if (typeof adapter === 'object')
        return openProcess(await requireRuntime('node', adapter, opening.stop), opening);
      // To install a browser is the last thing to do: hundreds of megabytes.
      const own = (await findBrowser(browser)) ? undefined : await tryRuntime('node', adapter, opening.stop);
      return own && suits(own, adapter) ? openProcess(own, opening) : openBrowserPage(flags, opening);
    }
  }
}
