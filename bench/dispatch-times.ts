import { CommandStream, type Dispatch } from '../src/gpu/command-stream.ts';
import type { Gpu } from '../src/gpu/device.ts';
import type { Bench } from './case.ts';
import { completion } from './completion.ts';
import type { Outcome, Row } from './competition.ts';
import { spread } from './spread.ts';

const rounds = 7;
/** A timing is over so many milliseconds at least. */
const leastMilliseconds = 20;

/** One way of ours to compute something. */
export interface OwnForm {
  name: string;
  dispatches: readonly Dispatch[];
  /** Whether the others are to be compared with it. */
  reference: boolean;
}

/** Times forms of ours by turns, all of which compute the same. */
export async function timeForms(
  { gpu, peak }: Bench,
  problem: Pick<Outcome, 'label' | 'parameters'> & { operations: number },
  forms: readonly OwnForm[],
): Promise<Outcome> {
  using stream = new CommandStream(gpu);
  const entries: { form: OwnForm; repeats: number; times: number[] }[] = [];
  for (const form of forms) {
    const repeats = await repeatsFor(gpu, stream, form.dispatches, leastMilliseconds);
    entries.push({ form, repeats, times: [] });
  }
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { form, repeats, times } of entries)
      times.push(await timeDispatches(gpu, stream, form.dispatches, repeats));
    peaks.push(await peak());
  }
  const peakGflops = spread(peaks).median;
  const reference = entries.find(({ form }) => form.reference);
  const rows = entries.map(({ form, times }): Row => {
    const measured = spread(times);
    const gflops = problem.operations / 1e6 / measured.median;
    return {
      contestant: 'First Light',
      form: form.name,
      backend: 'webgpu',
      time: measured,
      runs: times.length,
      gflops,
      fractionOfPeak: gflops / peakGflops,
      ...(reference && { ratio: measured.median / spread(reference.times).median }),
    };
  });
  return { ...problem, unit: 'run', peakGflops, rows };
}

/** How often dispatches are to be repeated to take so many milliseconds; the first time compiles them. */
export async function repeatsFor(
  gpu: Gpu,
  stream: CommandStream,
  dispatches: readonly Dispatch[],
  milliseconds: number,
): Promise<number> {
  await timeDispatches(gpu, stream, dispatches, 1);
  return Math.ceil(milliseconds / (await timeDispatches(gpu, stream, dispatches, 1)));
}

/** Milliseconds of all of the dispatches, as one of so many repeats of them. */
export async function timeDispatches(
  gpu: Gpu,
  stream: CommandStream,
  dispatches: readonly Dispatch[],
  repeats: number,
): Promise<number> {
  const begun = performance.now();
  for (let r = 0; r < repeats; r++) {
    for (const dispatch of dispatches) stream.run(dispatch);
    await stream.pace();
  }
  await stream.finish();
  await completion(gpu.device);
  return (performance.now() - begun) / repeats;
}
