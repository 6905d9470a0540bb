import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Two builds: the app, static files for any host and any folder of it, and (with build.ssr) the command line. */
export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? {
        root: here('.'),
        build: {
          outDir: here('dist/node'),
          emptyOutDir: true,
          target: 'node20',
          minify: false,
          ssr: here('src/node/main.ts'),
          rolldownOptions: { output: { codeSplitting: false } },
        },
      }
    : {
        root: here('web'),
        base: './',
        build: {
          outDir: here('dist/app'),
          emptyOutDir: true,
          target: 'es2023',
          chunkSizeWarningLimit: 2000,
          // A page at work never asks for another file, so a rebuild cannot break it.
          rolldownOptions: { output: { codeSplitting: false } },
        },
      },
);
