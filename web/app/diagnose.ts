import type { Diagnosis, JobError } from '../../src/experiment/job.ts';
import { describeAdapter, requestDevice } from '../../src/gpu/device.ts';

/** What this browser or runtime has to offer. */
export async function diagnose({
  gpu,
  agent,
}: {
  gpu: GPU | undefined;
  /** The browser or runtime with its version. */
  agent: string;
}): Promise<Diagnosis> {
  const found = { userAgent: agent, webGpu: gpu !== undefined };
  try {
    const device = await requestDevice(gpu);
    const adapter = describeAdapter(device);
    device.destroy();
    return { ...found, adapter, error: null };
  } catch (error) {
    return { ...found, adapter: null, error: describeError(error) };
  }
}

export function describeError(error: unknown): JobError {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: 'Error', message: String(error) };
}
