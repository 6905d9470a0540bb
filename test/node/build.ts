import { fileURLToPath } from 'node:url';
import { findOrInstallBrowser } from '../../src/node/browser-install.ts';

/**
 * Builds and installs what is not there, once for all files, so that no test is charged for it. Runs without a browser need
 * one installed, too, where there is no GPU: its software driver is what they compute on.
 */
export async function setup(): Promise<void> {
  const builder = new URL('../../bin/build.js', import.meta.url);
  const { buildIfStale } = (await import(builder.href)) as { buildIfStale: (root: string) => Promise<void> };
  await buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
  await findOrInstallBrowser('chrome', console.error);
}
