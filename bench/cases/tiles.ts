import { tiles } from '../../shaders/parts/tile.ts';
import { CommandStream, type Dispatch } from '../../src/gpu/command-stream.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import {
  type ProductShape,
  type ProductUse,
  chosenTile,
  offeredTiles,
  productUses,
} from '../../src/programs/tile-choice.ts';
import { createTrial, shapeFor, timedPart } from '../../src/tuning/trial.ts';
import type { Bench, BenchCase } from '../case.ts';
import { completion } from '../completion.ts';
import type { Outcome, Row } from '../competition.ts';
import { trialOperations } from '../operations.ts';
import { spread } from '../spread.ts';

const sizes = {
  quick: { n: 256, d: 16, m: 64 },
  standard: { n: 1024, d: 64, m: 256 },
  hardware: { n: 2048, d: 784, m: 4096 },
};
const rounds = 7;
/** A timing is over so many milliseconds at least. */
const leastMilliseconds = 20;

/** Every product program with every tile that the adapter offers: what the choice of a tile is worth. */
export const tileCase: BenchCase = {
  name: 'tiles',
  what: 'each product program with each tile; × ours: of the time with the tile that runs choose untuned',
  run: async (bench) => {
    const outcomes: Outcome[] = [];
    for (const use of productUses) {
      const outcome = await timeTiles(
        bench,
        use,
        timedPart(bench.gpu, use, shapeFor(bench.gpu, use, sizes[bench.size])),
      );
      bench.print(outcome);
      outcomes.push(outcome);
    }
    return { outcomes };
  },
};

async function timeTiles({ gpu, peak }: Bench, use: ProductUse, shape: ProductShape): Promise<Outcome> {
  using stream = new CommandStream(gpu);
  using trial = createTrial(gpu, use, shape);
  const entries: { name: string; dispatch: Dispatch; repeats: number; times: number[] }[] = [];
  for (const name of offeredTiles(gpu, use)) {
    const dispatch = await trial.dispatch(tiles[name]);
    await time(gpu, stream, dispatch, 1); // compiles
    const repeats = Math.ceil(leastMilliseconds / (await time(gpu, stream, dispatch, 1)));
    entries.push({ name, dispatch, repeats, times: [] });
  }
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { dispatch, repeats, times } of entries)
      times.push(await time(gpu, stream, dispatch, repeats));
    peaks.push(await peak());
  }
  const operations = trialOperations(use, shape);
  const peakGflops = spread(peaks).median;
  const usual = entries.find(({ name }) => tiles[name as keyof typeof tiles] === chosenTile(gpu, use, shape));
  const rows = entries.map(({ name, times }): Row => {
    const measured = spread(times);
    const gflops = operations / 1e6 / measured.median;
    return {
      contestant: 'First Light',
      form: name,
      backend: 'webgpu',
      time: measured,
      runs: times.length,
      gflops,
      fractionOfPeak: gflops / peakGflops,
      ...(usual && { ratio: measured.median / spread(usual.times).median }),
    };
  });
  const { rows: height, cols, inner } = shape;
  const label = `${use}: ${height} × ${cols} sums of ${inner}`;
  return { label, parameters: { rows: height, cols, inner }, operations, unit: 'run', peakGflops, rows };
}

/** Milliseconds of one of several dispatches. */
async function time(gpu: Gpu, stream: CommandStream, dispatch: Dispatch, repeats: number): Promise<number> {
  const begun = performance.now();
  for (let r = 0; r < repeats; r++) stream.run(dispatch);
  await stream.finish();
  await completion(gpu.device);
  return (performance.now() - begun) / repeats;
}
