import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import manifest from './package.json' with { type: 'json' };
import { appContents } from './vite.contents.ts';
import { licenses, noted } from './vite.licenses.ts';
import { shaderGallery } from './vite.gallery.ts';
import { formulas } from './web/lab/views/formulas-plugin.ts';
import { recordedExperiments } from './vite.recorded.ts';
import { thumbnail } from './vite.thumbnail.ts';
import { verification } from './vite.verification.ts';
import { webgpuTypes } from './vite.webgpu-types.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const contents = appContents();

/** Left to be installed: a reader's bundler takes of each what it needs, once. */
const dependencies = Object.keys(manifest.dependencies);
const isInstalled = (id: string): boolean =>
  id.startsWith('node:') || dependencies.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * Four builds: the app, static files for any host and any folder of it; the command line (with build.ssr); what does its jobs
 * without a browser (--mode process); and the library (--mode library), module by module, so that a bundle has only what it
 * uses. What a build holds of others' packages that are not installed beside it, it holds with their licenses.
 */
export default defineConfig(({ isSsrBuild, mode }) =>
  mode === 'library'
    ? {
        root: here('.'),
        plugins: [licenses(), webgpuTypes(['index', 'gpu', 'experiment'])],
        build: {
          outDir: here('dist/library'),
          emptyOutDir: true,
          target: 'es2023',
          minify: false,
          sourcemap: true,
          license: noted,
          lib: {
            entry: ['index', 'gpu', 'experiment', 'node'].map((name) => here(`src/${name}.ts`)),
            formats: ['es'],
          },
          rolldownOptions: {
            external: isInstalled,
            output: {
              preserveModules: true,
              preserveModulesRoot: here('.'),
              // A folder of this name is left out of every package.
              entryFileNames: ({ name }) => `${name.replaceAll('node_modules', 'bundled')}.js`,
            },
          },
        },
      }
    : mode === 'process'
      ? {
          root: here('.'),
          plugins: [verification(), licenses()],
          // All but what is native, and optional: of the figures' libraries a user of the package needs none.
          ssr: { noExternal: true, external: ['webgpu', '@resvg/resvg-js'] },
          build: {
            outDir: here('dist/process'),
            emptyOutDir: true,
            target: 'node20',
            minify: false,
            ssr: here('web/process/main.ts'),
            license: noted,
            rolldownOptions: {
              output: {
                codeSplitting: {
                  // A file each for a diagnosis and for all other tasks, but for the tests that a verification brings: loading many
                  // takes longer.
                  groups: [
                    { name: 'diagnosis', test: /web\/process\/diagnosis\.ts$/, priority: 2 },
                    { name: 'tasks', test: /web\/process\/tasks\.ts$/, priority: 1 },
                  ],
                },
              },
            },
          },
        }
      : isSsrBuild
        ? {
            root: here('.'),
            plugins: [licenses()],
            build: {
              outDir: here('dist/node'),
              emptyOutDir: true,
              target: 'node20',
              minify: false,
              ssr: here('src/node/main.ts'),
              license: noted,
              rolldownOptions: { output: { codeSplitting: false } },
            },
          }
        : {
            root: here('web'),
            base: './',
            plugins: [
              formulas(),
              recordedExperiments(),
              thumbnail(),
              shaderGallery(),
              contents.ofPage,
              licenses(),
            ],
            worker: {
              format: 'es',
              plugins: () => [verification(), contents.ofWorkers],
            },
            build: {
              outDir: here('dist/app'),
              emptyOutDir: true,
              target: 'es2023',
              license: noted,
              chunkSizeWarningLimit: 2000,
            },
          },
);
