import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { hasGpuDevice } from './src/node/gpu-device.ts';
import { puppeteerProvider } from './test/browser-provider.ts';
import { keepShares } from './test/shares-file.ts';
import { formulas } from './web/lab/views/formulas-plugin.ts';
import { recordedExperiments } from './vite.recorded.ts';

const browser = process.env['FIRST_LIGHT_BROWSER'] === 'firefox' ? 'firefox' : 'chrome';
// Most of a test in Firefox is the compiling of its shaders by Mesa's lavapipe: without LLVM's optimizations it takes a quarter less
// of the whole, and what was compiled once is kept for the next run.
if (browser === 'firefox') {
  process.env['GALLIVM_PERF'] ??= 'nopt';
  process.env['MESA_SHADER_CACHE_DIR'] ??= fileURLToPath(
    new URL('node_modules/.cache/mesa', import.meta.url),
  );
}

/**
 * Arithmetic, plans of memory, verdicts, documents and choices of tiles do not depend on who compiles the shaders. What
 * runs programs, workers or the lab's page is tested in both.
 */
const onceIsEnough = [
  'test/bench/**',
  'test/fuzz/**',
  'test/math/**',
  'test/reference/**',
  'test/referee/**',
  'test/model/{arguments,closed-form}.test.ts',
  'test/shaders/{tile,unroll}.test.ts',
  'test/spectral/search.test.ts',
  'test/theory/{conditions,departure}.test.ts',
  'test/tuning/**',
  'test/data/{csv,npy,prepare-images,standardize}.test.ts',
  'test/experiment/{claim-deep-networks,claims-*,first-layer-images}.test.ts',
  'test/experiment/job.test.ts',
  'test/experiment/memory.test.ts',
  'test/experiment/{records-csv,result-document}.test.ts',
  'test/experiment/{network-spec,spec}.test.ts',
  'test/experiment/sweep*.test.ts',
  'test/lab/{edit,growing-curve,link,story,words}.test.ts',
  'test/lab/pace.test.ts',
  'test/lab/tile-store.test.ts',
  'test/lab/tuning.test.ts',
  'test/web/{claim-figures,claims-report,figures,measures,report,visible-curve}.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [formulas(), recordedExperiments()],
        // Named here, or a first run would find them one by one and reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            '@observablehq/plot',
            'jsep',
            'jsonc-parser',
            'ml-matrix',
            'wgsl-preprocessor/wgsl-preprocessor.js',
            'zod/mini',
          ],
        },
        test: {
          name: browser,
          include: ['test/**/*.test.ts'],
          exclude: ['test/node/**', ...(browser === 'firefox' ? onceIsEnough : [])],
          testTimeout: 60_000,
          setupFiles: 'test/record-shares.ts',
          // Files share a page and its device: a third of the time would go into modules loaded and programs compiled anew.
          isolate: false,
          env: {
            FIRST_LIGHT_UPDATE_SHARES: process.env['FIRST_LIGHT_UPDATE_SHARES'] ?? '',
            FIRST_LIGHT_NO_GPU: String(process.platform === 'linux' && !hasGpuDevice()),
          },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: puppeteerProvider,
            commands: { keepShares },
            instances: [{ browser }],
          },
        },
      },
      {
        test: {
          name: 'node',
          include: ['test/node/**/*.test.ts'],
          globalSetup: 'test/node/build.ts',
          environment: 'node',
          testTimeout: 240_000,
        },
      },
    ],
  },
});
