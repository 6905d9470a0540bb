import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clause } from '../gpu/errors.ts';
import {
  type BrowserName,
  type FoundBrowser,
  browserCache,
  findBrowser,
  pathVariable,
  thisMachine,
} from './browser-find.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { withLock } from './lock.ts';

type Say = (line: string) => void;

const title: Record<BrowserName, string> = { chrome: 'Chrome', firefox: 'Firefox' };

/**
 * What Debian calls them, with fonts for the figures. Firefox on a machine without a GPU also needs a software Vulkan
 * driver.
 */
const fonts = ['fonts-liberation', 'fonts-dejavu-core'];
const debianPackages: Record<BrowserName, string[]> = {
  chrome: ['chromium', ...fonts],
  firefox: ['firefox-esr', 'mesa-vulkan-drivers', ...fonts],
};

/** A download that stays silent for so long is given up. */
const silenceMilliseconds = 60_000;

/**
 * A browser on this machine, installed if there is none: puppeteer's own download first, the distribution's package
 * where that fails and we may install it. Only one process installs at a time.
 * @throws CommandError saying what to do, where neither works.
 */
export async function findOrInstallBrowser(name: BrowserName, say: Say): Promise<FoundBrowser> {
  const found = await findBrowser(name);
  if (found) return found;
  const cache = browserCache(thisMachine());
  const lock = join(cache, 'first-light-install.lock');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch (error) {
    throw new CommandError(
      exitCode.noBrowser,
      `No ${title[name]} was found on this machine, and none can be kept in ${cache} (${clause(error)}). ${remedy(name)} PUPPETEER_CACHE_DIR names another folder to keep one in.`,
      { cause: error },
    );
  }
  return withLock(
    lock,
    async () => (await findBrowser(name)) ?? (await installBrowser(name, say)),
    () => say(`Waiting for another first-light that is installing a browser (${lock}).`),
  );
}

async function installBrowser(name: BrowserName, say: Say): Promise<FoundBrowser> {
  const failures: string[] = [];
  for (const attempt of [download, installPackage]) {
    try {
      const found = await attempt(name, say);
      if (found) return found;
    } catch (error) {
      const failure = messageOf(error).replace(/\s*\n\s*/g, ' ');
      say(`  ${failure}`);
      failures.push(clause(failure));
    }
  }
  throw new CommandError(
    exitCode.noBrowser,
    `No ${title[name]} was found on this machine and none could be installed: ${failures.join('; ')}. ${remedy(name)}`,
  );
}

function remedy(name: BrowserName): string {
  const install =
    process.platform === 'linux'
      ? `Install one (on Debian: sudo apt-get install ${debianPackages[name].join(' ')})`
      : `Install ${title[name]}`;
  return `${install}, or set ${pathVariable[name]} to the program of one that is already there, then start again.`;
}

async function download(name: BrowserName, say: Say): Promise<FoundBrowser> {
  const {
    Browser: PuppeteerBrowser,
    BrowserTag,
    detectBrowserPlatform,
    install,
    resolveBuildId,
  } = await import('@puppeteer/browsers');
  const platform = detectBrowserPlatform();
  if (!platform) throw new Error(`there is no download for ${process.platform} on ${process.arch}`);
  const browser = name === 'chrome' ? PuppeteerBrowser.CHROME : PuppeteerBrowser.FIREFOX;
  const cacheDir = browserCache(thisMachine());
  say(`No ${title[name]} found. Downloading it to ${cacheDir}.`);
  let lastSign = Date.now();
  let told = 0;
  const onBytes = (bytes: number, total: number) => {
    lastSign = Date.now();
    const quarter = Math.floor((4 * bytes) / total);
    if (quarter > told) say(`  ${25 * quarter} % of ${Math.round(total / 2 ** 20)} MiB`);
    told = Math.max(told, quarter);
  };
  const finished = new AbortController();
  const silence = (async () => {
    while (Date.now() - lastSign < silenceMilliseconds)
      await sleep(1000, undefined, { signal: finished.signal });
    throw new Error(`the download stood still for ${silenceMilliseconds / 1000} seconds`);
  })();
  try {
    const { executablePath } = await Promise.race([
      resolveBuildId(browser, platform, BrowserTag.STABLE).then((buildId) =>
        install({ browser, platform, buildId, cacheDir, downloadProgressCallback: onBytes }),
      ),
      silence,
    ]);
    await checkItStarts(executablePath);
    return { path: executablePath, how: "downloaded to puppeteer's cache" };
  } catch (error) {
    throw new Error(`the download failed (${clause(reason(error))})`, { cause: error });
  } finally {
    finished.abort();
    silence.catch(() => undefined);
  }
}

/** The last line of an error that collects several. */
const reason = (error: unknown): string =>
  messageOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1)!
    .trim()
    .replace(/^- (DefaultProvider: )?/, '');

/** A downloaded browser may miss libraries of the system. */
async function checkItStarts(path: string): Promise<void> {
  if (process.platform !== 'linux') return;
  await promisify(execFile)(path, ['--version'], { timeout: 30_000 }).catch((error: unknown) => {
    const said = String((error as { stderr?: unknown }).stderr);
    const missing = /error while loading shared libraries: ([^:]+)/.exec(said)?.[1];
    throw missing ? new Error(`it needs ${missing}, which this system lacks`) : (error as Error);
  });
}

async function installPackage(name: BrowserName, say: Say): Promise<FoundBrowser | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  if (!(await succeeds('apt-get', ['--version']))) return undefined;
  const packages = debianPackages[name];
  say(`Installing ${packages.join(', ')} with apt-get.`);
  await apt(['update']);
  await apt(['install', '-y', '--no-install-recommends', ...packages]);
  const found = await findBrowser(name);
  if (!found) throw new Error(`apt-get installed ${packages.join(', ')}, but no browser that can be driven`);
  return { ...found, how: 'installed with apt-get' };
}

const succeeds = (program: string, args: string[]): Promise<boolean> =>
  promisify(execFile)(program, args).then(
    () => true,
    () => false,
  );

function apt(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`apt-get ${args[0]} failed (${output.trim().split('\n').at(-1)})`));
    });
  });
}
