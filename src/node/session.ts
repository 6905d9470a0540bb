import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import { type Job, type JobMessage, type JobRun, runsOf } from '../experiment/job.ts';
import type { BrowserName } from './browser-find.ts';
import { type AdapterChoice, closeBrowser, launchBrowser } from './browser.ts';
import { CommandError, codeOf, exitCode } from './command-error.ts';
import { type FilePiece, serve } from './serve.ts';

/** Options of every command that uses a browser. */
export interface BrowserFlags {
  browser: BrowserName;
  adapter: AdapterChoice;
  /** Use what `first-light tune` has measured. */
  tuned: boolean;
  /** Show stack traces and what the page writes to its console. */
  verbose: boolean;
}

export interface SessionOptions extends BrowserFlags {
  job: Job;
  /** The file that a run's spec names in this field of its data. */
  inputFile: (run: string, field: string) => string | undefined;
  /** The next point of a job of points; undefined where there is none. */
  next?: (() => Promise<JobRun | undefined>) | undefined;
  /** What a job of claims has measured so far, for its report. */
  claims?: (() => ClaimsDocument) | undefined;
  receive: (message: JobMessage) => void;
  receiveFile: (path: string, piece: FilePiece) => Promise<void>;
  /** Aborted: the page is asked to stop, to keep what it has and to finish. */
  stop: AbortSignal;
  say: (line: string) => void;
}

/** A page that has not written for so long is asked whether it lives. */
const silenceMilliseconds = 10_000;
/** One that computes in one piece on a busy machine may take long to answer. */
const answerMilliseconds = 300_000;

/** The built app, beside the built command line. */
const appFolder = fileURLToPath(new URL('../app/', import.meta.url));

/**
 * Opens the app in a browser and lets it do a job; returns when the page says that it is done.
 * @throws CommandError where the page fails, crashes or closes; what it posted before has been received.
 */
export async function runSession(options: SessionOptions): Promise<void> {
  const { job, stop, say } = options;
  let fail: (error: unknown) => void = () => undefined;
  let finish = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  ended.catch(() => undefined); // awaited below, perhaps after it is rejected

  let heard: number | undefined;
  const server = await serve(appFolder, {
    job,
    inputFile: options.inputFile,
    next: options.next,
    claims: options.claims,
    receiveFile: options.receiveFile,
    stopping: () => stop.aborted,
    failed: fail,
    receive: (messages) => {
      heard = performance.now();
      for (const message of messages) {
        options.receive(message);
        if (message.kind === 'done') finish();
        if (message.kind === 'failed') fail(pageError(message.error));
      }
    },
  });
  const giveUp = () => {
    if (heard === undefined)
      fail(new CommandError(exitCode.stopped, 'Stopped before anything was computed.'));
  };
  stop.addEventListener('abort', giveUp);
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser(options.browser, { adapter: options.adapter, say, stop });
    browser.once('disconnected', () => fail(crash('The browser ended', job)));
    const page = (await Promise.race([browser.newPage(), ended]))!;
    watch(page, job, fail, options);
    await Promise.race([page.goto(server.url), ended]);
    const opened = performance.now();
    const silent = setInterval(() => {
      if (performance.now() - (heard ?? opened) > silenceMilliseconds) checkAlive(page, job, fail);
    }, silenceMilliseconds);
    await ended.finally(() => clearInterval(silent));
  } finally {
    stop.removeEventListener('abort', giveUp);
    browser?.off('disconnected');
    if (browser) await closeBrowser(browser);
    await server.close();
  }
}

function watch(page: Page, job: Job, fail: (error: unknown) => void, { verbose, say }: SessionOptions): void {
  page.once('error', (error) => fail(crash(`The page crashed (${error.message})`, job)));
  page.once('close', () => fail(crash('The page was closed', job)));
  page.on('pageerror', (error) =>
    fail(pageError(error instanceof Error ? error : { message: String(error) })),
  );
  if (verbose) page.on('console', (message) => say(`page: ${message.text()}`));
}

/** A page writes several times a second. Firefox does not tell when one has crashed, but then it answers no more. */
function checkAlive(page: Page, job: Job, fail: (error: unknown) => void): void {
  const limit = setTimeout(() => fail(crash('The page stopped answering', job)), answerMilliseconds);
  page
    .evaluate('0')
    .catch(() => fail(crash('The page is gone', job)))
    .finally(() => clearTimeout(limit));
}

function crash(what: string, job: Job): CommandError {
  const size =
    runsOf(job).length > 0 ? ' The usual cause is memory: a smaller n, d or network width needs less.' : '';
  return new CommandError(
    exitCode.gpu,
    `${what} before its work was done.${size} Another browser (--browser firefox) or --adapter software may also help.`,
  );
}

function pageError(error: { name?: string; message: string; stack?: string | undefined }): CommandError {
  const { name = 'Error', message, stack } = error;
  const code = codeOf({ name });
  const failure = new CommandError(code, code === exitCode.unexpected ? `${name}: ${message}` : message);
  if (stack) failure.stack = stack;
  return failure;
}
