import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CommandError, exitCode } from './command-error.ts';
import { homeFolder } from './home.ts';

export type BrowserName = 'chrome' | 'firefox';

export interface FoundBrowser {
  path: string;
  /** Where it was found, to be read after "found": "through CHROME_PATH", … */
  how: string;
}

/** The machine that is searched. */
export interface Machine {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
  /** Whether a file is there that this user may run. */
  isProgram: (path: string) => boolean;
}

export const thisMachine = (): Machine => ({
  platform: process.platform,
  env: process.env,
  home: homeFolder(),
  isProgram,
});

/** The folder that puppeteer keeps its browsers in. */
export const browserCache = ({ env, home }: Machine): string =>
  env['PUPPETEER_CACHE_DIR'] ?? join(home, '.cache', 'puppeteer');

export const pathVariable: Record<BrowserName, string> = { chrome: 'CHROME_PATH', firefox: 'FIREFOX_PATH' };

/**
 * A browser on this machine: the one that CHROME_PATH or FIREFOX_PATH names, else the system's, else the newest in
 * puppeteer's cache.
 * @throws CommandError if the variable is set and names no program.
 */
export async function findBrowser(
  name: BrowserName,
  machine: Machine = thisMachine(),
): Promise<FoundBrowser | undefined> {
  const variable = pathVariable[name];
  const chosen = machine.env[variable];
  if (chosen) {
    if (machine.isProgram(chosen)) return { path: chosen, how: `through ${variable}` };
    throw new CommandError(
      exitCode.noBrowser,
      `${variable} is set to ${chosen}, but no program is there. Correct it, or unset it to use the browser that is found or installed by itself.`,
    );
  }
  const onSystem = systemPaths(name, machine).find((path) => machine.isProgram(path) && !isSnap(path));
  if (onSystem) return { path: onSystem, how: 'installed on this system' };

  // What knows puppeteer's cache takes long to load, and is not needed where there is a browser.
  const { getInstalledBrowsers } = await import('@puppeteer/browsers');
  // A cache that cannot be read holds none for us.
  const cached = (await getInstalledBrowsers({ cacheDir: browserCache(machine) }).catch(() => []))
    .filter(
      ({ browser, executablePath }) => (browser as string) === name && machine.isProgram(executablePath),
    )
    .sort((a, b) => compareVersions(b.buildId, a.buildId))
    .at(0);
  return cached && { path: cached.executablePath, how: "in puppeteer's cache" };
}

const linuxNames: Record<BrowserName, string[]> = {
  chrome: ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge'],
  firefox: ['firefox', 'firefox-esr'],
};
const macPaths: Record<BrowserName, string[]> = {
  chrome: [
    'Google Chrome.app/Contents/MacOS/Google Chrome',
    'Chromium.app/Contents/MacOS/Chromium',
    'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  firefox: ['Firefox.app/Contents/MacOS/firefox'],
};
const windowsPaths: Record<BrowserName, string[]> = {
  chrome: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'],
  firefox: ['Mozilla Firefox\\firefox.exe'],
};

function systemPaths(name: BrowserName, { platform, env, home }: Machine): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(home, 'Applications')];
    return macPaths[name].flatMap((path) => folders.map((folder) => `${folder}/${path}`));
  }
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
      (folder) => folder !== undefined,
    );
    return windowsPaths[name].flatMap((path) => folders.map((folder) => `${folder}\\${path}`));
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/usr/local/bin'];
  return linuxNames[name].flatMap((program) => folders.map((folder) => join(folder, program)));
}

/** Whether a file is there that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A browser in a snap sees neither our profile folder nor, in a container, anything at all. */
function isSnap(path: string): boolean {
  if (path.startsWith('/snap/')) return true;
  try {
    const start = Buffer.alloc(4096);
    const file = openSync(path, 'r');
    const length = readSync(file, start);
    closeSync(file);
    return start.subarray(0, 2).toString() === '#!' && start.subarray(0, length).includes('/snap/bin/');
  } catch {
    return false;
  }
}

/** Orders 148.0.7778.97 and stable_150.0.2 by their numbers. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left.at(i) ?? 0) - (right.at(i) ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
