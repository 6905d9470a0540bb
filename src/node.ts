/**
 * What the command line does about browsers, `first-light/node`: finds one on this machine, or installs one, and starts it
 * headless with WebGPU, for tests and programs of your own that compute in one. In Node alone.
 *
 *     const browser = await launchBrowser('chrome'); // puppeteer-core's
 *     const page = await browser.newPage();
 */
/// <reference types="node" preserve="true" />
export { type BrowserName, type FoundBrowser, findBrowser } from './node/browser-find.ts';
export type { AdapterKind } from './node/adapter-choice.ts';
export { type BrowserOptions, closeBrowser, launchBrowser } from './node/browser.ts';
export { hasGpuDevice } from './node/gpu-device.ts';
export { CommandError } from './node/command-error.ts';
