import { type ParameterValues, readParameters } from '../network/parameters.ts';
import type { Norm } from '../spectral/spectrum.ts';
import { agreementTime } from './agreement-time.ts';
import {
  type Displacement,
  displacedFrom,
  inScaled,
  layerScales,
  lengthOf,
  ofLength,
  plus,
  randomDisplacement,
  scaledMovement,
} from './ball.ts';
import type { Place } from './bench.ts';
import type { Setting } from './claim.ts';
import { ballRadius } from './horizon.ts';
import type { Ending, Findings, Instrument } from './instrument.ts';
import { between, current, linear, minus } from './kernels.ts';
import type { Lab } from './lab.ts';

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
  /** The first recorded step within T at which θ was outside of the ball, of which nothing is assumed; null where none was. */
  leftAt: number | null;
  random: Norm[];
  /** Where each search led; empty where nothing that trains moves the Jacobian. */
  searched: { from: string; norm: Norm }[];
  /** ‖K‖ */
  linearNorm: Norm | null;
}

/** J(θ)J(θ̃)ᵀ − K between two places, or at one. */
const deviation = (one: Place, other = one) => minus(between('driving', one, other), linear('driving'));

/** ‖K‖ */
export const linearNorm = (lab: Lab): Promise<Norm> => lab.once('‖K‖', () => lab.norm(linear('driving')));

/** ε at random pairs of the ball's surface and where searches of it lead. */
const measureBall = (lab: Lab): Promise<Omit<Stability, 'path' | 'leftAt'>> =>
  lab.once('ε in the ball', async () => {
    const known = { linearNorm: await linearNorm(lab) };
    // Where the first layer rests, J does not depend on what moves: ε is the same in all of the ball.
    if (!lab.setting.layers.first) return { random: [], searched: [], ...known };
    const start = await readParameters(lab.network.layers, 'start');
    return { random: await measureRandom(lab, start), searched: await searchBall(lab, start), ...known };
  });

/** Keeps a point among the arrays: the layers that train. */
async function keepPoint({ keep, network }: Lab, name: string, point: ParameterValues): Promise<void> {
  for (const l of network.trained) {
    const { name: layer, shape } = network.layers[l];
    const size = shape.left ? [shape.units, shape.inputs] : [shape.inputs];
    await keep?.({ name: `${name}_${layer}`, shape: size, data: point[l] });
  }
}

async function measureRandom(lab: Lab, start: ParameterValues): Promise<Norm[]> {
  const { setting } = lab;
  const norms: Norm[] = [];
  for (let pair = 0; pair < randomPairs; pair++) {
    const [one, other] = [2 * pair, 2 * pair + 1].map((index) =>
      displacedFrom(start, ofLength(randomDisplacement(lab, index), ballRadius(setting.d)), setting),
    );
    norms.push(await lab.norm(deviation(one, other)));
    await keepPoint(lab, `claim12_random_${2 * pair}`, one);
    await keepPoint(lab, `claim12_random_${2 * pair + 1}`, other);
  }
  return norms;
}

/**
 * Searches the ball for the largest ‖J(θ)J(θ)ᵀ − K‖, from several starts: upwards along the largest eigenvalue, downwards
 * along the top direction of K, from a random point, and with v larger and smaller as a whole. Pairs θ ≠ θ̃ gain under 1 %
 * over θ = θ̃ where it was tried. What is found is a lower bound of the largest ε.
 */
