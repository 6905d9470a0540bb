import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { FeatureKernel, inputFeatures } from '../kernel/feature-kernel.ts';
import { type Norm, rectangularNorm } from '../kernel/spectrum.ts';
import { tangentOperator } from '../kernel/tangent-operator.ts';
import { displaced, randomDirection } from '../network/displacement.ts';
import { ballRadius } from './horizon.ts';
import { normOptions } from './kernels.ts';
import { type Lab, atStart } from './lab.ts';

/** How J₁ changes between W(0) and a point at distance R, and how far that is. */
export interface Perturbation {
  key: 'random' | 'rank_one' | 'near';
  /** Where W̃ lies, in words. */
  where: string;
  /** ‖J₁(W(0), v) − J₁(W̃, v)‖ */
  jacobian: Norm;
  /** ‖W(0) − W̃‖_F */
  frobenius: number;
  /** ‖W(0) − W̃‖ */
  spectral: number;
}

const displacements = [
  { key: 'random', where: 'in a random direction, at distance *R*', share: 1 },
  { key: 'rank_one', where: 'with all units moved alike, at distance *R*', share: 1 },
  { key: 'near', where: 'in a random direction, at distance *R*/10', share: 0.1 },
] as const;

/** Measures how J₁ changes from W(0) to each of the displacements; claims 14 and 15. */
export const measurePerturbations = (lab: Lab): Promise<Perturbation[]> =>
  lab.once('perturbations of J₁', async () => {
    const measured: Perturbation[] = [];
    for (const { key, where, share } of displacements) {
      using stream = new CommandStream(lab.gpu);
      const frobenius = share * ballRadius(lab.setting.d);
      const { W } = atStart(lab).at;
      using direction = await (key === 'rank_one'
        ? alike(lab, stream)
        : randomDirection(lab.gpu, stream, W, lab.seed, 0));
      using moved = await displaced(lab.gpu, stream, W, direction, frobenius);
      await stream.finish();
      const spectral = frobenius * (await spectralShare(lab, direction));
      const jacobian = await jacobianDistance(lab, moved);
      await lab.keep?.({
        name: `claim14_15_${key}_W`,
        shape: [moved.rows, moved.cols],
        data: await moved.readAll(),
      });
      measured.push({ key, where, jacobian, frobenius, spectral });
    }
    return measured;
  });

/** All units moved in one random direction: a rank-one displacement, whose two norms are the same. */
async function alike({ gpu, seed, network }: Lab, stream: CommandStream): Promise<Matrix> {
  const { rows, cols } = network.W0;
  using all = await randomDirection(gpu, stream, network.W0, seed, 1);
  stream.flush();
  const first = (await all.readAll()).subarray(0, cols);
  const direction = new Matrix(gpu, 'rank-one direction of W', rows, cols);
  direction.write(Float32Array.from({ length: rows * cols }, (_, k) => first[k % cols]));
  return direction;
}

/** ‖G‖/‖G‖_F */
async function spectralShare(lab: Lab, G: Matrix): Promise<number> {
  using stream = new CommandStream(lab.gpu);
  using gram = await FeatureKernel.create(lab.gpu, stream, G, inputFeatures(G.cols));
  await stream.finish();
  const { value } = await rectangularNorm(lab.gpu, gram, { seed: lab.seed });
  const squares = (await G.readAll()).reduce((sum, entry) => sum + entry * entry, 0);
  return value / Math.sqrt(squares);
}

async function jacobianDistance(lab: Lab, moved: Matrix): Promise<Norm> {
  const { gpu, setting } = lab;
  const side = { ...atStart(lab), minus: moved };
  using stream = new CommandStream(gpu);
  const first = { first: 1, second: 0 };
  using gram = await tangentOperator(gpu, stream, setting.activation, side, side, first, lab);
  await stream.finish();
  // φ′ diag(v), v = ±1, of which J₁ of norm √(n/d) is made, is rounded to some ulp before it is subtracted.
  const rounding = Math.sqrt(setting.n / setting.d) * 2 ** -21;
  return await rectangularNorm(gpu, gram, { ...normOptions(lab), rounding });
}
