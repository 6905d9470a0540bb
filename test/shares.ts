import { expect } from 'vitest';
import { commands, server } from 'vitest/browser';
import recorded from './shares.json';

/**
 * How much of each bound is used, in percent: by browser and adapter, by the test's file, by the label of the bound. Of all
 * numbers held against bounds of one label in one file the largest share counts; a label that a recorded file does not name
 * used at most half of `unnoticed`.
 */
export type Shares = Record<string, Record<string, Record<string, number>>>;

declare module 'vitest/internal/browser' {
  interface BrowserCommands {
    /** Writes what the tests of a file used to test/shares.json, in place of what was there of it. */
    keepShares: (adapter: string, file: string, shares: Record<string, number>) => Promise<void>;
  }
}

/** Up to this share of a bound a test may use without a word. */
const unnoticed = 0.05;

const adapter = await adapterName();
/** Whether shares are recorded, not held to what was recorded. */
const updating = import.meta.env['FIRST_LIGHT_UPDATE_SHARES'] !== '';
/** By the test's file, since files may share a page and its modules. */
const used = new Map<string, Map<string, number>>();

/** The test file that runs. */
const currentFile = (): string => expect.getState().testPath!.replace(`${server.config.root}/`, '');

/** Records what was used, in place of what was there of the file: update whole files, not some of their tests. */
export async function keepUsedShares(): Promise<void> {
  for (const [file, shares] of used) await commands.keepShares(adapter, file, Object.fromEntries(shares));
  used.clear();
}

/**
 * A derived bound holds for every adapter and must leave room. Where the shares of a test file are recorded for this one, a
 * test that uses more than twice what was used then, and more than 5 % of the bound, has lost accuracy that the bound would
 * hide. Other adapters, and files that are new, are held to their bounds alone.
 */
export function expectUsualShare(label: string, share: number): void {
  const file = currentFile();
  const ofThisFile = used.get(file) ?? new Map<string, number>();
  used.set(file, ofThisFile.set(label, Math.max(ofThisFile.get(label) ?? 0, share)));
  const ofAdapter = (recorded as Partial<Shares>)[adapter] as Partial<Shares[string]> | undefined;
  const ofFile = ofAdapter?.[file];
  if (updating || !ofFile) return;
  const before = (ofFile[label] ?? 0) / 100;
  if (share <= Math.max(unnoticed, 2 * before)) return;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const known = before > 0 ? percent(before) : `no more than ${percent(unnoticed / 2)}`;
  expect.fail(
    `${label} in ${file} uses ${percent(share)} of its bound; recorded for ${adapter} is ${known}. Find what costs the accuracy. Where the loss is meant, or the test is new, record it: FIRST_LIGHT_UPDATE_SHARES=1 npx vitest run --project ${server.browser} ${file}`,
  );
}

/**
 * Shares belong to who compiles and who computes: of software adapters the name without the version counts. Firefox names
 * none; on a Linux machine without a GPU it is the processor.
 */
async function adapterName(): Promise<string> {
  const { vendor, architecture, device, description } = (await navigator.gpu.requestAdapter())!.info;
  const names = [vendor, architecture, device, description].join(' ').trim();
  const software = /swiftshader|llvmpipe/i.exec(names)?.[0].toLowerCase();
  const unnamed = import.meta.env['FIRST_LIGHT_NO_GPU'] === 'true' ? 'software' : 'unnamed';
  return `${server.browser}, ${software ?? (names || unnamed)}`;
}
