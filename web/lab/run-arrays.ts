import { npyBytes } from '../../src/data/npy.ts';
import { run } from '../../src/experiment/run.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { pageLimits } from './page-limits.ts';

/**
 * The arrays of an experiment after so many steps, as .npy files by name: the run is made once more, which gives the same
 * numbers, and its arrays are kept.
 */
export async function arraysAt(
  device: GPUDevice,
  spec: Spec,
  step: number,
  open: (path: string) => Promise<ArrayBuffer>,
): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  const training = { ...spec.training, steps: step, records: { steps: [step] } };
  const events = run(
    device,
    { ...spec, training, claims: 'none' },
    {
      memoryLimit: pageLimits.memory,
      open,
      onArray: async ({ name, shape, chunks }) => {
        const parts: Uint8Array<ArrayBuffer>[] = [];
        for await (const part of npyBytes(shape, chunks)) parts.push(part);
        files.set(`${name}.npy`, new Blob(parts, { type: 'application/octet-stream' }));
      },
    },
  );
  while (!(await events.next()).done);
  return files;
}
