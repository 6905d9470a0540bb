import { reachesTime, withinTime } from '../agreement.ts';
import { agreementTime } from '../agreement-time.ts';
import { scaledMovement } from '../ball.ts';
import type { Condition, Quantity, Setting } from '../claim.ts';
import { ballRadius } from '../horizon.ts';
import type { Instrument, Moment } from '../instrument.ts';
import { PathBound } from '../path-bound.ts';
import { quantity } from '../quantity.ts';
import { type Stability, largestEpsilon, linearNorm, withStability } from '../stability.ts';

const distanceSymbol = '‖*u*(*t*) − *u*_{lin}(*t*)‖';
const pathSymbol = '(*η*/*n*) *Σ*_{*τ*<*t*} ‖*E*(*τ*)‖ ‖*u*(*τ*) − *y*‖';

/** Measures claim 13. */
export const couplingInstrument = (): Instrument => {
  const path = new PathBound();
  const stability = withStability((found, ending, setting) => {
    const { moments } = ending;
    const T = agreementTime(setting);
    const within = withinTime(moments, T);
    const hypotheses = assumption(found, setting);
    const refuted = hypotheses.filter(({ verdict }) => verdict === 'not met');
    return {
      quantities: [
        ...pathQuantities(path),
        ...(within.length > 0 ? theoremQuantities(within, found, setting) : []),
      ],
      series: [
        {
          key: 'path_distance',
          symbol: distanceSymbol,
          axis: 'step',
          x: path.steps.map(({ step }) => step),
          y: path.steps.map(({ distance }) => distance),
          bound: { symbol: pathSymbol, y: path.steps.map(({ bound }) => bound) },
        },
      ],
      conditions: [...hypotheses, { ...reachesTime(ending, setting), role: 'beside' }],
      remark: [
        path.leftAt !== null
          ? `By *t* = ${path.leftAt} the outputs had left float32’s range.`
          : path.steps.length === 0
            ? 'No step *t* ≥ 1 was made within *T*.'
            : '',
        refuted.length > 0
          ? `The theorem’s hypothesis is refuted: ${refuted.map(({ hypothesis }) => hypothesis).join(' and ')} is not met at a point that was found, so that the theorem says nothing here.`
          : 'The theorem’s hypothesis is not refuted by this search, which does not certify it.',
      ]
        .filter(Boolean)
        .join(' '),
    };
  });
  return {
    ...stability,
    each: {
      wants: (lab, step) => PathBound.wants(lab, step),
      visit: async (lab, step) => {
        const { value, error } = await linearNorm(lab);
        await path.visit(lab, step, value + error);
      },
    },
  };
};

/** What ε has to be for the theorem: a lower bound of it refutes, or leaves open. */
function assumption(found: Stability, { n, d }: Setting): Condition[] {
  const epsilon = largestEpsilon(found);
  const surely = epsilon.value - epsilon.error;
  const condition = (hypothesis: string, symbol: string, unit: number): Condition => ({
    hypothesis,
    here: { symbol, value: epsilon.value / unit },
    verdict: surely / unit >= 1 ? 'not met' : 'not known',
    remark: surely / unit >= 1 ? 'refuted at a point of the ball' : 'not refuted by this search',
    role: 'beside',
  });
  const R = ballRadius(d);
  return [
    condition('*R*²*ε* < *n*', '*R*²*ε*/*n*, at least', n / R ** 2),
    condition('*ε* < ‖*K*‖', '*ε*/‖*K*‖, at least', found.linearNorm!.value),
  ];
}

/** The step at which the path comes nearest to its bound. */
function pathQuantities({ steps }: PathBound): Quantity[] {
  if (steps.length === 0) return [];
  const nearest = steps.reduce((best, step) =>
    step.distance * best.bound > best.distance * step.bound ? step : best,
  );
  const last = steps.at(-1)!;
  return [
    quantity({
      key: 'path_distance',
      symbol: distanceSymbol,
      value: nearest.distance,
      error: nearest.error,
      bound: { symbol: pathSymbol, value: nearest.bound },
      relation: 'proved',
      remark: `nearest to its bound at *t* = ${nearest.step} of ${last.step}; at the end ${(last.distance / last.bound).toPrecision(2)} of it`,
    }),
  ];
}

/** The numbers that the theorem bounds, to be read beside: with an ε that is too small they may pass. */
function theoremQuantities(within: readonly Moment[], found: Stability, setting: Setting): Quantity[] {
  const { n, d, eta } = setting;
  const epsilon = largestEpsilon(found).value;
  const distance = ({ train }: Moment) => Math.sqrt(n * train.discrepancies.linear);
  const bound = ({ step }: Moment) => (eta * step * epsilon) / Math.sqrt(n);
  const worst = within.reduce((best, moment) =>
    distance(moment) * bound(best) > distance(best) * bound(moment) ? moment : best,
  );
  const most = (of: (moment: Moment) => number) =>
    within.reduce((largest, moment) => Math.max(largest, of(moment)), 0);
  const R = { symbol: '*R* = √(*d* log *d*)', value: ballRadius(d) };
  const relation = 'beside';
  return [
    quantity({
      key: 'output_distance',
      symbol: distanceSymbol,
      value: distance(worst),
      bound: { symbol: '*ηtε*/√*n*', value: bound(worst) },
      relation,
      remark: `largest against it at *t* = ${worst.step}, with the largest *ε* that was found`,
    }),
    quantity({
      key: 'parameter_movement',
      symbol: 'max_{*t*≤*T*} ‖*θ*(*t*) − *θ*(0)‖',
      value: most(({ movement }) => scaledMovement(setting, movement)),
      bound: R,
      relation,
    }),
    quantity({
      key: 'linear_movement',
      symbol: 'max_{*t*≤*T*} ‖*ω*(*t*) − *ω*(0)‖',
      value: most(({ movement }) => movement['beta']),
      bound: R,
      relation,
    }),
  ];
}
