import { DeepNetwork } from '../../network/deep.ts';
import { agreementOnBoth, fallingBound, withinTime } from '../agreement.ts';
import { outputRounding, roundingOf } from '../rounding.ts';
import { agreementTime } from '../agreement-time.ts';
import type { Quantity, Series, Setting } from '../claim.ts';
import { hasLinearPart } from '../claims/deep-networks.ts';
import { type DeepDistances, deepDistances, distanceQuantities } from '../deep-distances.ts';
import type { Ending, Findings, Instrument, Moment } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { quantity, shortly } from '../quantity.ts';
import { TestResidual } from '../test-residual.ts';

/** The train discrepancy at which agreement is said to end (THEORY-DEEP.md, section g). */
const apart = 0.05;
/** From this τ on the linear model has learned enough to divide by. */
const learned = 0.5;

/** Measures claim 17. */
export const deepNetworksInstrument = (): Instrument => {
  const agreement = agreementOnBoth();
  let distances: DeepDistances;
  let residual: TestResidual | null = null;
  return {
    start: async (lab) => {
      distances = await deepDistances(lab, deepNetworkOf(lab));
      residual = await TestResidual.create(lab);
    },
    step: async (lab, moment) => {
      await agreement.step!(lab, moment);
      await residual?.note(lab, moment.step);
    },
    finish: (ending, setting) => {
      const kernels = distanceQuantities(distances, setting);
      if (!hasLinearPart(setting.deep!)) {
        return {
          quantities: kernels.map((one): Quantity => ({ ...one, bound: null, relation: 'beside' })),
          silent: true,
          remark:
            'The linear part *k*_{1} of this kernel is 0: the linear model learns no direction of the inputs. Take an activation with E *φ*′ ≠ 0.',
        };
      }
      const found = measuredOf(agreement.finish(ending, setting), setting);
      const relative = relativeDiscrepancy(ending, setting);
      const split = residual?.findings(ending, setting) ?? nothing;
      return {
        ...found,
        quantities: [
          ...kernels,
          ...found.quantities,
          ...relative.quantities,
          ...courseQuantities(ending, setting),
          ...split.quantities,
        ],
        series: [...(found.series ?? []), ...relative.series, ...split.series],
        remark: [found.remark, distances.expected ? '' : tooCostly].filter(Boolean).join(' '),
      };
    },
  };
};

const nothing = { quantities: [], series: [] };

const tooCostly =
  'The expected kernel of this network would take too long: it goes over all pairs of positions. Fewer positions, or a flat readout without pools, make it cheap.';

/** What is to fall, and was not measured at all, leaves the claim undecided: the kernels alone are not what it says. */
function measuredOf(found: Findings, setting: Setting): Findings {
  if (found.quantities.length > 0) return found;
  const lost = quantity({
    key: 'train_discrepancy',
    symbol: 'max_{*t*≤*T*} mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))²',
    value: Number.NaN,
    bound: fallingBound(setting),
    relation: 'falls',
    remark: 'no step 1 ≤ *t* ≤ *T* was recorded',
  });
  return { ...found, quantities: [lost] };
}

function deepNetworkOf({ network }: Pick<Lab, 'network'>): DeepNetwork {
  if (network instanceof DeepNetwork) return network;
  throw new Error('This is measured of deep and convolutional networks only.');
}

const unlearned = {
  value: Number.NaN,
  remark: 'the linear model learned no more than float32 may leave of 0: there is nothing to divide by',
};

const valueOf = ({ step, value, error }: { step: number; value: number; error: number }, clock: number) => ({
  value,
  error,
  remark: `at *τ* = ${shortly(step * clock)}`,
});

