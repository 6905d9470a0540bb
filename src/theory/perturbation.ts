import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { largestSquare } from '../kernel/data-extremes.ts';
import { FeatureKernel, inputFeatures } from '../kernel/feature-kernel.ts';
import { type Norm, rectangularNorm, spectralNorm } from '../spectral/spectrum.ts';
import { tangentOperator } from '../jacobian/tangent-operator.ts';
import { displaced, randomDirection } from '../network/displacement.ts';
import { TwoLayerJacobian } from '../network/two-layer-jacobian.ts';
import { slopeSquare } from './conditions.ts';
import { ballRadius } from './horizon.ts';
import { layerWeights, normOptions } from './kernels.ts';
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

/** What the Lipschitz constant of J₁ is made of beside φ″ (claim 14); each at least what it stands for. */
export interface JacobianScale {
  /** max_i ‖x_i‖/√d */
  largestPoint: number;
  /** ‖X‖/√n */
  inputs: number;
  /** max_r |v_r| */
  largestWeight: number;
}

/** Measures it, errors added. */
export const jacobianScale = (lab: Lab): Promise<JacobianScale> =>
  lab.once('scale of J₁', async () => {
    const { gpu, train, network, seed, signal, setting } = lab;
    using stream = new CommandStream(gpu);
    using gram = await FeatureKernel.create(gpu, stream, train.X, inputFeatures(train.X.cols));
    await stream.finish();
    const { value, error } = await spectralNorm(gpu, gram, { seed, ...(signal && { signal }) });
    const [square, v] = [await largestSquare(gpu, train.X), await network.v.start.read()];
    // Sums of d products in float32: as a random walk, with room.
    const rounding = 1 + 4 * Math.sqrt(setting.d) * 2 ** -24;
    return {
      largestPoint: Math.sqrt(square * rounding),
      inputs: Math.sqrt(((value + error) * rounding) / setting.n),
      largestWeight: v.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0),
    };
  });

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
  const { start } = network.W;
  const { rows, cols } = start;
  using all = await randomDirection(gpu, stream, start, seed, 1);
  stream.flush();
  const first = (await all.readAll()).subarray(0, cols);
  using owned = new Resources();
  const direction = owned.own(new Matrix(gpu, 'rank-one direction of W', rows, cols));
  direction.write(Float32Array.from({ length: rows * cols }, (_, k) => first[k % cols]));
  owned.move();
  return direction;
}

/** ‖G‖/‖G‖_F, its error added: it goes into an upper bound. */
async function spectralShare(lab: Lab, G: Matrix): Promise<number> {
  using stream = new CommandStream(lab.gpu);
  using gram = await FeatureKernel.create(lab.gpu, stream, G, inputFeatures(G.cols));
  await stream.finish();
  const { value, error } = await rectangularNorm(lab.gpu, gram, { seed: lab.seed });
  const squares = (await G.readAll()).reduce((sum, entry) => sum + entry * entry, 0);
  return (value + error) / Math.sqrt(squares);
}

async function jacobianDistance(lab: Lab, moved: Matrix): Promise<Norm> {
  const { gpu, setting } = lab;
  const { X, at } = atStart(lab);
  using stream = new CommandStream(gpu);
  const sides = { rows: new TwoLayerJacobian(X, at, moved), weights: layerWeights.first };
  using gram = await tangentOperator(gpu, stream, sides, lab);
  await stream.finish();
  // φ′ diag(v), v = ±1, of which J₁ of norm √(n/d) sup|φ′| is made, is rounded to some ulp before it is subtracted.
  const rounding = Math.sqrt((setting.n / setting.d) * slopeSquare(setting)) * 2 ** -21;
  return await rectangularNorm(gpu, gram, { ...normOptions(lab), rounding });
}
