import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { appContents } from './vite.contents.ts';
import { shaderGallery } from './vite.gallery.ts';
import { formulas } from './web/lab/views/formulas-plugin.ts';
import { recordedExperiment } from './vite.recorded.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const contents = appContents();

/**
 * Four builds: the app, static files for any host and any folder of it; the command line (with build.ssr); what does its jobs
 * without a browser (--mode process); and the library (--mode library), one module without its dependencies.
 */
export default defineConfig(({ isSsrBuild, mode }) =>
  mode === 'library'
    ? {
        root: here('.'),
        build: {
          outDir: here('dist/library'),
          emptyOutDir: true,
          target: 'es2023',
          minify: false,
          lib: { entry: here('src/index.ts'), formats: ['es'], fileName: 'index' },
          rolldownOptions: { external: [/^@stdlib\//, 'jsep', 'ml-matrix', 'zod', /^wgsl-preprocessor/] },
        },
      }
    : mode === 'process'
      ? {
          root: here('.'),
          build: {
            outDir: here('dist/process'),
            emptyOutDir: true,
            target: 'node20',
            minify: false,
            ssr: here('web/process/main.ts'),
            rolldownOptions: { output: { codeSplitting: false } },
          },
          // All but what is native, and optional: of the figures' libraries a user of the package needs none.
          ssr: { noExternal: true, external: ['webgpu', '@resvg/resvg-js'] },
        }
      : isSsrBuild
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
            plugins: [formulas(), recordedExperiment(), shaderGallery(), contents.ofPage],
            worker: {
              format: 'es',
              plugins: () => [contents.ofWorkers],
            },
            build: {
              outDir: here('dist/app'),
              emptyOutDir: true,
              target: 'es2023',
              chunkSizeWarningLimit: 2000,
            },
          },
);
