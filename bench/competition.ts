import { type Contestant, type Forms, type Results, type Task, nameOf } from './contestant.ts';
import { compare } from './compare.ts';
import { DeviceMemory } from './device-memory.ts';
import type { PeakMeter } from './peak.ts';
import type { Roofline } from './roofline.ts';
import { type Spread, spread } from './spread.ts';

/** One computation at one size, for everybody who has a form for it. */
export interface Competition {
  /** The size in words. */
  label: string;
  parameters: Record<string, number>;
  /** Operations of one unit by formula; see operations.ts. Undefined where they depend on the contestant. */
  operations?: number;
  /** About how many they are then: for who would have to be waited for too long. */
  about?: number;
  /** Units in one run: times are given by unit. */
  units?: { count: number; name: string };
  /** Largest relative difference between results; a task may have its own. */
  tolerance: number;
  /** Whether our first form is also looked at program by program; see program-times.ts. */
  byProgram?: boolean;
  forms: (contestant: Contestant) => Forms | undefined;
}

/** What one form of one contestant did. */
export interface Row {
  contestant: string;
  form: string;
  backend: Contestant['backend'];
  /** ms a unit; missing where it did not take part. */
  time?: Spread;
  /** Number of runs that it comes from. */
  runs?: number;
  gflops?: number;
  /** Of the multiply-add peak measured in the same rounds. */
  fractionOfPeak?: number;
  /** How many times as long as ours, in our first form. */
  ratio?: number;
  /** From the reference, normwise. */
  difference?: number;
  /** How large it may be, where the form has a tolerance of its own. */
  tolerance?: number;
  /** Most bytes of buffers that its programs held on its device up to the end of its first run. */
  bytes?: number;
  /** Why it did not take part. */
  absent?: string;
}

export interface Outcome {
  label: string;
  parameters: Record<string, number>;
  operations?: number;
  unit: string;
  /** Whose results the others were compared with, and how near they had to be. */
  reference?: string;
  tolerance?: number;
  /** The multiply-add peak in the rounds of this measurement, GFLOP/s. */
  peakGflops?: number;
  rows: Row[];
  /** Of our first form, where it was taken apart. */
  roofline?: Roofline;
}

interface Entry {
  contestant: Contestant;
  form: string;
  row: Row;
  task: Task;
  times: number[];
}

/** Rounds on the adapter; processors, which are here for honesty, sit out after some. */
const rounds = { all: 7, some: 3, one: 1 } as const;
/** Operations in a run past which a processor is not asked. */
const mostOperations = { javascript: 5e9, wasm: 2e10, webgpu: Infinity } as const;
/** Who takes longer for a run, in ms, sits out after as many. */
const longRun = 2000;
/** And who takes as long as this, after one. */
const endlessRun = 10_000;

/** Between runs, in ms: what one leaves behind (threads that still spin, memory to be freed) is not the next one's time. */
const rest = 50;

/**
 * Has every contestant compute the same once, compares what they got, and only then times them: in rounds, one run of
 * each a round in turn, each round beginning with another one. The adapter's peak is measured in every round, too.
 *
 * A run's time is from the first call until the contestant's device says that all submitted work is done.
 * @throws MismatchError where results differ by more than the tolerance.
 */
