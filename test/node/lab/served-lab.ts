import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import sirv from 'sirv';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type SpecInput, parseSpec } from '../../../src/experiment/spec.ts';
import { launchBrowser } from '../../../src/node/browser.ts';
import { type ViewState, encodeLink } from '../../../web/lab/link.ts';
import { browser as browserName } from '../first-light.ts';
import { LabPage } from './lab-page.ts';

/** What `npm run build` makes. */
export const app = fileURLToPath(new URL('../../../dist/app/', import.meta.url));
/** Served from a folder, as a project's page is. */
const folder = '/some/folder/';

/** So small that a processor has it in a moment. */
export const small = {
  name: 'small',
  data: { distribution: 'gaussian', d: 8, n: 64, nTest: 16 },
  network: { width: 16 },
  training: { eta: 1, steps: 40 },
} as const satisfies SpecInput;
/** So long that it goes on while it is looked at. */
export const long = { ...small, training: { eta: 0.2, steps: 50_000 } } as const satisfies SpecInput;

/** At full speed no step is recorded beside those of the spec. */
export const linkTo = (input: SpecInput, view: ViewState = { speed: null }): string =>
  encodeLink({ spec: parseSpec(input), view })!;

export interface ServedLab {
  /** Opens the page in a tab of its own, `prepare` coming first; the test fails if the page complains. */
  open: (hash?: string, prepare?: (page: Page) => Promise<unknown>) => Promise<LabPage>;
  browser: () => Browser;
  /** Paths below the folder that were asked for since the last call; anything outside fails. */
  requested: () => string[];
  /** From now on files with this in their paths are not there; none is missing without. */
  withhold: (part?: string) => void;
}

/** The built page on a static server, and a browser: for the tests of one file. */
export function serveLab(): ServedLab {
  let server: Server;
  let browser: Browser;
  let asked: string[] = [];
  let withheld: string | undefined;
  beforeAll(async () => {
    const files = sirv(app);
    server = createServer((request, response) => {
      const path = request.url ?? '/';
      asked.push(path);
      const missing = (): void => void response.writeHead(404).end();
      if (!path.startsWith(folder) || (withheld !== undefined && path.includes(withheld))) {
        missing();
        return;
      }
      request.url = path.slice(folder.length - 1);
      files(request, response, missing);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser(browserName);
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  return {
    browser: () => browser,
    withhold: (part) => void (withheld = part),
    requested: () => {
      const paths = asked;
      asked = [];
      expect(paths.filter((path) => !path.startsWith(folder))).toEqual([]);
      return [...new Set(paths)].map((path) => path.slice(folder.length));
    },
    open: async (hash = '', prepare = async () => {}) => {
      const page = await browser.newPage();
      const lab = new LabPage(page, `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`);
      onTestFinished(async () => {
        await page.close();
        expect(lab.complaints).toEqual([]);
      });
      await lab.prepare();
      await prepare(page);
      await lab.goto(hash);
      return lab;
    },
  };
}
