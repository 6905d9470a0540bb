import { greatestOf } from '../../math/statistics.ts';
import type { Claim, Condition, Quantity, Series, Setting } from '../claim.ts';
import { agreementTime, reachesTime, withinTime } from '../agreement.ts';
import { stableRate } from '../conditions.ts';
import { ballRadius } from '../horizon.ts';
import type { Instrument, Moment } from '../instrument.ts';
import { quantity } from '../quantity.ts';
import { largestEpsilon, withStability } from '../stability.ts';

/** The constant granted to ηtε/√n in a single run; the other two bounds have none. */
const granted = 4;

/** Claim 13: the general theorem, which couples the two dynamics wherever Assumption 1 holds. */
export const coupling: Claim = {
  number: 13,
  slug: 'coupling',
  title: 'The general theorem: two coupled dynamics',
  statement:
    'Under Assumption 1 with *R*²*ε* < *n*, for *η* ≤ *n*/‖*K*‖ and *t* ≤ *cR*²/*η*: ‖*u*(*t*) − *u*_{lin}(*t*)‖ ≲ *ηtε*/√*n*, ‖*θ*(*t*) − *θ*(0)‖ ≤ *R* and ‖*ω*(*t*) − *ω*(0)‖ ≤ *R*.',
  measures:
    'All three at every recorded *t* ≤ *T*, with *R* = √(*d* log *d*) and the largest *ε* that claim 12 measured along the path, at random and at adversarial points. Where *R*²*ε* ≥ *n* the theorem says nothing.',
  source: 'Deck, “General Result”; THEORY.md, section 5',
  senseless: () => null,
  conditions: (setting) => [stableRate(setting, 0.5)],
};

/** Measures claim 13. */
export const couplingInstrument = (): Instrument =>
  withStability((found, ending, setting) => {
    const { moments, divergedAt } = ending;
    const epsilon = largestEpsilon(found);
    const T = agreementTime(setting);
    const within = withinTime(moments, T);
    const hypothesis = smallEpsilon(setting, epsilon);
    if (within.length === 0) {
      return {
        quantities: [],
        conditions: [hypothesis],
        remark: 'No step *t* ≥ 1 was recorded within *T*.',
      };
    }
    const { quantities, series } = trajectories(
      within,
      setting,
      epsilon,
      divergedAt !== null && divergedAt <= T,
    );
    return {
      quantities,
      series,
      conditions: [hypothesis, reachesTime(ending, T)],
      silent: hypothesis.verdict === 'not met',
      remark:
        hypothesis.verdict === 'met'
          ? ''
          : 'The hypothesis *R*²*ε* < *n* is not met: the theorem says nothing here, whatever the numbers.',
    };
  });

function smallEpsilon({ n, d }: Setting, epsilon: number): Condition {
  const value = (ballRadius(d) ** 2 * epsilon) / n;
  return {
    hypothesis: '*R*²*ε* < *n*',
    here: { symbol: '*R*²*ε*/*n*', value },
    verdict: value < 1 ? 'met' : 'not met',
    remark: '',
  };
}

function trajectories(
  within: readonly Moment[],
  setting: Setting,
  epsilon: number,
  diverged: boolean,
): { quantities: Quantity[]; series: Series[] } {
  const { n, d, eta1, eta2 } = setting;
  const eta = Math.max(eta1, eta2);
  const distance = (moment: Moment) => Math.sqrt(n * moment.train.discrepancy);
  const bound = ({ step }: Moment) => (eta * step * epsilon) / Math.sqrt(n);
  const movement = ({ movementW, movementV }: Moment) => Math.hypot(movementW, movementV);
  const worst = within.reduce((best, moment) =>
    distance(moment) / bound(moment) > distance(best) / bound(best) ? moment : best,
  );
  const R = { symbol: '*R* = √(*d* log *d*)', value: ballRadius(d) };
  return {
    quantities: [
      quantity({
        key: 'output_distance',
        symbol: '‖*u*(*t*) − *u*_{lin}(*t*)‖',
        value: diverged ? Infinity : distance(worst),
        bound: { symbol: '*ηtε*/√*n*', value: bound(worst) },
        constant: granted,
        remark: `largest against its bound at *t* = ${worst.step}`,
      }),
      quantity({
        key: 'parameter_movement',
        symbol: 'max_{*t*≤*T*} ‖*θ*(*t*) − *θ*(0)‖',
        value: greatestOf(within.map(movement)),
        bound: R,
      }),
      quantity({
        key: 'linear_movement',
        symbol: 'max_{*t*≤*T*} ‖*ω*(*t*) − *ω*(0)‖',
        value: greatestOf(within.map(({ movementBeta }) => movementBeta)),
        bound: R,
      }),
    ],
    series: [
      {
        key: 'output_distance',
        symbol: '‖*u*(*t*) − *u*_{lin}(*t*)‖',
        axis: 'step',
        x: within.map(({ step }) => step),
        y: within.map(distance),
        bound: { symbol: '*ηtε*/√*n*', y: within.map(bound) },
      },
    ],
  };
}