export async function compete(
  competition: Competition,
  contestants: readonly Contestant[],
  meter: Pick<PeakMeter, 'measure'>,
): Promise<Outcome> {
  const { label, parameters, operations, about, tolerance, units = { count: 1, name: 'run' } } = competition;
  const rows: Row[] = [];
  const entries: Entry[] = [];
  try {
    let reference: { name: string; results: Results } | undefined;
    for (const contestant of contestants) {
      for (const [form, create] of Object.entries(competition.forms(contestant) ?? {})) {
        const row: Row = { contestant: nameOf(contestant), form, backend: contestant.backend };
        rows.push(row);
        const total = (operations ?? about ?? 0) * units.count;
        if (total > mostOperations[contestant.backend]) {
          row.absent = `${total.toExponential(1)} operations a run are too many to wait for`;
          continue;
        }
        const begun = await begin(contestant, create, row);
        if (!begun) continue;
        const { task, results } = begun;
        entries.push({ contestant, form, row, task, times: [] });
        if (task.tolerance !== undefined) row.tolerance = task.tolerance;
        if (reference) {
          const allowed = task.tolerance ?? tolerance;
          row.difference = compare(titleOf(row), results, reference.name, reference.results, allowed);
        } else {
          reference = { name: titleOf(row), results };
        }
      }
    }
    const peaks = await timeInRounds(entries, meter);
    const peakGflops = spread(peaks).median;
    fill(entries, units.count, operations, peakGflops);
    return {
      label,
      parameters,
      ...(operations !== undefined && { operations }),
      unit: units.name,
      tolerance,
      ...(reference && { reference: reference.name }),
      peakGflops,
      rows,
    };
  } finally {
    for (const { task } of entries) task.dispose();
  }
}

/** The contestant whose failures are failures of the case, and whose first form's time the others' are divided by. */
export const ours = 'First Light';

export const titleOf = ({ contestant, form }: Pick<Row, 'contestant' | 'form'>): string =>
  form ? `${contestant}, ${form}` : contestant;

/** The first run: compiles and warms up, and gives what is compared. Undefined where the contestant cannot do it. */
async function begin(
  contestant: Contestant,
  create: () => Promise<Task>,
  row: Row,
): Promise<{ task: Task; results: Results } | undefined> {
  const { device } = contestant;
  let refused: string | undefined;
  const refuse = ({ error }: GPUUncapturedErrorEvent) => (refused ??= error.message);
  device?.addEventListener('uncapturederror', refuse);
  const memory = device && new DeviceMemory(device);
  let task: Task | undefined;
  try {
    await contestant.activate();
    task = await create();
    await task.run();
    if (memory) row.bytes = memory.peak;
    const results = await task.result();
    if (refused === undefined) return { task, results };
    row.absent = refused;
  } catch (error) {
    if (contestant.library === ours) throw error;
    row.absent = refused ?? (error instanceof Error ? error.message : String(error));
  } finally {
    memory?.stop();
    device?.removeEventListener('uncapturederror', refuse);
  }
  task?.dispose();
  return undefined;
}

/** How often a contestant is timed whose first run took so long, if it had one. */
function roundsOf({ backend }: Contestant, first: number | undefined): number {
  if (first !== undefined && first > endlessRun) return rounds.one;
  return backend === 'webgpu' && !(first !== undefined && first > longRun) ? rounds.all : rounds.some;
}

/** Fills each entry's times (ms a run); returns the peak of each round. */
async function timeInRounds(entries: readonly Entry[], meter: Pick<PeakMeter, 'measure'>): Promise<number[]> {
  const peaks: number[] = [];
  for (let round = 0; round < rounds.all; round++) {
    const takingPart = entries.filter(({ contestant, times }) => round < roundsOf(contestant, times[0]));
    for (let turn = 0; turn < takingPart.length; turn++) {
      const { contestant, task, times } = takingPart[(round + turn) % takingPart.length];
      await contestant.activate();
      await new Promise((resolve) => setTimeout(resolve, rest));
      const begun = performance.now();
      await task.run();
      times.push(performance.now() - begun);
    }
    peaks.push(await meter.measure());
  }
  return peaks;
}

function fill(entries: readonly Entry[], count: number, operations: number | undefined, peak: number): void {
  for (const { row, times } of entries) {
    const time = (row.time = spread(times.map((milliseconds) => milliseconds / count)));
    row.runs = times.length;
    if (operations === undefined) continue;
    row.gflops = operations / 1e6 / time.median;
    if (row.backend === 'webgpu') row.fractionOfPeak = row.gflops / peak;
  }
  const reference = entries.find(({ row }) => row.contestant === ours)?.row;
  if (!reference) return;
  for (const { row } of entries) {
    if (row !== reference) row.ratio = row.time!.median / reference.time!.median;
  }
}
