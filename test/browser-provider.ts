import { defineBrowserProvider } from '@vitest/browser';
import type { Browser } from 'puppeteer';
import { type BrowserName, launchBrowser } from '../src/node/browser.ts';

/** Runs Vitest's browser tests in the browser that the command line would use, through puppeteer. */
export const puppeteerProvider = defineBrowserProvider<{ browser: BrowserName }>({
  name: 'puppeteer',
  supportedBrowser: ['chrome', 'firefox'],
  options: { browser: 'chrome' },
  providerFactory(project) {
    let browser: Promise<Browser> | undefined;
    return {
      name: 'puppeteer',
      supportsParallelism: false,
      getCommandsContext: () => ({}),
      async openPage(_sessionId, url) {
        browser ??= launchBrowser(project.config.browser.name as BrowserName);
        const page = await (await browser).newPage();
        await page.goto(url);
      },
      async close() {
        await (await browser)?.close();
      },
    };
  },
});
