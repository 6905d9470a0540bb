import type { commands as ofBrowser, server as ofServer } from '@vitest/browser/context';

/** Vitest declares what this module has in the packages of its own providers; ours is test/browser-provider.ts. */
declare module 'vitest/browser' {
  export const commands: typeof ofBrowser;
  export const server: typeof ofServer;
}
