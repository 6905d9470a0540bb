import { targetDirections } from '../../data/directions.ts';
import type { PointSet } from '../../data/point-set.ts';
import { assumedData } from '../conditions.ts';
import type { Claim } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { quantity } from '../quantity.ts';

/** The normalized Hermite polynomials of degrees 1, 2, 3: orthonormal under N(0, 1). */
const hermite: Record<1 | 2 | 3, (s: number) => number> = {
  1: (s) => s,
  2: (s) => (s * s - 1) / Math.SQRT2,
  3: (s) => (s * s * s - 3 * s) / Math.sqrt(6),
};

const components = [
  { key: 'linear_b', degree: 1, direction: 'b' },
  { key: 'quadratic_b', degree: 2, direction: 'b' },
  { key: 'cubic_b', degree: 3, direction: 'b' },
  { key: 'quadratic_c', degree: 2, direction: 'c' },
] as const;

/** A component of the target within so many standard errors of 0, 1/√n each where |y| ≤ 1, is taken for none. */
const standardErrors = 4;

/** Of a projection of outputs of size up to about ½ on n points, over the component: what sampling leaves open. */
const standardErrorOf = ({ inTarget, values }: Component): number =>
  0.5 / (Math.sqrt(values.length) * Math.abs(inTarget));

interface Component {
  key: string;
  symbol: string;
  /** Σ_i y_i h(⟨x_i, direction⟩)/n */
  inTarget: number;
  /** h(⟨x_i, direction⟩), one a point. */
  values: Float64Array;
}

/** Claim 16: the linear component of a target is learned first. */
export const frequencyBias: Claim = {
  number: 16,
  slug: 'frequency-bias',
  title: 'Frequency bias: the linear part is learned first',
  statement:
    'The network learns functions of increasing complexity: of a target with components of several degrees, the linear one comes first.',
  measures:
    'The projections of *f*_{*t*} and of the target on the normalized Hermite polynomials of degrees 1, 2 and 3 of the target’s directions, over *t*, on the test points (the training points where there are none); and how much of the others is learned when half of the linear one is.',
  source: 'Deck, “Motivation: Frequency Bias”',
  senseless: ({ targetDirections: known }) =>
    known ? null : 'it needs a target of known directions: sign-linear, sign-quadratic or hermite',
  conditions: (setting) => [assumedData(setting)],
};

/** Measures claim 16. */
export const frequencyBiasInstrument = (): Instrument => {
  let found: Component[] = [];
  const learned: { step: number; shares: number[] }[] = [];
  return {
    start: async (lab) => {
      found = await targetComponents(lab, pointsOf(lab));
    },
    step: async (lab, { step }) => {
      const f = await (lab.outputs.network.test ?? lab.outputs.network.train).read();
      learned.push({ step, shares: found.map((part) => mean(f, part.values) / part.inTarget) });
    },
    finish: () => {
      const linear = found.findIndex(({ key }) => key === 'linear_b');
      const others = found.map((_, k) => k).filter((k) => k !== linear);
      const half = learned.find(({ shares }) => shares[linear] >= 0.5);
      const series = found.map((part, k) => ({
        key: part.key,
        symbol: `share of ${part.symbol} learned`,
        axis: 'step' as const,
        x: learned.map(({ step }) => step),
        y: learned.map(({ shares }) => shares[k]),
        bound: null,
      }));
      const missing =
        linear < 0
          ? 'The target has no linear component.'
          : others.length === 0
            ? 'The target has no component of a higher degree to compare with.'
            : half
              ? null
              : 'The linear component is not half learned by the end of the run.';
      if (missing !== null || !half) return { quantities: [], series, remark: missing ?? '' };
      return {
        quantities: others.map((k) =>
          quantity({
            key: `share_of_${found[k].key}`,
            symbol: `share of ${found[k].symbol} learned when half of *h*_{1}(*b*ᵀ*x*) is`,
            value: half.shares[k],
            error: standardErrorOf(found[k]),
            bound: { symbol: 'that of *h*_{1}(*b*ᵀ*x*)', value: half.shares[linear] },
            remark: `at *t* = ${half.step}`,
          }),
        ),
        series,
      };
    },
  };
};

const pointsOf = ({ test, train }: Lab): PointSet => test ?? train;

async function targetComponents({ seed }: Lab, points: PointSet): Promise<Component[]> {
  const d = points.X.cols;
  const directions = targetDirections(d, seed);
  const [X, y] = await Promise.all([points.X.readAll(), points.y.read()]);
  const projection = (direction: Float64Array) =>
    Float64Array.from({ length: points.size }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += X[i * d + k] * direction[k];
      return sum;
    });
  const along = { b: unitVariance(projection(directions.b)), c: unitVariance(projection(directions.c)) };
  return components.flatMap(({ key, degree, direction }) => {
    const values = along[direction].map(hermite[degree]);
    const inTarget = mean(y, values);
    const symbol = `*h*_{${degree}}(*${direction}*ᵀ*x*)`;
    return Math.abs(inTarget) * Math.sqrt(points.size) < standardErrors
      ? []
      : [{ key, symbol, inTarget, values }];
  });
}

/** The same with mean square 1, for which the Hermite polynomials are orthonormal, whatever Σ is along a direction. */
function unitVariance(s: Float64Array): Float64Array {
  const square = s.reduce((sum, value) => sum + value * value, 0) / s.length;
  return square > 0 ? s.map((value) => value / Math.sqrt(square)) : s;
}

function mean(f: Float32Array, values: Float64Array): number {
  return f.reduce((sum, value, i) => sum + value * values[i], 0) / f.length;
}
