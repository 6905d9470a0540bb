import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import { distance, signedDistance } from '../spectral/distance.ts';
import { FeatureKernel } from '../kernel/feature-kernel.ts';
import { type Norm, spectralNorm } from '../spectral/spectrum.ts';
import { tangentOperator } from '../jacobian/tangent-operator.ts';
import { kernelGradient } from '../network/ascent.ts';
import { TwoLayerJacobian } from '../network/two-layer-jacobian.ts';
import { agreementTime } from './agreement.ts';
import {
  type Displacement,
  inScaled,
  layerScales,
  lengthOf,
  ofLength,
  plus,
  randomDisplacement,
} from './ball.ts';
import type { Setting } from './claim.ts';
import { drivingWeights } from './driving-kernels.ts';
import { ballRadius } from './horizon.ts';
import type { Ending, Findings, Instrument } from './instrument.ts';
import { normOptions } from './kernels.ts';
import { type Lab, atPresent, atStart } from './lab.ts';

/** Recorded steps at which ε is measured along the path. */
const pathPoints = 6;
const randomPairs = 2;
/** A search ends where a step gains less than this share, and after so many steps at the latest. */
const search = { gain: 0.01, steps: 12 };
/**
 * On its way it needs no certificate that nothing larger was missed, only values that tell such gains: the one where it ends
 * is measured again.
 */
const rough = { tolerance: 0.1, accuracy: 1e-3 };

/** ε = ‖J(θ)J(θ̃)ᵀ − K‖ where it was measured (THEORY.md, claim 12). */
export interface Stability {
  path: { step: number; norm: Norm }[];
  random: Norm[];
  /** Where each search led; empty where nothing that trains moves the Jacobian. */
  searched: { from: string; norm: Norm }[];
  /** ‖K‖ */
  linearNorm: Norm | null;
}

/** ε between two places, or at one. */
async function epsilon(lab: Lab, one: TwoLayerJacobian, other = one): Promise<Norm> {
  const { gpu, train, setting, linear } = lab;
  using stream = new CommandStream(gpu);
  using K = await FeatureKernel.create(gpu, stream, train.X, linear.features);
  const sides = { rows: one, cols: other, weights: drivingWeights(setting) };
  using theta = await tangentOperator(gpu, stream, sides, lab);
  await stream.finish();
  return await distance(gpu, theta, K, normOptions(lab));
}

/** ‖K‖ */
export const measureLinear = (lab: Lab): Promise<Norm> =>
  lab.once('‖K‖', async () => {
    using stream = new CommandStream(lab.gpu);
    using K = await FeatureKernel.create(lab.gpu, stream, lab.train.X, lab.linear.features);
    await stream.finish();
    return await spectralNorm(lab.gpu, K, normOptions(lab));
  });

/** ε at random pairs of the ball's surface and where searches of it lead. */
const measureBall = (lab: Lab): Promise<Omit<Stability, 'path'>> =>
  lab.once('ε in the ball', async () => {
    const linearNorm = await measureLinear(lab);
    // Where the first layer rests, J does not depend on what moves: ε is the same in all of the ball.
    if (!lab.setting.layers.first) return { random: [], searched: [], linearNorm };
    return { random: await measureRandom(lab), searched: await searchBall(lab), linearNorm };
  });

/** θ(0) and its displacements on the device. */
class Ball {
  readonly #lab: Lab;
  readonly #start: { W: Float32Array; v: Float32Array };

  private constructor(lab: Lab, start: { W: Float32Array; v: Float32Array }) {
    this.#lab = lab;
    this.#start = start;
  }

  static async around(lab: Lab): Promise<Ball> {
    const { at } = atStart(lab);
    const [W, v] = await together([at.W.readAll(), at.v.read()]);
    return new Ball(lab, { W, v });
  }

