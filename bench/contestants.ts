import type { Gpu } from '../src/gpu/device.ts';
import type { Contestant } from './contestant.ts';
import { firstLight } from './first-light.ts';
import { jaxJs } from './peers/jax.ts';
import { plainLoops } from './peers/plain.ts';
import { tensorFlow } from './peers/tensorflow.ts';

const peers: Record<string, () => Promise<Contestant>> = {
  'jax-js': () => jaxJs('webgpu'),
  'TensorFlow.js': () => tensorFlow('webgpu'),
  'jax-js (wasm)': () => jaxJs('wasm'),
  'TensorFlow.js (wasm)': () => tensorFlow('wasm'),
};

/** Who is asked: all; the fastest on the adapter alone, since others may take minutes for a run; ours alone. */
const asked: Record<string, readonly string[]> = {
  all: Object.keys(peers),
  'jax-js': ['jax-js'],
  none: [],
};

/** Those of them who can compute in this page: ours first, then the peers on the adapter, then those on the processor. */
export async function contestants(whom: string): Promise<{
  gpu: Gpu;
  present: Contestant[];
  absent: { name: string; reason: string }[];
}> {
  const ours = await firstLight();
  const present: Contestant[] = [ours];
  const absent = [];
  for (const name of asked[whom]) {
    try {
      present.push(await peers[name]());
    } catch (error) {
      absent.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { gpu: ours.gpu, present: whom === 'all' ? [...present, plainLoops] : present, absent };
}
