import { CommandStream, type Dispatch } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { medianOf } from '../math/statistics.ts';
import { probeMatrixUnits } from '../programs/matrix-unit-probe.ts';
import { type ProductUse, type TileChoice, productUses, shapeClass } from '../programs/product-shape.ts';
import { heuristicTile, offeredTiles } from '../programs/tile-choice.ts';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import { type ExperimentSizes, createTrial, shapeFor, timedPart } from './trial.ts';

/** A tile replaces the heuristic's only where it is faster by more than this: timings of one moment are noisy. */
const margin = 0.05;
/** A timing is over so many milliseconds at least, since browsers round time stamps to 0.1 ms. */
const leastMilliseconds = 5;
const mostRounds = 5;

/** One trial among those that are planned. */
export interface TrialPlan {
  use: ProductUse;
  shapes: string;
  /** From 0. */
  index: number;
  count: number;
}

/** What one trial found: the median time of each tile, and the choice that follows. */
export interface TuningResult {
  choice: TileChoice;
  milliseconds: Partial<Record<TileName, number>>;
}

/** How long a tuner may take, and who hears of it. */
export interface TuningOptions {
  /** Milliseconds that all trials may take together; a trial that would begin after them is left out. */
  budget: number;
  /** The clock of the budget, in ms. */
  now: () => number;
  /** Aborted: ends after the timing at hand; what was yielded before stands. */
  signal?: AbortSignal | undefined;
  /** Told of each trial before it begins. */
  begin?: ((trial: TrialPlan) => void) | undefined;
}

/**
 * Times every tile that the device offers, for every use at the sizes of some experiments, and yields each trial's
 * choice as it is made, so that an interrupted tuner leaves what it has measured. Rounds are interleaved and medians
 * compared. Which tile is chosen changes the speed of a program and the order of its roundings, not what it computes.
 */
export async function* tune(
  gpu: Gpu,
  sizes: readonly ExperimentSizes[],
  { budget, now, signal, begin }: TuningOptions,
): AsyncGenerator<TuningResult, void> {
  requireGpu(gpu);
  const deadline = now() + budget;
  await probeMatrixUnits(gpu);
  const trials = trialsOf(gpu, sizes);
  using stream = new CommandStream(gpu);
  for (const [index, { use, shape }] of trials.entries()) {
    if (signal?.aborted || now() >= deadline) return;
    const share = (deadline - now()) / (trials.length - index);
    begin?.({ use, shapes: shapeClass(shape), index, count: trials.length });
    using trial = createTrial(gpu, use, timedPart(gpu, use, shape));
    const end = now() + share;
    const timings = new Map<
      TileName,
      { dispatches: readonly Dispatch[]; repeats: number; milliseconds: number[] }
    >();
    for (const name of offeredTiles(gpu, use)) {
      const dispatches = await trial.dispatches(tiles[name]);
      await time(stream, dispatches, 1, now); // the first run compiles
      const once = await time(stream, dispatches, 1, now);
      const repeats = Math.ceil(leastMilliseconds / Math.max(once, 0.05));
      timings.set(name, { dispatches, repeats, milliseconds: repeats === 1 ? [once] : [] });
      if (signal?.aborted) return;
    }
    for (let round = 0; round < mostRounds && (round === 0 || now() < end); round++) {
      for (const timing of timings.values()) {
        timing.milliseconds.push(await time(stream, timing.dispatches, timing.repeats, now));
        if (signal?.aborted) return;
      }
    }
    const medians = new Map([...timings].map(([name, { milliseconds }]) => [name, medianOf(milliseconds)]));
    const tile = fastest(medians, heuristicTile(gpu, use, shape));
    yield {
      choice: { use, shapes: shapeClass(shape), tile },
      milliseconds: Object.fromEntries(medians),
    };
  }
}

/** The tile with the least time, but the heuristic's unless another is faster by the margin. */
export function fastest(milliseconds: ReadonlyMap<TileName, number>, heuristic: TileName): TileName {
  const [name, least] = [...milliseconds].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
  const usual = milliseconds.get(heuristic);
  return usual !== undefined && least > (1 - margin) * usual ? heuristic : name;
}

/** One trial a use and class of shapes, the first sizes of a class standing for it. */
function trialsOf(gpu: Gpu, sizes: readonly ExperimentSizes[]) {
  const trials = sizes.flatMap((size) =>
    productUses.map((use: ProductUse) => ({ use, shape: shapeFor(gpu, use, size) })),
  );
  const seen = new Set<string>();
  return trials.filter(({ use, shape }) => {
    const key = `${use}: ${shapeClass(shape)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Milliseconds of all dispatches once: of the GPU where it has a clock, else from submission to completion. */
async function time(
  stream: CommandStream,
  dispatches: readonly Dispatch[],
  repeats: number,
  now: () => number,
): Promise<number> {
  const [begun, gpuBegun] = [now(), stream.gpuMilliseconds];
  for (let r = 0; r < repeats; r++) for (const dispatch of dispatches) stream.run(dispatch);
  await stream.finish();
  const gpuTook = gpuBegun === null ? 0 : stream.gpuMilliseconds! - gpuBegun;
  return (gpuTook > 0 ? gpuTook : now() - begun) / repeats;
}
