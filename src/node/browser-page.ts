import type { Page } from 'puppeteer-core';
import { clause } from '../gpu/errors.ts';
import { closeBrowser, launchBrowser } from './browser.ts';
import type { BrowserName } from './browser-find.ts';
import type { AdapterChoice } from './adapter-choice.ts';
import { CommandError, exitCode } from './command-error.ts';
import { type Opening, type Workplace, crash, errorThere } from './workplace.ts';

/** One that computes in one piece on a busy machine may take long to answer. */
const answerMilliseconds = 300_000;

const remedy = 'Another browser (--browser firefox) or --adapter software may also help.';

/**
 * Opens the app in a page of a headless browser.
 * @throws CommandError where no browser is found or started, or it has no such adapter.
 */
export async function openBrowserPage(
  { browser: name, adapter }: { browser: BrowserName; adapter: AdapterChoice },
  opening: Opening,
): Promise<Workplace> {
  const { url, job, fail, ended, stop, say, verbose } = opening;
  if (typeof adapter === 'object') {
    throw new CommandError(
      exitCode.usage,
      `--adapter ${adapter.named}: a browser lets nobody choose an adapter by its name; take auto, hardware or software, or --runtime node.`,
    );
  }
  const browser = await launchBrowser(name, { adapter, say, stop });
  const close = async () => {
    browser.off('disconnected');
    await closeBrowser(browser);
  };
  try {
    browser.once('disconnected', () => fail(crash('The browser ended', job, remedy)));
    const page = (await Promise.race([browser.newPage(), ended]))!;
    page.once('error', (error) => fail(crash(`The page crashed (${clause(error)})`, job, remedy)));
    page.once('close', () => fail(crash('The page was closed', job, remedy)));
    page.on('pageerror', (error) =>
      fail(errorThere(error instanceof Error ? error : { message: String(error) })),
    );
    if (verbose) page.on('console', (message) => say(`page: ${message.text()}`));
    await Promise.race([page.goto(url), ended]);
    return { check: () => checkAlive(page, opening), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A page writes several times a second. Firefox does not tell when one has crashed, but then it answers no more. */
function checkAlive(page: Page, { job, fail }: Opening): void {
  const limit = setTimeout(() => fail(crash('The page stopped answering', job, remedy)), answerMilliseconds);
  page
    .evaluate('0')
    .catch(() => fail(crash('The page is gone', job, remedy)))
    .finally(() => clearTimeout(limit));
}
