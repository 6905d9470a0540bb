import { CommandStream, type Dispatch } from '../src/gpu/command-stream.ts';
import type { Gpu } from '../src/gpu/device.ts';
import type { Task } from './contestant.ts';
import { DispatchLog } from './dispatch-log.ts';
import { repeatsFor, timeDispatches } from './dispatch-times.ts';
import { CopyMeter, type PeakMeter, targetMilliseconds } from './peak.ts';
import { costOf } from './program-costs.ts';
import { type Roofline, rooflineRow } from './roofline.ts';
import { spread } from './spread.ts';

const rounds = 3;

interface Entry {
  program: string;
  dispatches: Dispatch[];
  operations: number;
  bytes: number;
  repeats: number;
  times: number[];
}

/**
 * Takes a run of a task of ours apart: times what it dispatches of each program, again and again for as long as the ceilings
 * are measured, which they are in every round.
 */
export async function measureRoofline(
  gpu: Gpu,
  meter: Pick<PeakMeter, 'measure'>,
  create: () => Promise<Task>,
  units: number,
): Promise<Roofline> {
  using log = await DispatchLog.of(gpu, create);
  using stream = new CommandStream(gpu);
  using copies = await CopyMeter.create(gpu.device);
  const entries = byProgram(log);
  for (const entry of entries) {
    entry.repeats = await repeatsFor(gpu, stream, entry.dispatches, targetMilliseconds);
  }
  const [peaks, bandwidths]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const { dispatches, repeats, times } of entries) {
      times.push(await timeDispatches(gpu, stream, dispatches, repeats));
    }
    peaks.push(await meter.measure());
    bandwidths.push(await copies.measure());
  }
  const ceilings = { peakGflops: spread(peaks).median, copyGigabytes: spread(bandwidths).median };
  const rows = entries.map(({ program, dispatches, operations, bytes, times }) => {
    const [count, time] = [dispatches.length, spread(times).median];
    const a = (ofRun: number) => ofRun / units;
    return rooflineRow(
      { program, dispatches: a(count), operations: a(operations), bytes: a(bytes), time: a(time) },
      ceilings,
    );
  });
  return { ...ceilings, rows };
}

/** In the order in which programs first run. */
function byProgram({ dispatches }: DispatchLog): Entry[] {
  const entries = new Map<string, Entry>();
  for (const logged of dispatches) {
    const program = logged.dispatch.call.program.label;
    const entry: Entry = entries.get(program) ?? {
      ...{ program, dispatches: [], operations: 0, bytes: 0, repeats: 1, times: [] },
    };
    entries.set(program, entry);
    const { operations, bytes } = costOf(logged);
    entry.dispatches.push(logged.dispatch);
    entry.operations += operations;
    entry.bytes += bytes;
  }
  return [...entries.values()];
}
