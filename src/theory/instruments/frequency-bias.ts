import type { PointSet } from '../../data/point-set.ts';
import { lengthOf, standardErrorOf } from '../../math/statistics.ts';
import type { Instrument } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { quantity } from '../quantity.ts';
import { outputRounding } from '../rounding.ts';
import { type TargetComponent, isDetected, learnedShare, targetComponents } from '../target-components.ts';

/** Measures claim 16. */
export const frequencyBiasInstrument = (): Instrument => {
  let all: TargetComponent[] = [];
  let found: TargetComponent[] = [];
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
      const shares = found.map((part) => learnedShare(f, part));
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
const describeHidden = ({ symbol, inTarget, standardError }: TargetComponent): string =>
  `${symbol} (${Number(inTarget.toPrecision(2))} ± ${Number((2 * standardError).toPrecision(2))})`.replace(
    '(-',
    '(−',
  );

/** Twice the standard error of a share mean(f h)/mean(y h) over the points, to first order, with what float32 leaves open of f. */
function shareError(
  f: Float32Array,
  y: Float32Array,
  { values, inTarget }: TargetComponent,
  share: number,
): number {
  const parts = Array.from(f, (value, i) => (value - share * y[i]) * values[i]);
  const rounding = outputRounding * lengthOf(y) * lengthOf(values);
  return (2 * (standardErrorOf(parts) ?? Infinity) + rounding / y.length) / Math.abs(inTarget);
}
