import { server } from 'vitest/browser';
import type { ProductUse } from '../src/programs/product-shape.ts';

/**
 * Whether every tile is tried for a use: for matrix-product always. Programs of large tiles take seconds to compile on a processor,
 * in Chromium several times as many as in Firefox.
 */
export const everyTile = (use: ProductUse): boolean =>
  use === 'matrix-product' || server.browser === 'firefox';

/**
 * Whether every kind of whole run is tried, or one of each that takes other programs. The programs have tests of their own in every
 * browser, and what a run does with them is the same JavaScript.
 */
export const everyRun = server.browser !== 'firefox';
