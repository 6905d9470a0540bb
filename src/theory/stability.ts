import { greatestOf } from '../math/statistics.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Matrix } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import { distance, signedDistance } from '../kernel/distance.ts';
import { FeatureKernel } from '../kernel/feature-kernel.ts';
import { type Norm, spectralNorm } from '../kernel/spectrum.ts';
import { tangentOperator } from '../kernel/tangent-operator.ts';
import { steepestPoint } from '../network/ascent.ts';
import { displaced, randomDirection } from '../network/displacement.ts';
import type { TangentSide } from '../network/tangent-features.ts';
import { agreementTime } from './agreement.ts';
import type { Setting } from './claim.ts';
import { ballRadius } from './horizon.ts';
import type { Ending, Findings, Instrument } from './instrument.ts';
import { normOptions } from './kernels.ts';
import { type Lab, atPresent, atStart } from './lab.ts';

/** Recorded steps at which ε is measured along the path. */
const pathPoints = 6;
const randomPairs = 2;
const ascents = 3;

/** ε = ‖J(θ)J(θ̃)ᵀ − K‖ where it was measured (THEORY.md, claim 12). */
export interface Stability {
  path: { step: number; norm: Norm }[];
  random: Norm[];
  /** Where each ascent led; empty where the first layer rests. */
  adversarial: Norm[];
  /** ‖K‖ */
  linearNorm: Norm | null;
}

/** The kernel's weights: the rates over the linear model's, so that K is the linear model's own. */
const weightsOf = ({ setting: { eta1, eta2 } }: Lab): { first: number; second: number } => {
  const eta = Math.max(eta1, eta2);
  return { first: eta1 / eta, second: eta2 / eta };
};

/** ε between two sides. */
async function epsilon(lab: Lab, side: TangentSide, other: TangentSide): Promise<Norm> {
  const { gpu, train, setting, linear } = lab;
  using stream = new CommandStream(gpu);
  using K = await FeatureKernel.create(gpu, stream, train.X, linear.features);
  using theta = await tangentOperator(gpu, stream, setting.activation, side, other, weightsOf(lab), lab);
  await stream.finish();
  return await distance(gpu, theta, K, normOptions(lab));
}

/** ε at random pairs of the ball's surface and where ascent leads; W moves, v stays at v(0). */
const measureBall = (lab: Lab): Promise<Omit<Stability, 'path'>> =>
  lab.once('ε in the ball', async () => {
    // Where the first layer rests, the Jacobian does not depend on what moves: ε is the same in all of the ball.
    const linearNorm = await measureLinear(lab);
    if (!lab.setting.layers.first) return { random: [], adversarial: [], linearNorm };
    return { random: await measureRandom(lab), adversarial: await measureAscents(lab), linearNorm };
  });

async function measureLinear(lab: Lab): Promise<Norm> {
  using stream = new CommandStream(lab.gpu);
  using K = await FeatureKernel.create(lab.gpu, stream, lab.train.X, lab.linear.features);
  await stream.finish();
  return await spectralNorm(lab.gpu, K, normOptions(lab));
}

async function measureRandom(lab: Lab): Promise<Norm[]> {
  const { gpu, seed, setting } = lab;
  const { X, at } = atStart(lab);
  const norms: Norm[] = [];
  for (let pair = 0; pair < randomPairs; pair++) {
    using stream = new CommandStream(gpu);
    const point = async (index: number) => {
      using direction = await randomDirection(gpu, stream, at.W, seed, index);
      return await displaced(gpu, stream, at.W, direction, ballRadius(setting.d));
    };
    using W = await point(2 * pair);
    using Wt = await point(2 * pair + 1);
    norms.push(await epsilon(lab, { X, at: { W, v: at.v } }, { X, at: { W: Wt, v: at.v } }));
    await keepMatrix(lab, `claim12_random_${2 * pair}_W`, W);
    await keepMatrix(lab, `claim12_random_${2 * pair + 1}_W`, Wt);
  }
  return norms;
}

/**
 * Conditional gradient on the ball: from W(0), again and again to the point of the ball's surface in the direction in which
 * the eigenvalue of largest size of J(W)J(W)ᵀ − K grows fastest through Θ₁ (where both layers train, Θ₂ moves along).
 */
async function measureAscents(lab: Lab): Promise<Norm[]> {
  const { gpu, train, setting, linear } = lab;
  const { X, at } = atStart(lab);
  const norms: Norm[] = [];
  let W = at.W;
  try {
    for (let ascent = 0; ascent <= ascents; ascent++) {
      using stream = new CommandStream(gpu);
      using eigenvector = new Vector(gpu, 'eigenvector of J Jᵀ − K', train.size);
      const side = { X, at: { W, v: at.v } };
      using K = await FeatureKernel.create(gpu, stream, X, linear.features);
      using theta = await tangentOperator(gpu, stream, setting.activation, side, side, weightsOf(lab), lab);
      await stream.finish();
      const norm = await signedDistance(gpu, theta, K, normOptions(lab), eigenvector);
      if (ascent > 0) {
        norms.push(norm);
        await keepMatrix(lab, `claim12_ascent_${ascent}_W`, W);
      }
      if (ascent === ascents) break;
      const radius = Math.sign(norm.signed) * ballRadius(setting.d);
      const { activation } = setting;
      const next = await steepestPoint(gpu, stream, activation, side, eigenvector, at.W, radius);
      if (W !== at.W) W[Symbol.dispose]();
      W = next;
    }
  } finally {
    if (W !== at.W) W[Symbol.dispose]();
  }
  return norms;
}

/** ε at the present step, if it is one of those where it is measured along the path. */
async function measurePath(lab: Lab, step: number): Promise<{ step: number; norm: Norm } | null> {
  // Once: there may be as many recorded steps as one likes, and this is asked at each of them.
  const wanted = await lab.once('steps of the path', () => Promise.resolve(new Set(pathSteps(lab))));
  if (!wanted.has(step)) return null;
  return lab.once(`ε at ${step}`, async () => {
    const present = atPresent(lab);
    return { step, norm: await epsilon(lab, present, present) };
  });
}

/** 0, T and steps between them, spaced evenly among the recorded ones. */
function pathSteps({ recordSteps, setting }: Lab): number[] {
  const within = recordSteps.filter((step) => step <= agreementTime(setting));
  if (within.length <= pathPoints) return within;
  return Array.from(
    { length: pathPoints },
    (_, k) => within[Math.round((k * (within.length - 1)) / (pathPoints - 1))],
  );
}

async function keepMatrix({ keep }: Lab, name: string, matrix: Matrix): Promise<void> {
  await keep?.({ name, shape: [matrix.rows, matrix.cols], data: await matrix.readAll() });
}

/** An instrument that measures ε wherever it is measured, and makes its findings of it. */
export function withStability(
  finish: (found: Stability, ending: Ending, setting: Setting) => Findings,
): Instrument {
  const found: Stability = { path: [], random: [], adversarial: [], linearNorm: null };
  return {
    start: async (lab) => {
      Object.assign(found, await measureBall(lab));
    },
    step: async (lab, { step }) => {
      const point = await measurePath(lab, step);
      if (point) found.path.push(point);
    },
    finish: (ending, setting) => finish(found, ending, setting),
  };
}

/** The largest ε that was met anywhere. */
export const largestEpsilon = ({ path, random, adversarial }: Stability): number =>
  greatestOf([0, ...[...path.map(({ norm }) => norm), ...random, ...adversarial].map(({ value }) => value)]);
