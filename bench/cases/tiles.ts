import { tiles } from '../../shaders/parts/tile.ts';
import { type ProductShape, type ProductUse, productUses } from '../../src/programs/product-shape.ts';
import { chosenTile, offeredTiles } from '../../src/programs/tile-choice.ts';
import { createTrial, shapeFor, timedPart } from '../../src/tuning/trial.ts';
import type { Bench, BenchCase } from '../case.ts';
import type { Outcome } from '../competition.ts';
import { type OwnForm, timeForms } from '../dispatch-times.ts';
import { trialOperations } from '../operations.ts';

const sizes = {
  quick: { n: 256, d: 16, m: 64 },
  standard: { n: 1024, d: 64, m: 256 },
  hardware: { n: 2048, d: 784, m: 4096 },
};

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

async function timeTiles(bench: Bench, use: ProductUse, shape: ProductShape): Promise<Outcome> {
  const { gpu } = bench;
  using trial = createTrial(gpu, use, shape);
  const usual = chosenTile(gpu, use, shape);
  const forms: OwnForm[] = [];
  for (const name of offeredTiles(gpu, use)) {
    forms.push({ name, dispatches: await trial.dispatches(tiles[name]), reference: tiles[name] === usual });
  }
  const { rows, cols, inner } = shape;
  const label = `${use}: ${rows} × ${cols} sums of ${inner}`;
  const operations = trialOperations(use, shape);
  return await timeForms(bench, { label, parameters: { rows, cols, inner }, operations }, forms);
}
