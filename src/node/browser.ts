import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer';
import type { BrowserName } from './browser-find.ts';
import { findOrInstallBrowser } from './browser-install.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';

export type { BrowserName };

/** Which adapter to compute on; auto: hardware where WebGPU works on it, else software. */
export type AdapterChoice = 'auto' | 'hardware' | 'software';

export interface BrowserOptions {
  adapter?: AdapterChoice;
  /** Told what takes time or is out of the ordinary. */
  say?: (line: string) => void;
}

/**
 * A headless browser with WebGPU, found or installed. Neither its processes nor its profile outlive this process,
 * however it ends.
 * @throws CommandError where there is no browser, it does not start, or it has no adapter of the kind asked for.
 */
export async function launchBrowser(
  name: BrowserName,
  { adapter = 'auto', say = console.error }: BrowserOptions = {},
): Promise<Browser> {
  const { path } = await findOrInstallBrowser(name, say);
  if (adapter === 'software' || (adapter === 'auto' && process.platform === 'linux' && !hasGpuDevice())) {
    return launch(name, path, true);
  }
  const browser = await launch(name, path, false);
  const found = await Promise.race([
    probeAdapter(browser).catch(() => 'none' as const),
    sleep(probeMilliseconds, 'none' as const, { ref: false }),
  ]);
  if (found === 'hardware' || (found === 'software' && adapter === 'auto')) return browser;
  await browser.close();
  if (adapter === 'hardware') {
    throw new CommandError(
      exitCode.gpu,
      `--adapter hardware was asked for, but ${path} offers ${found === 'none' ? 'no WebGPU adapter' : 'only a software adapter'}. Install or update the GPU's driver (on Linux its Vulkan driver), see what "first-light doctor" says, or compute on the CPU with --adapter software.`,
    );
  }
  say('The GPU of this machine gives this browser no WebGPU adapter; computing in software on the CPU.');
  return launch(name, path, true);
}

/** With a driver that does not work, Chrome never answers a page that asks for an adapter. */
const probeMilliseconds = 30_000;

/** Whether the kernel shows a GPU (Linux). */
function hasGpuDevice(): boolean {
  if (existsSync('/dev/nvidia0')) return true;
  try {
    return readdirSync('/dev/dri').some((entry) => entry.startsWith('renderD'));
  } catch {
    return false;
  }
}

async function launch(name: BrowserName, path: string, software: boolean): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'first-light-'));
  const profile = join(folder, 'profile');
  mkdirSync(profile);
  const common: LaunchOptions = {
    browser: name,
    executablePath: path,
    headless: true,
    userDataDir: profile,
    env: { ...process.env, ...temporaryFiles(folder) },
    // Ctrl-C is ours to handle: the page is asked to stop first.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: 120_000,
  };
  try {
    const browser =
      name === 'firefox'
        ? await puppeteer.launch({ ...common, ...firefoxOptions(common, folder, software) })
        : await launchChrome(common, software);
    cleanUpAfter(browser, folder);
    return browser;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    throw new CommandError(exitCode.noBrowser, startFailure(path, messageOf(error)), { cause: error });
  }
}

function startFailure(path: string, message: string): string {
  const library = /error while loading shared libraries: ([^:]+)/.exec(message)?.[1];
  const cause = library
    ? `it needs ${library}, which this system lacks`
    : message.split('\n').find((line) => line.trim() !== '') || 'it gave no reason';
  return `The browser ${path} does not start: ${cause}. Install it with its system libraries, or name another one with CHROME_PATH or FIREFOX_PATH; --verbose shows all it said.`;
}

async function launchChrome(common: LaunchOptions, software: boolean): Promise<Browser> {
  const args = [
    '--enable-unsafe-webgpu',
    '--disable-quic',
    '--disable-component-update',
    ...(software ? ['--use-webgpu-adapter=swiftshader'] : hardwareArgs()),
  ];
  // Over a pipe, Chrome ends by itself when its other end is gone.
  const options = { ...common, pipe: true };
  const root = process.getuid?.() === 0;
  if (root) return puppeteer.launch({ ...options, args: [...args, '--no-sandbox'] });
  try {
    return await puppeteer.launch({ ...options, args });
  } catch (error) {
    // Containers and some distributions allow no user namespaces, which Chrome's sandbox is built on.
    if (!/sandbox|namespace/i.test(messageOf(error))) throw error;
    return puppeteer.launch({ ...options, args: [...args, '--no-sandbox'] });
  }
}

/** Headless Chrome on Linux reaches the GPU only through Vulkan without a surface. */
const hardwareArgs = (): string[] =>
  process.platform === 'linux'
    ? ['--enable-features=Vulkan', '--use-angle=vulkan', '--ignore-gpu-blocklist', '--disable-vulkan-surface']
    : [];

function firefoxOptions({ env }: LaunchOptions, folder: string, software: boolean): LaunchOptions {
  return {
    extraPrefsFirefox: {
      'dom.webgpu.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
      'gfx.webgpu.force-enabled': true,
    },
    env: {
      ...env,
      XDG_RUNTIME_DIR: runtimeFolder(folder),
      ...(software ? softwareVulkan() : {}),
    },
  };
}

/** Lets the browser keep its temporary files in our folder, where the path of Chrome's socket there is legal. */
function temporaryFiles(folder: string): Record<string, string> {
  const socket = join(folder, 'org.chromium.Chromium.XXXXXX', 'SingletonSocket');
  return socket.length < 104 ? { TMPDIR: folder } : {};
}

/** Firefox finds no adapter where this folder does not exist. */
function runtimeFolder(folder: string): string {
  const given = process.env['XDG_RUNTIME_DIR'];
  if (given && statSync(given, { throwIfNoEntry: false })?.isDirectory()) return given;
  const runtime = join(folder, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  return runtime;
}

/** Leaves Mesa's software driver as the only Vulkan driver, where it is installed. */
function softwareVulkan(): Record<string, string> {
  const folder = '/usr/share/vulkan/icd.d';
  const drivers = existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith('lvp_icd')) : [];
  return drivers.length > 0 ? { VK_DRIVER_FILES: drivers.map((file) => join(folder, file)).join(':') } : {};
}

/** Removes the browser's folder when it ends, and the browser when we end, by whatever death. */
function cleanUpAfter(browser: Browser, folder: string): void {
  const remove = () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    } catch {
      // A file still held on Windows; the system clears its temporary folder.
    }
  };
  process.once('exit', remove);
  const pid = browser.process()?.pid;
  const watch =
    process.platform === 'win32' || pid === undefined
      ? undefined
      : // Our end of its pipe closes when we die, even by SIGKILL.
        spawn(
          'sh',
          [
            '-c',
            'read -r _ || { kill -s KILL -- "-$1"; sleep 1; }; rm -rf -- "$2"',
            'watch',
            String(pid),
            folder,
          ],
          { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
        );
  watch?.on('error', () => undefined);
  watch?.stdin.on('error', () => undefined);
  watch?.unref();
  browser.process()?.once('exit', () => {
    watch?.stdin.end('the browser has ended\n');
    process.off('exit', remove);
    remove();
  });
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
