import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, LaunchOptions } from 'puppeteer-core';
import { clause } from '../gpu/errors.ts';
import type { AdapterKind } from './adapter-choice.ts';
import type { BrowserName } from './browser-find.ts';
import { BrowserFolder } from './browser-folder.ts';
import { findOrInstallBrowser } from './browser-install.ts';
import { CommandError, exitCode, messageOf, stoppedEarly } from './command-error.ts';
import { hasGpuDevice } from './gpu-device.ts';

export type { BrowserName };

/** How a browser is started; all may be left out. */
export interface BrowserOptions {
  adapter?: AdapterKind;
  /** Told what takes time or is out of the ordinary. */
  say?: (line: string) => void;
  /** Aborted: the start is given up, and nothing of it stays. Later it means nothing. */
  stop?: AbortSignal | undefined;
}

/**
 * A headless browser with WebGPU, found or installed. Neither its processes nor its profile outlive this process,
 * however it ends.
 * @throws CommandError where there is no browser, it does not start, it has no adapter of the kind asked for, or it was
 * stopped before it had started.
 */
export async function launchBrowser(
  name: BrowserName,
  { adapter = 'auto', say = console.error, stop }: BrowserOptions = {},
): Promise<Browser> {
  const launching = new AbortController();
  const abort = () => launching.abort(stoppedEarly());
  if (stop?.aborted) abort();
  stop?.addEventListener('abort', abort);
  try {
    return await launchOn(name, adapter, say, launching.signal);
  } finally {
    stop?.removeEventListener('abort', abort);
  }
}

async function launchOn(
  name: BrowserName,
  adapter: AdapterKind,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Browser> {
  const { path } = await unlessAborted(signal, findOrInstallBrowser(name, say));
  if (adapter === 'software' || (adapter === 'auto' && process.platform === 'linux' && !hasGpuDevice())) {
    return launch(name, path, true, signal);
  }
  const browser = await launch(name, path, false, signal);
  const found = await Promise.race([
    probeAdapter(browser).catch(() => 'none' as const),
    sleep(probeMilliseconds, 'none' as const, { ref: false }),
  ]);
  signal.throwIfAborted();
  if (found === 'hardware' || (found === 'software' && adapter === 'auto')) return browser;
  await closeBrowser(browser);
  if (adapter === 'hardware') {
    throw new CommandError(
      exitCode.gpu,
      `--adapter hardware was asked for, but ${path} offers ${found === 'none' ? 'no WebGPU adapter' : 'only a software adapter'}. Install or update the GPU's driver (on Linux its Vulkan driver), see what "first-light doctor" says, or compute on the CPU with --adapter software.`,
    );
  }
  say('The GPU of this machine gives this browser no WebGPU adapter; computing in software on the CPU.');
  return launch(name, path, true, signal);
}

/** What a promise brings, unless the signal is aborted before. */
function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Ends a browser, by force where it does not end by itself. */
export async function closeBrowser(browser: Browser): Promise<void> {
  const closed = browser.close().then(
    () => true,
    () => false,
  );
  if (await Promise.race([closed, sleep(closeMilliseconds, false, { ref: false })])) return;
  browser.process()?.kill('SIGKILL');
}

const startMilliseconds = 120_000;
const closeMilliseconds = 10_000;
/** With a driver that does not work, Chrome never answers a page that asks for an adapter. */
const probeMilliseconds = 30_000;

async function launch(
  name: BrowserName,
  path: string,
  software: boolean,
  signal: AbortSignal,
): Promise<Browser> {
  signal.throwIfAborted();
  const folder = new BrowserFolder();
  const common: LaunchOptions = {
    browser: name,
    executablePath: path,
    headless: true,
    userDataDir: folder.profile,
    env: folder.environment,
    // Ctrl-C is ours to handle: the page is asked to stop first.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: startMilliseconds,
    signal,
  };
  try {
    const browser =
      name === 'firefox'
        ? await start({ ...common, ...firefoxOptions(common, software) })
        : await launchChrome(common, software);
    browser.process()?.once('exit', () => folder.remove());
    return browser;
  } catch (error) {
    folder.abandon();
    signal.throwIfAborted();
    throw new CommandError(exitCode.noBrowser, startFailure(path, messageOf(error)), { cause: error });
  }
}

/** Its driver is loaded with the first browser: it takes longer than all else that a command loads. */
async function start(options: LaunchOptions): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer-core');
  return puppeteer.launch(options);
}

