import { ladder } from '../../shaders/ladder/ladder.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { compileRung } from '../../src/programs/ladder.ts';
import { compileMatrixProduct } from '../../src/programs/matrix-product.ts';
import { chosenTile } from '../../src/programs/tile-choice.ts';
import type { Bench, BenchCase } from '../case.ts';
import type { Outcome } from '../competition.ts';
import { type OwnForm, timeForms } from '../dispatch-times.ts';
import { matrixProductOperations } from '../operations.ts';
import { squareMatrices } from '../problem.ts';

const sizes = { quick: 256, standard: 512, hardware: 2048 };

/** The plain products of shaders/ladder beside the tile that runs choose: what each idea is worth on this adapter. */
export const ladderCase: BenchCase = {
  name: 'ladder',
  what: 'the five plain products to learn from; × ours: of the time of the tile that runs choose',
  run: async (bench) => {
    const outcome = await timeLadder(bench, sizes[bench.size]);
    bench.print(outcome);
    return { outcomes: [outcome] };
  },
};

async function timeLadder(bench: Bench, size: number): Promise<Outcome> {
  const { gpu } = bench;
  using owned = new Resources();
  const [P, Q, C] = ['P', 'Q', 'PQ'].map((name) => owned.own(new Matrix(gpu, name, size, size)));
  const { A, B } = squareMatrices(size);
  P.write(A);
  Q.write(B);
  const forms: OwnForm[] = [];
  for (const rung of ladder) {
    if (rung.subgroups && !gpu.device.features.has('subgroups')) continue;
    const product = await compileRung(gpu, rung);
    forms.push({ name: rung.name, dispatches: [product(P, Q, C)], reference: false });
  }
  const tile = chosenTile(gpu, 'matrix-product', { rows: size, cols: size, inner: size });
  const product = await compileMatrixProduct(gpu, 'NN', tile);
  forms.push({ name: 'the chosen tile', dispatches: [product(P, Q, C)], reference: true });
  const operations = matrixProductOperations(size);
  return await timeForms(bench, { label: `${size}³`, parameters: { size }, operations }, forms);
}
