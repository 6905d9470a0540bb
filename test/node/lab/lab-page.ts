import type { Page } from 'puppeteer';
import { type Spec, parseSpec } from '../../../src/experiment/spec.ts';
import { decodeLink } from '../../../web/lab/link.ts';

/** A file to be dropped; with `size` it says that it has so many bytes. */
export interface DroppedFile {
  name: string;
  bytes: Uint8Array | string;
  size?: number;
}

/** Keeps what the page has the browser save or copy, and lets neither happen. */
const keepTaken = `
  window.saved = [];
  window.copied = [];
  const blobs = new Map();
  const create = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    const url = create(blob);
    blobs.set(url, blob);
    return url;
  };
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.download) return click.call(this);
    const { download } = this;
    const reader = new FileReader();
    reader.onload = () => window.saved.push([download, reader.result.split(',')[1] ?? '']);
    reader.readAsDataURL(blobs.get(this.href));
  };
  if (navigator.clipboard) navigator.clipboard.writeText = async (text) => void window.copied.push(text);`;

/** Expressions for `until`, as text, because they name what only a page has. */
const word = `document.querySelector('.play').getAttribute('aria-label')`;
const step = `Number(document.querySelector('.where b').textContent.replace(/\\D/g, ''))`;
export const shown = {
  playing: `${word} === 'Pause'`,
  paused: `${word} === 'Play'`,
  /** Paused, and the step that was under way recorded. */
  stands: `${word} === 'Play' && document.querySelector('.transport').getAttribute('aria-busy') === 'false'`,
  ended: `${word} === 'Again'`,
  /** The step on the screen. */
  step,
  /** Losses that make a line. */
  curve: `[...document.querySelectorAll('#panel-loss svg .curve')].some((curve) => [...curve.children].map((path) => path.getAttribute('d')).join('').split('L').length > 3)`,
  alert: `document.querySelector('.message.alert').textContent`,
} as const;

/** The page as a person uses it. */
export class LabPage {
  readonly page: Page;
  /** Errors on the console, exceptions, and addresses outside the page's folder. */
  readonly complaints: string[] = [];
  readonly #base: string;

  constructor(page: Page, base: string) {
    this.page = page;
    this.#base = base;
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && !url.startsWith(base)) this.complaints.push(`asks for ${url}`);
    });
  }

  async prepare(): Promise<void> {
    await this.page.setViewport({ width: 1280, height: 800 });
    await this.page.evaluateOnNewDocument(keepTaken);
  }

  async goto(hash: string): Promise<void> {
    await this.page.goto(this.#base + hash);
    await this.page.waitForSelector('.transport');
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.waitForSelector('.transport');
  }

  ask<Value>(expression: string): Promise<Value> {
    return this.page.evaluate(expression) as Promise<Value>;
  }

  async until(expression: string): Promise<void> {
    await this.page.waitForFunction(expression);
  }

  step(): Promise<number> {
    return this.ask(shown.step);
  }

  /** The experiment in the address, which every change of it is kept in. */
  async spec(): Promise<Spec> {
    const decoded = decodeLink(await this.ask<string>('location.hash'));
    if (decoded.kind !== 'state') throw new Error(`no experiment in the address: ${JSON.stringify(decoded)}`);
    return parseSpec(decoded.spec);
  }

  /** Types a value, or chooses it. */
  async change(selector: string, value: string): Promise<void> {
    await this.ask(`(() => {
      const field = document.querySelector(${JSON.stringify(selector)});
      field.focus();
      field.value = ${JSON.stringify(value)};
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    })()`);
  }

  async chooseFromMenu(label: string): Promise<void> {
    await this.page.click('.menu > button');
    await this.ask(
      `[...document.querySelectorAll('[role=menuitem]')].find((entry) => entry.firstChild.textContent === ${JSON.stringify(label)}).click()`,
    );
  }

  /** Chooses an entry of the menu; the files that the page saves then. */
  async save(label: string, { several = false } = {}): Promise<Map<string, Buffer>> {
    await this.ask('void (window.saved.length = 0)');
    await this.chooseFromMenu(label);
    const told = `/^Saved (\\d+) /.exec(document.querySelector('.message.status').textContent)?.[1]`;
    await this.until(several ? `window.saved.length === Number(${told})` : 'window.saved.length === 1');
    const saved = await this.ask<[string, string][]>('window.saved');
    return new Map(saved.map(([name, base64]) => [name, Buffer.from(base64, 'base64')]));
  }

  /** The records as CSV, as the page saves them. */
  async records(): Promise<string> {
    return [...(await this.save('Records')).values()][0].toString('utf8');
  }

  /** Presses a button that copies; the text. */
  async copied(press: () => Promise<void>): Promise<string> {
    await this.ask('void (window.copied.length = 0)');
    await press();
    await this.until('window.copied.length === 1');
    return this.ask('window.copied[0]');
  }

  async drop(...files: DroppedFile[]): Promise<void> {
    const given = files.map(({ name, bytes, size }) => ({
      name,
      base64: Buffer.from(bytes).toString('base64'),
      size,
    }));
    await this.ask(`(() => {
      const files = ${JSON.stringify(given)}.map(({ name, base64, size }) => {
        const file = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name);
        if (size !== undefined) Object.defineProperty(file, 'size', { value: size });
        return file;
      });
      const event = new Event('drop', { bubbles: true, cancelable: true });
      event.dataTransfer = { types: ['Files'], files };
      document.body.dispatchEvent(event);
    })()`);
  }

  /** What the page says is wrong, once it says something; it is dismissed. */
  async alert(): Promise<string> {
    await this.until(`${shown.alert} !== ''`);
    const text = await this.ask<string>(shown.alert);
    await this.ask(`document.querySelector('.message.alert .close').click()`);
    return text;
  }

  /** Waits until the experiment has gone on. */
  async goesOn(): Promise<void> {
    await this.until(`${shown.step} > ${await this.step()}`);
  }
}