  /** The direction in which v grows as a whole. */
  get radial(): Displacement {
    return inScaled(
      { W: new Float64Array(this.#start.W.length), v: Float64Array.from(this.#start.v) },
      this.#lab.setting,
    );
  }

  /** The Jacobian on the training points at θ(0) and this displacement. */
  at(displacement: Displacement, owned: Resources): TwoLayerJacobian {
    const { gpu, setting, train } = this.#lab;
    const scales = layerScales(setting);
    const W = owned.own(new Matrix(gpu, 'displaced W', setting.m, setting.d));
    const v = owned.own(new Vector(gpu, 'displaced v', setting.m));
    W.write(Float32Array.from(displacement.W, (value, k) => this.#start.W[k] + scales.W * value));
    v.write(Float32Array.from(displacement.v, (value, r) => this.#start.v[r] + scales.v * value));
    return new TwoLayerJacobian(train.X, { activation: setting.activation, W, v });
  }

  /** Keeps a point among the arrays, with what of it moved. */
  async keep(name: string, { at: { W, v } }: TwoLayerJacobian): Promise<void> {
    const { keep, setting } = this.#lab;
    await keep?.({ name: `${name}_W`, shape: [W.rows, W.cols], data: await W.readAll() });
    if (setting.layers.second) await keep?.({ name: `${name}_v`, shape: [v.length], data: await v.read() });
  }
}

async function measureRandom(lab: Lab): Promise<Norm[]> {
  const { seed, setting } = lab;
  const ball = await Ball.around(lab);
  const norms: Norm[] = [];
  for (let pair = 0; pair < randomPairs; pair++) {
    using owned = new Resources();
    const [one, other] = [2 * pair, 2 * pair + 1].map((index) =>
      ball.at(ofLength(randomDisplacement(setting, seed, index), ballRadius(setting.d)), owned),
    );
    norms.push(await epsilon(lab, one, other));
    await ball.keep(`claim12_random_${2 * pair}`, one);
    await ball.keep(`claim12_random_${2 * pair + 1}`, other);
  }
  return norms;
}

/**
 * Searches the ball for the largest ‖J(θ)J(θ)ᵀ − K‖, from several starts: upwards along the largest eigenvalue, downwards
 * along the top direction of K, from a random point, and with v larger and smaller as a whole. Pairs θ ≠ θ̃ gain under 1 %
 * over θ = θ̃ where it was tried. What is found is a lower bound of the largest ε.
 */
async function searchBall(lab: Lab): Promise<Stability['searched']> {
  const { setting, seed } = lab;
  const { m, d } = setting;
  const ball = await Ball.around(lab);
  using top = await topOfLinear(lab);
  const none: Displacement = { W: new Float64Array(m * d), v: new Float64Array(m) };
  const radius = ballRadius(d);
  const starts: { from: string; start: Displacement; sign: 1 | -1 }[] = [
    { from: 'θ(0), upwards', start: none, sign: 1 },
    {
      from: 'a random point',
      start: ofLength(randomDisplacement(setting, seed, 2 * randomPairs), radius),
      sign: 1,
    },
    { from: 'θ(0), downwards', start: none, sign: -1 },
    ...(setting.layers.second
      ? [
          { from: 'a larger v', start: ofLength(ball.radial, radius), sign: 1 as const },
          {
            from: 'a smaller v',
            start: ofLength(
              ball.radial,
              -Math.min(radius, lengthOf(ball.radial) / layerScales(setting).v ** 2),
            ),
            sign: -1 as const,
          },
        ]
      : []),
  ];
  const searched: Stability['searched'] = [];
  let best: { norm: Norm; displacement: Displacement } | null = null;
  for (const { from, start, sign } of starts) {
    const displacement = await climb(lab, ball, start, sign, top);
    using owned = new Resources();
    const norm = await epsilon(lab, ball.at(displacement, owned));
    searched.push({ from, norm });
    if (!best || norm.value > best.norm.value) best = { norm, displacement };
  }
  using owned = new Resources();
  await ball.keep('claim12_search', ball.at(best!.displacement, owned));
  return searched;
}

/** The eigenvector of K's largest eigenvalue. */
async function topOfLinear({ gpu, train, linear, seed }: Lab): Promise<Vector> {
  using stream = new CommandStream(gpu);
  using K = await FeatureKernel.create(gpu, stream, train.X, linear.features);
  await stream.finish();
  using owned = new Resources();
  const top = owned.own(new Vector(gpu, 'eigenvector of K', train.size));
  await spectralNorm(gpu, K, { seed, ...rough }, top);
  owned.move();
  return top;
}

/**
 * From a start, again and again to the point of the ball's surface in the direction in which the eigenvalue of this sign
 * grows fastest (conditional gradient), or half way there where that overshoots, until a step gains less than one per cent.
 */
async function climb(
  lab: Lab,
  ball: Ball,
  start: Displacement,
  sign: 1 | -1,
  top: Vector,
): Promise<Displacement> {
  const { setting, signal } = lab;
  const radius = ballRadius(setting.d);
  let current = { ...(await visit(lab, ball, start, sign, top)), displacement: start };
  let best = current;
  for (let step = 0; step < search.steps; step++) {
    signal?.throwIfAborted();
    const towards = ofLength(inScaled(current.gradient, setting), sign * radius);
    if (lengthOf(towards) === 0) break;
    let displacement = towards;
    let next = await visit(lab, ball, displacement, sign, top);
    if (next.norm.value < current.norm.value && lengthOf(current.displacement) > 0) {
      displacement = ofLength(plus(current.displacement, towards), radius);
      next = await visit(lab, ball, displacement, sign, top);
    }
    const gains = next.norm.value > (1 + search.gain) * best.norm.value;
    current = { ...next, displacement };
    if (next.norm.value > best.norm.value) best = current;
    if (!gains) break;
  }
  return best.displacement;
}

/** ε at a point of the ball, and the gradient of the eigenvalue that it is sought by. */
async function visit(lab: Lab, ball: Ball, displacement: Displacement, sign: 1 | -1, top: Vector) {
  const { gpu, train, setting, linear } = lab;
  const weights = drivingWeights(setting);
  using owned = new Resources();
  const jacobian = ball.at(displacement, owned);
  using stream = new CommandStream(gpu);
  using eigenvector = new Vector(gpu, 'eigenvector of J Jᵀ − K', train.size);
  using K = await FeatureKernel.create(gpu, stream, train.X, linear.features);
  using theta = await tangentOperator(gpu, stream, { rows: jacobian, weights }, lab);
  await stream.finish();
  const options = { ...normOptions(lab), ...rough };
  const norm = await signedDistance(gpu, theta, K, options, eigenvector);
  const q = Math.sign(norm.signed) === sign ? eigenvector : top;
  const gradient = await kernelGradient(gpu, stream, jacobian, q, weights);
  return { norm, gradient };
}

/** ε at the present step, if it is one of those where it is measured along the path. */
async function measurePath(lab: Lab, step: number): Promise<{ step: number; norm: Norm } | null> {
  // Once: there may be as many recorded steps as one likes, and this is asked at each of them.
  const wanted = await lab.once('steps of the path', () => Promise.resolve(new Set(pathSteps(lab))));
  if (!wanted.has(step)) return null;
  return lab.once(`ε at ${step}`, async () => {
    return { step, norm: await epsilon(lab, atPresent(lab)) };
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

/** An instrument that measures ε wherever it is measured, and makes its findings of it. */
export function withStability(
  finish: (found: Stability, ending: Ending, setting: Setting) => Findings,
): Instrument {
  const found: Stability = { path: [], random: [], searched: [], linearNorm: null };
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

/** The largest ε that was met anywhere: a lower bound of the largest there is. */
export const largestEpsilon = ({ path, random, searched }: Stability): Norm =>
  [...path.map(({ norm }) => norm), ...random, ...searched.map(({ norm }) => norm)].reduce((best, norm) =>
    norm.value > best.value ? norm : best,
  );
