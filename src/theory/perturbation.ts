import { largestSquare } from '../kernel/data-extremes.ts';
import { displaced, randomDirection } from '../network/displacement.ts';
import type { Norm } from '../spectral/spectrum.ts';
import { slopeSquare } from './conditions.ts';
import { ballRadius } from './horizon.ts';
import { between, gram } from './kernels.ts';
import type { Lab } from './lab.ts';
import { twoLayersOf } from './lab-parts.ts';

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
    const { gpu, train, setting } = lab;
    const { value, error } = await lab.norm(gram(), { rounding: 0 });
    const [square, v] = [await largestSquare(gpu, train.X), await twoLayersOf(lab).v.start.read()];
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

/** What to say where there are none. */
export const noBall = 'For *d* = 1 *R* = √(*d* log *d*) is 0: every *W̃* is *W*(0).';

/** Measures how J₁ changes from W(0) to each of the displacements, of which there are none where R is 0; claims 14 and 15. */
export const measurePerturbations = (lab: Lab): Promise<Perturbation[]> =>
  lab.once('perturbations of J₁', async () => {
    const { gpu, setting } = lab;
    const { n, m, d } = setting;
    if (ballRadius(d) === 0) return [];
    const W = twoLayersOf(lab).W.start;
    // φ′ diag(v), v = ±1, of which J₁ of norm √(n/d) sup|φ′| is made, is rounded to some ulp before it is subtracted.
    const rounding = Math.sqrt((n / d) * slopeSquare(setting)) * 2 ** -21;
    const measured: Perturbation[] = [];
    for (const { key, where, share } of displacements) {
      const frobenius = share * ballRadius(d);
      const direction = await (key === 'rank_one' ? alike(lab) : randomDirection(gpu, W, lab.seed, 0));
      const moved = await displaced(gpu, W, direction, frobenius);
      const spectral = frobenius * (await spectralShare(lab, direction));
      const jacobian = await lab.factorNorm(between('first', { startMinus: moved }), { rounding });
      await lab.keep?.({ name: `claim14_15_${key}_W`, shape: [m, d], data: moved });
      measured.push({ key, where, jacobian, frobenius, spectral });
    }
    return measured;
  });

/** All units moved in one random direction: a rank-one displacement, whose two norms are the same. */
async function alike(lab: Lab): Promise<Float32Array<ArrayBuffer>> {
  const { start } = twoLayersOf(lab).W;
  const all = await randomDirection(lab.gpu, start, lab.seed, 1);
  return all.map((_, k) => all[k % start.cols]);
}

/** ‖G‖/‖G‖_F, its error added: it goes into an upper bound. */
async function spectralShare(lab: Lab, G: Float32Array<ArrayBuffer>): Promise<number> {
  const { m, d } = lab.setting;
  const { value, error } = await lab.factorNorm(gram({ rows: m, d, data: G }), { rounding: 0 });
  return (value + error) / Math.sqrt(G.reduce((sum, entry) => sum + entry * entry, 0));
}