/** mean (f − f_lin)²/mean f_lin² on the training points: where both curves rest, the loss alone hides a disagreement. */
function relativeDiscrepancy(
  { moments }: Ending,
  setting: Setting,
): { quantities: Quantity[]; series: Series[] } {
  const { clock } = setting.deep!;
  const points = moments.flatMap(({ step, train: { discrepancies, linearSquare } }) =>
    step > 0 && linearSquare !== undefined && linearSquare > 0
      ? [
          {
            step,
            value: discrepancies.linear / linearSquare,
            linearSquare,
            error: roundingOf(discrepancies.linear, setting) / linearSquare,
          },
        ]
      : [],
  );
  const within = points.filter(({ step }) => step <= agreementTime(setting));
  const isLate = ({ step }: { step: number }): boolean => step * clock >= learned;
  const late = withinTime(moments, agreementTime(setting)).filter(isLate);
  const isJudged = late.length > 0;
  // Where ‖f_lin‖²/n is no more than this, it may be rounding alone.
  const least = roundingOf(0, setting);
  const counted = isJudged
    ? within.filter((point) => isLate(point) && point.linearSquare > least)
    : within.slice(-1);
  const isNothing = isJudged && late.every(({ train: { linearSquare } }) => linearSquare! <= least);
  if (counted.length === 0 && !isNothing) return nothing;
  const bound = fallingBound(setting);
  const symbol = 'mean (*f* − *f*_{lin})²/mean *f*_{lin}²';
  return {
    quantities: [
      quantity({
        key: 'relative_discrepancy',
        ...(counted.length > 0 ? valueOf(largestOf(counted), clock) : unlearned),
        // Before the linear model has learned much there is little to divide by, and nothing is claimed of the quotient.
        ...(isJudged
          ? { symbol: `max_{½≤*τ*, *t*≤*T*} ${symbol}`, bound, relation: 'falls' }
          : { symbol, bound: null, relation: 'beside' }),
      }),
    ],
    series:
      points.length === 0
        ? []
        : [
            {
              key: 'relative_discrepancy',
              symbol,
              axis: 'clock',
              x: points.map(({ step }) => step * clock),
              y: points.map(({ value }) => value),
              bound: { symbol: bound.symbol, y: points.map(() => bound.value) },
            },
          ],
  };
}

/** Read beside the discrepancies: losses at T, the distance to the linearization, and when agreement ends. */
function courseQuantities({ moments }: Ending, setting: Setting): Quantity[] {
  const { clock } = setting.deep!;
  const within = withinTime(moments, agreementTime(setting));
  const last = within.at(-1);
  const end = moments.find(({ step, train }) => step > 0 && train.discrepancies.linear > apart);
  const linearization = within.flatMap(({ step, train: { discrepancies } }) => {
    const value = discrepancies['linearized'];
    return value === undefined ? [] : [{ step, value }];
  });
  const beside = (given: Pick<Quantity, 'key' | 'symbol' | 'value'> & Partial<Quantity>): Quantity =>
    quantity({ bound: null, relation: 'beside', ...given });
  return [
    ...(linearization.length === 0
      ? []
      : [largestOf(linearization)].map(({ step, value }) =>
          beside({
            key: 'linearization_discrepancy',
            symbol: 'max_{*t*≤*T*} mean (*f*_{*t*} − *u*_{*t*})², *u* the linearized network',
            value,
            error: roundingOf(value, setting),
            remark: `at *τ* = ${shortly(step * clock)}: what movement alone accounts for`,
          }),
        )),
    ...(last && last.train.losses.linear > 0 ? [beside(lossRatio(last, clock))] : []),
    ...(end
      ? [
          beside({
            key: 'agreement_ends',
            symbol: `*τ* at which mean (*f* − *f*_{lin})² first exceeds ${apart}`,
            value: end.step * clock,
            remark: `*t* = ${end.step}`,
          }),
        ]
      : []),
  ];
}

const largestOf = <Point extends { value: number }>(points: readonly Point[]): Point =>
  points.reduce((most, point) => (point.value > most.value ? point : most));

function lossRatio({ step, train: { losses } }: Moment, clock: number) {
  const value = losses.network / losses.linear;
  return {
    key: 'loss_ratio',
    symbol: 'loss of the network over the linear model’s at *T*',
    value,
    error: 4 * outputRounding * value,
    remark: `${shortly(losses.network)} and ${shortly(losses.linear)} at *τ* = ${shortly(step * clock)}`,
  };
}
