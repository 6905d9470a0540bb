import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Machine, findBrowser, thisMachine } from '../../src/node/browser-find.ts';
import { temporaryFolder } from './temporary.ts';

/** A machine on which only these files are programs. */
const machine = (programs: string[], changes: Partial<Machine> = {}): Machine => ({
  platform: 'linux',
  env: { PATH: '/opt/bin:/usr/bin' },
  home: '/nowhere',
  isProgram: (path) => programs.includes(path),
  ...changes,
});

test('CHROME_PATH and FIREFOX_PATH come first, each for its browser', async () => {
  const env = { PATH: '/usr/bin', CHROME_PATH: '/my/chrome', FIREFOX_PATH: '/my/firefox' };
  const here = machine(['/my/chrome', '/my/firefox', '/usr/bin/chromium'], { env });
  expect(await findBrowser('chrome', here)).toEqual({ path: '/my/chrome', how: 'through CHROME_PATH' });
  expect((await findBrowser('firefox', here))?.path).toBe('/my/firefox');
});

test('a CHROME_PATH that names nothing is an error, not ignored', async () => {
  const here = machine(['/usr/bin/chromium'], { env: { PATH: '/usr/bin', CHROME_PATH: '/gone' } });
  await expect(findBrowser('chrome', here)).rejects.toThrow('CHROME_PATH is set to /gone');
});

test.each<[NodeJS.Platform, 'chrome' | 'firefox', Record<string, string>, string]>([
  ['linux', 'chrome', { PATH: '/opt/bin:/usr/bin' }, '/opt/bin/chromium'],
  ['linux', 'firefox', { PATH: '/opt/bin' }, '/usr/bin/firefox-esr'],
  ['darwin', 'chrome', {}, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  [
    'win32',
    'firefox',
    { PROGRAMFILES: 'C:\\Program Files' },
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ],
])('finds the system’s on %s (%s)', async (platform, name, env, path) => {
  const found = await findBrowser(name, machine([path], { platform, env }));
  expect(found).toEqual({ path, how: 'installed on this system' });
});

test('the system’s before the cache, and of the cache the newest', async () => {
  const home = temporaryFolder();
  const builds = ['99.0.1.0', '148.0.7778.97', '148.0.7778.120'].map((build) =>
    join(home, '.cache/puppeteer/chrome', `linux-${build}`, 'chrome-linux64/chrome'),
  );
  for (const build of builds) {
    mkdirSync(dirname(build), { recursive: true });
    writeFileSync(build, '');
    chmodSync(build, 0o755);
  }
  const { isProgram } = thisMachine();
  const env = { PATH: join(home, 'bin') };
  const onlyHere = (path: string) => path.startsWith(home) && isProgram(path);
  const here = machine([], { home, env, isProgram: onlyHere });
  expect(await findBrowser('chrome', here)).toEqual({ path: builds[2], how: "in puppeteer's cache" });
  expect(await findBrowser('firefox', here)).toBeUndefined();

  const system = join(home, 'bin', 'chromium');
  mkdirSync(dirname(system));
  writeFileSync(system, '#!/bin/sh\nexec /snap/bin/chromium "$@"\n');
  chmodSync(system, 0o755);
  expect((await findBrowser('chrome', here))?.path, 'a snap cannot be driven').toBe(builds[2]);
  writeFileSync(system, '#!/bin/sh\nexec /usr/lib/chromium/chromium "$@"\n');
  expect((await findBrowser('chrome', here))?.path).toBe(system);
});
