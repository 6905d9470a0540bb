import { server } from 'vitest/browser';

/**
 * Whether every tile is tried for every product, not only for matrix-product. Programs of large tiles take seconds to compile on
 * a processor, in Chromium several times as many as in Firefox.
 */
export const everyTile = server.browser === 'firefox';

/**
 * Whether every kind of whole run is tried, or one of each that takes other programs. The programs have tests of their own in every
 * browser, and what a run does with them is the same JavaScript.
 */
export const everyRun = server.browser !== 'firefox';
