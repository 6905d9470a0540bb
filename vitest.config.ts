import { defineConfig } from 'vitest/config';
import { puppeteerProvider } from './test/browser-provider.ts';

const browser = process.env['FIRST_LIGHT_BROWSER'] === 'firefox' ? 'firefox' : 'chrome';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: browser,
          include: ['test/**/*.test.ts'],
          exclude: ['test/node/**'],
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
