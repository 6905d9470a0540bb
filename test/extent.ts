import { server } from 'vitest/browser';

/**
 * Whether every tile is tried for every product, not only for matrix-product. Programs of large tiles take seconds to compile on
 * a processor, in Chromium several times as many as in Firefox.
 */
export const everyTile = server.browser === 'firefox';
