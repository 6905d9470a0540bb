import { delimiter } from 'node:path';
import type { Surroundings } from '../app/drive.ts';

/**
 * WebGPU without a browser: Deno's own, or in Node that of the package `webgpu`, which is Dawn as in Chrome; none where the
 * package is not installed. `adapter`: part of the name of the adapter to take (Dawn alone can choose by name).
 */
export async function openWebGpu(adapter?: string): Promise<Pick<Surroundings, 'gpu' | 'agent'>> {
  const { deno, node } = process.versions as { node: string; deno?: string };
  if (deno !== undefined) {
    return {
      gpu: (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu,
      agent: `Deno/${deno} (wgpu)`,
    };
  }
  const agent = `Node/${node} (Dawn)`;
  const dawn = await import('webgpu').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
  if (!dawn) return { gpu: undefined, agent };
  Object.assign(globalThis, dawn.globals, { setImmediate: unhurried });
  const named = adapter === undefined ? [] : [`adapter=${adapter}`];
  const gpu = dawn.create([...experiments, ...(onSwiftShader() ? ownClearing : []), ...named]);
  inUse.push(gpu);
  return { gpu, agent };
}

/** As browsers are launched here: without it, no matrix units. */
const experiments = ['enable-dawn-features=allow_unsafe_apis'];

/** SwiftShader compiles for a millisecond for every number of workgroup memory that it clears; Dawn's own loop is short. */
const ownClearing = ['disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension'];

/** Whether the drivers that may be used are SwiftShader's alone, which src/node/own-runtime.ts names so. */
function onSwiftShader(): boolean {
  const drivers = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'] ?? '';
  return drivers.split(delimiter).every((path) => path.includes('swiftshader'));
}

/** Dawn crashes once the object that it was made as is collected, whatever else of it is in use. */
const inUse: GPU[] = [];

/**
 * Dawn asks by setImmediate, over and over, whether the GPU is done, which keeps a core busy that a software adapter could
 * compute on. Who asks every millisecond waits hardly longer.
 */
const unhurried = (task: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Timeout =>
  setTimeout(task, 1, ...args);
