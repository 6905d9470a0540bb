import { targetDirections } from '../../data/directions.ts';
import type { PointSet } from '../../data/point-set.ts';
import { standardErrorOf } from '../../math/statistics.ts';
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

/** A component of the target within so many standard errors of 0 is not detected on these points. */
const standardErrors = 4;

/** A component of the target: Σ_i y_i h(⟨x_i, direction⟩)/n, with its standard error over the points. */
interface Component {
  key: string;
  symbol: string;
  inTarget: number;
  standardError: number;
  /** h(⟨x_i, direction⟩), one a point. */
  values: Float64Array;
}

const isDetected = ({ inTarget, standardError }: Component): boolean =>
  Math.abs(inTarget) > standardErrors * standardError;

/** Measures claim 16. */
export const frequencyBiasInstrument = (): Instrument => {
  let all: Component[] = [];
  let found: Component[] = [];
  let targets: Float32Array;
  const learned: { step: number; shares: number[]; errors: number[] }[] = [];
  return {
    start: async (lab) => {
      const points = pointsOf(lab);
      targets = await points.y.read();
      all = await targetComponents(lab, points, targets);
      found = all.filter(isDetected);
    },
    step: async (lab, { step }) => {
      const f = await (lab.outputs.network.test ?? lab.outputs.network.train).read();
      const shares = found.map((part) => mean(f, part.values) / part.inTarget);
      const errors = found.map((part, k) => shareError(f, targets, part, shares[k]));
      learned.push({ step, shares, errors });
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
      const hidden = all.filter((part) => !isDetected(part)).map(describeHidden);
      const undetected =
        hidden.length === 0
          ? ''
          : `Not detected on these ${targets.length} points, which does not make it absent: ${hidden.join(', ')}.`;
      const missing =
        linear < 0
          ? 'No linear component is detected to compare with.'
          : others.length === 0
            ? 'No component of a higher degree is detected to compare with.'
            : half
              ? null
              : 'The linear component is not half learned by the end of the run.';
      const remark = [missing, undetected].filter(Boolean).join(' ');
      if (missing !== null || !half) return { quantities: [], series, remark };
      return {
        quantities: others.map((k) =>
          quantity({
            key: `share_of_${found[k].key}`,
            symbol: `share of ${found[k].symbol} learned when half of *h*_{1}(*b*ᵀ*x*) is`,
            value: half.shares[k],
            error: half.errors[k] + half.errors[linear],
            bound: { symbol: 'that of *h*_{1}(*b*ᵀ*x*)', value: half.shares[linear] },
            remark: `at *t* = ${half.step}`,
          }),
        ),
        series,
        remark: undetected,
      };
    },
  };
};

const pointsOf = ({ test, train }: Lab): PointSet => test ?? train;

/** "h_2(cᵀx) (0.02 ± 0.04)": what was found of a component, with twice its standard error. */
const describeHidden = ({ symbol, inTarget, standardError }: Component): string =>
  `${symbol} (${Number(inTarget.toPrecision(2))} ± ${Number((2 * standardError).toPrecision(2))})`.replace(
    '(-',
    '(−',
  );

/** Twice the standard error of a share mean(f h)/mean(y h) over the points, to first order. */
function shareError(
  f: Float32Array,
  y: Float32Array,
  { values, inTarget }: Component,
  share: number,
): number {
  const parts = Array.from(f, (value, i) => (value - share * y[i]) * values[i]);
  return (2 * (standardErrorOf(parts) ?? Infinity)) / Math.abs(inTarget);
}

async function targetComponents(
  { seed, keep }: Lab,
  points: PointSet,
  y: Float32Array,
): Promise<Component[]> {
  const d = points.X.cols;
  const directions = targetDirections(d, seed);
  for (const name of ['b', 'c'] as const) {
    await keep?.({ name: `claim16_${name}`, shape: [d], data: Float32Array.from(directions[name]) });
  }
  const X = await points.X.readAll();
  const projection = (direction: Float64Array) =>
    Float64Array.from({ length: points.size }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += X[i * d + k] * direction[k];
      return sum;
    });
  const along = { b: unitVariance(projection(directions.b)), c: unitVariance(projection(directions.c)) };
  return components.map(({ key, degree, direction }) => {
    const values = along[direction].map(hermite[degree]);
    const standardError = standardErrorOf(Array.from(y, (target, i) => target * values[i])) ?? Infinity;
    const symbol = `*h*_{${degree}}(*${direction}*ᵀ*x*)`;
    return { key, symbol, inTarget: mean(y, values), standardError, values };
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