async function searchBall(lab: Lab, start: ParameterValues): Promise<Stability['searched']> {
  const { setting } = lab;
  const { eigenvector: top } = await lab.top(linear('driving'), { ...rough, rounding: 0 });
  const none = start.map(({ length }) => new Float64Array(length));
  // The direction in which the readout grows as a whole.
  const radial = inScaled([...none.slice(0, -1), Float64Array.from(start.at(-1)!)], setting);
  const radius = ballRadius(setting.d);
  const random = ofLength(randomDisplacement(lab, 2 * randomPairs), radius);
  const starts: { from: string; begin: Displacement; sign: 1 | -1 }[] = [
    { from: 'θ(0), upwards', begin: none, sign: 1 },
    { from: 'a random point', begin: random, sign: 1 },
    { from: 'θ(0), downwards', begin: none, sign: -1 },
    ...(setting.layers.second
      ? [
          { from: 'a larger v', begin: ofLength(radial, radius), sign: 1 as const },
          {
            from: 'a smaller v',
            begin: ofLength(radial, -Math.min(radius, lengthOf(radial) / layerScales(setting).at(-1)! ** 2)),
            sign: -1 as const,
          },
        ]
      : []),
  ];
  const searched: Stability['searched'] = [];
  let best: { norm: Norm; point: ParameterValues } | null = null;
  for (const { from, begin, sign } of starts) {
    const point = displacedFrom(start, await climb(lab, { start, begin, sign, top }), setting);
    const norm = await lab.norm(deviation(point));
    searched.push({ from, norm });
    if (!best || norm.value > best.norm.value) best = { norm, point };
  }
  await keepPoint(lab, 'claim12_search', best!.point);
  return searched;
}

/** A search: from θ(0) and a displacement, for an eigenvalue of this sign; beside it the top direction of K. */
interface Search {
  start: ParameterValues;
  begin: Displacement;
  sign: 1 | -1;
  top: Float32Array<ArrayBuffer>;
}

/**
 * From a start, again and again to the point of the ball's surface in the direction in which the eigenvalue of this sign
 * grows fastest (conditional gradient), or half way there where that overshoots, until a step gains less than one per cent.
 */
async function climb(lab: Lab, from: Search): Promise<Displacement> {
  const { setting, signal } = lab;
  const radius = ballRadius(setting.d);
  let current = await visit(lab, from, from.begin);
  let best = current;
  for (let step = 0; step < search.steps; step++) {
    signal?.throwIfAborted();
    const towards = ofLength(inScaled(current.gradient, setting), from.sign * radius);
    if (lengthOf(towards) === 0) break;
    let next = await visit(lab, from, towards);
    if (next.norm.value < current.norm.value && lengthOf(current.displacement) > 0) {
      next = await visit(lab, from, ofLength(plus(current.displacement, towards), radius));
    }
    const gains = next.norm.value > (1 + search.gain) * best.norm.value;
    current = next;
    if (next.norm.value > best.norm.value) best = current;
    if (!gains) break;
  }
  return best.displacement;
}

/** ε at a point of the ball, and the gradient of the eigenvalue that it is sought by. */
async function visit(lab: Lab, { start, sign, top }: Search, displacement: Displacement) {
  const point = displacedFrom(start, displacement, lab.setting);
  const { norm, eigenvector } = await lab.top(deviation(point), rough);
  const q = Math.sign(norm.signed) === sign ? eigenvector : top;
  return { norm, displacement, gradient: await lab.gradient('driving', point, q) };
}

/** ε at the present step, if it is one of those where it is measured along the path. */
async function measurePath(lab: Lab, step: number): Promise<{ step: number; norm: Norm } | null> {
  // Once: there may be as many recorded steps as one likes, and this is asked at each of them.
  const wanted = await lab.once('steps of the path', () => Promise.resolve(new Set(pathSteps(lab))));
  if (!wanted.has(step)) return null;
  const here = minus(current('driving'), linear('driving'));
  return lab.once(`ε at ${step}`, async () => ({ step, norm: await lab.norm(here) }));
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
  const found: Stability = { path: [], leftAt: null, random: [], searched: [], linearNorm: null };
  return {
    start: async (lab) => {
      Object.assign(found, await measureBall(lab));
    },
    step: async (lab, { step, movement }) => {
      if (!(scaledMovement(lab.setting, movement) <= ballRadius(lab.setting.d))) {
        if (step <= agreementTime(lab.setting)) found.leftAt ??= step;
        return;
      }
      const point = await measurePath(lab, step);
      if (point) found.path.push(point);
    },
    finish: (ending, setting) => finish(found, ending, setting),
  };
}

export const largestOf = (norms: readonly Norm[]): Norm =>
  norms.reduce((best, norm) => (norm.value > best.value ? norm : best));

/** The largest ε that was met anywhere: a lower bound of the largest there is. */
export const largestEpsilon = ({ path, random, searched }: Stability): Norm =>
  largestOf([...path.map(({ norm }) => norm), ...random, ...searched.map(({ norm }) => norm)]);
