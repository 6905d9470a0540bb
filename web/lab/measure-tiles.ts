import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { entryOf } from '../../src/tuning/shader-hash.ts';
import { adapterKey } from '../../src/tuning/tile-cache.ts';
import { usualSizes } from '../../src/tuning/trial.ts';
import { tune } from '../../src/tuning/tuner.ts';
import type { Command, Message } from './protocol.ts';

/**
 * Times the tiles, on a device of its own: what goes wrong there, memory for one, leaves the experiment's alone.
 * @throws what requestDevice and tune throw.
 */
export async function measureTiles(
  gpu: GPU | undefined,
  { budget, sizes }: Extract<Command, { kind: 'tune' }>,
  signal: AbortSignal,
  post: (message: Message) => void,
): Promise<void> {
  let device: GPUDevice | undefined;
  try {
    device = await requestDevice(gpu);
    const own = Gpu.of(device);
    const adapter = adapterKey(own.adapter, navigator.userAgent);
    const results = tune(own, [...sizes, ...usualSizes(own.adapter.software)], {
      budget,
      now: () => performance.now(),
      signal,
      begin: (trial) => post({ kind: 'tuning', trial }),
    });
    for await (const result of results) post({ kind: 'tuned', entry: entryOf(adapter, result) });
    post({ kind: 'tuning-ended', failure: null });
  } finally {
    device?.destroy();
  }
}
