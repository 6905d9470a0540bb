import type { RunEvent, RunResult } from '../../src/experiment/result.ts';
import { type RunOptions, run } from '../../src/experiment/run.ts';
import type { NamedArray } from '../../src/experiment/store-arrays.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';

/** Runs a spec to its end; the events and the arrays it sent, with the result. */
export async function collect(
  device: GPUDevice,
  input: SpecInput,
  options: RunOptions = {},
): Promise<{
  result: RunResult;
  events: RunEvent[];
  arrays: Map<string, { shape: number[]; data: Float32Array }>;
}> {
  const arrays = new Map<string, { shape: number[]; data: Float32Array }>();
  const onArray = async ({ name, shape, chunks }: NamedArray): Promise<void> => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    let at = 0;
    for await (const chunk of chunks) {
      data.set(chunk, at);
      at += chunk.length;
    }
    arrays.set(name, { shape, data });
  };
  const events: RunEvent[] = [];
  const running = run(device, parseSpec(input), { onArray, ...options });
  for (;;) {
    const next = await running.next();
    if (next.done) return { result: next.value, events, arrays };
    events.push(next.value);
  }
}
