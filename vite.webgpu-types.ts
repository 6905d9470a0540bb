import type { Plugin } from 'vite';

/**
 * TypeScript knows WebGPU from version 6 on, and what declares it then contradicts @webgpu/types. For earlier versions each
 * entry of the library has declarations of its own, which package.json names under "types@<6.0", and which take them along.
 */
export const webgpuTypes = (entries: readonly string[]): Plugin => ({
  name: 'webgpu-types',
  generateBundle() {
    for (const entry of entries) {
      this.emitFile({
        type: 'asset',
        fileName: `before-typescript-6/${entry}.d.ts`,
        source: `/// <reference types="@webgpu/types" />\nexport * from '../src/${entry}.js';\n`,
      });
    }
  },
});