function startFailure(path: string, message: string): string {
  const library = /error while loading shared libraries: ([^:]+)/.exec(message)?.[1];
  if (/^Timed out/.test(message)) {
    return `The browser ${path} does not start: it has not answered for ${startMilliseconds / 1000} seconds. Start it by hand to see what it waits for, or name another one with CHROME_PATH or FIREFOX_PATH.`;
  }
  const cause = library
    ? `it needs ${library}, which this system lacks`
    : message.split('\n').find((line) => line.trim() !== '') || 'it gave no reason';
  return `The browser ${path} does not start: ${clause(cause)}. Install it with its system libraries, or name another one with CHROME_PATH or FIREFOX_PATH; --verbose shows all it said.`;
}

async function launchChrome(common: LaunchOptions, software: boolean): Promise<Browser> {
  const args = [
    '--enable-unsafe-webgpu',
    '--disable-quic',
    '--disable-component-update',
    // Nobody types into an address bar here, and the pages behind it cost half of the start.
    '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
    ...(software ? softwareArgs : hardwareArgs()),
  ];
  // Over a pipe, Chrome ends by itself when its other end is gone.
  const options = { ...common, pipe: true };
  const root = process.getuid?.() === 0;
  if (root) return start({ ...options, args: [...args, '--no-sandbox'] });
  try {
    return await start({ ...options, args });
  } catch (error) {
    // Containers and some distributions allow no user namespaces, which Chrome's sandbox is built on.
    if (!/sandbox|namespace/i.test(messageOf(error))) throw error;
    return start({ ...options, args: [...args, '--no-sandbox'] });
  }
}

/**
 * SwiftShader computes. It clears workgroup memory by an instruction for every number in it, which take it a millisecond each to
 * compile: a large tile took five seconds. Chrome's own loop does the same.
 */
const softwareArgs = [
  '--use-webgpu-adapter=swiftshader',
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
];

/** Headless Chrome on Linux reaches the GPU only through Vulkan without a surface. */
const hardwareArgs = (): string[] =>
  process.platform === 'linux'
    ? ['--enable-features=Vulkan', '--use-angle=vulkan', '--ignore-gpu-blocklist', '--disable-vulkan-surface']
    : [];

const firefoxOptions = ({ env }: LaunchOptions, software: boolean): LaunchOptions => ({
  extraPrefsFirefox: {
    'dom.webgpu.enabled': true,
    'gfx.webgpu.ignore-blocklist': true,
    'gfx.webgpu.force-enabled': true,
  },
  env: { ...env, MOZ_CRASHREPORTER_DISABLE: '1', ...(software ? softwareVulkan() : {}) },
});

/** Leaves Mesa's software driver as the only Vulkan driver, where it is installed. */
function softwareVulkan(): Record<string, string> {
  const folder = '/usr/share/vulkan/icd.d';
  const drivers = existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith('lvp_icd')) : [];
  return drivers.length > 0 ? { VK_DRIVER_FILES: drivers.map((file) => join(folder, file)).join(':') } : {};
}

/** The kind of adapter that the browser gives a page. */
async function probeAdapter(browser: Browser): Promise<'hardware' | 'software' | 'none'> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>first-light</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await browser.newPage();
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // Text, because this function lives in Node: it names what only a page has.
    const names = (await page.evaluate(`(async () => {
      const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) return null;
      const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
      return [isFallbackAdapter ? 'swiftshader' : '', vendor, architecture, device, description].join(' ');
    })()`)) as string | null;
    if (names === null) return 'none';
    return /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(names) ? 'software' : 'hardware';
  } finally {
    server.close();
    server.closeAllConnections();
    await page.close();
  }
}
