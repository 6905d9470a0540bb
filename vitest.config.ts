import { defineConfig } from 'vitest/config';
import { puppeteerProvider } from './test/browser-provider.ts';
import { formulas } from './web/lab/views/formulas-plugin.ts';
import { recordedExperiment } from './vite.recorded.ts';

const browser = process.env['FIRST_LIGHT_BROWSER'] === 'firefox' ? 'firefox' : 'chrome';

/** Arithmetic, plans of memory, verdicts and choices of tiles do not depend on who compiles the shaders. */
const onceIsEnough = [
  'test/reference/**',
  'test/referee/**',
  'test/experiment/claims-open.test.ts',
  'test/experiment/memory.test.ts',
  'test/lab/tuning.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [formulas(), recordedExperiment()],
        // Named here, or a first run would find them one by one and reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            '@observablehq/plot',
            '@stdlib/math-base-special-erf',
            '@stdlib/math-base-special-erfc',
            'jsep',
            'jsonc-parser',
            'ml-matrix',
            'wgsl-preprocessor/wgsl-preprocessor.js',
            'zod',
          ],
        },
        test: {
          name: browser,
          include: ['test/**/*.test.ts'],
          exclude: ['test/node/**', ...(browser === 'firefox' ? onceIsEnough : [])],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: puppeteerProvider,
            instances: [{ browser }],
          },
        },
      },
      {
        test: {
          name: 'node',
          include: ['test/node/**/*.test.ts'],
          environment: 'node',
          testTimeout: 240_000,
        },
      },
    ],
  },
});
