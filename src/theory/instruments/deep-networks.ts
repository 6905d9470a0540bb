import { DeepNetwork } from '../../network/deep.ts';
import {
  agreementOnBoth,
  agreementTime,
  fallingBound,
  outputRounding,
  roundingOf,
  withinTime,
} from '../agreement.ts';
import type { Bound, Quantity, Series, Setting } from '../claim.ts';
import { type DeepDistances, type ExpectedDistances, deepDistances } from '../deep-distances.ts';
import { hasLinearPart } from '../claims/deep-networks.ts';
import type { Norm } from '../../spectral/spectrum.ts';
import type { Ending, Findings, Instrument, Moment } from '../instrument.ts';
import type { Lab } from '../lab.ts';
import { kernelConstant, normQuantity, quantity } from '../quantity.ts';
import { type ResidualMoment, TestResidual } from '../test-residual.ts';

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
      const kernels = kernelQuantities(distances, setting);
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
      const split = residual ? splitResidual(residual.momentsOf(ending), setting) : nothing;
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

/** Distances of kernels over n/d, of which the first falls with d; the others are read beside it. */
function kernelQuantities({ expected, fromLinear, linear }: DeepDistances, setting: Setting): Quantity[] {
  return [
    ...(expected ? expectedQuantities(expected, setting) : []),
    ...shareOf(linear, (of) =>
      normQuantity(
        fromLinear,
        { key: 'initial_share', symbol: '‖*Θ*(0) − *K*‖/‖*K*‖', bound: null, relation: 'beside' },
        of,
      ),
    ),
  ];
}

function expectedQuantities(
  { points, whole, offDiagonal, initial, linear }: ExpectedDistances,
  setting: Setting,
): Quantity[] {
  const { n, d, deep } = setting;
  const { k1, convolution } = deep!;
  const unit = points / d;
  const first = points < n ? `on the first ${points} training points` : '';
  const words = (remark: string): string => [first, remark].filter(Boolean).join('; ');
  const falling = fallingBound(setting);
  // The diagonal that K leaves out counts γd/points there: on fewer points than n the claim's n does not outweigh it.
  const judged: Partial<Quantity> & { bound: Bound | null } =
    points < n
      ? { bound: null, relation: 'beside' }
      : {
          bound: { symbol: `*k*_{1}${falling.symbol}`, value: k1 * falling.value },
          relation: 'falls',
          constant: kernelConstant,
        };
  return [
    normQuantity(
      whole,
      { key: 'expected_distance', symbol: '‖*Θ*^{∗} − *K*‖/(*n*/*d*)', remark: words(''), ...judged },
      unit,
    ),
    ...(convolution
      ? [
          normQuantity(
            offDiagonal,
            {
              key: 'expected_off_diagonal',
              symbol: '‖*Θ*^{∗} − *K*‖/(*n*/*d*) off the diagonal',
              bound: { symbol: '*k*_{1}/*Q*', value: k1 / convolution.taps },
              constant: kernelConstant,
              remark: words(''),
            },
            unit,
          ),
        ]
      : []),
    normQuantity(
      initial,
      {
        key: 'initial_distance',
        symbol: '‖*Θ*(0) − *Θ*^{∗}‖/(*n*/*d*)',
        bound: null,
        relation: 'beside',
        remark: words('falls with the width, grows with the depth'),
      },
      unit,
    ),
    ...shareOf(linear, (of) =>
      normQuantity(
        whole,
        {
          key: 'expected_share',
          symbol: '‖*Θ*^{∗} − *K*‖/‖*K*‖',
          bound: null,
          relation: 'beside',
          remark: words(''),
        },
        of,
      ),
    ),
  ];
}

/** What is divided by a norm; nothing where that is 0. */
const shareOf = ({ value }: Norm, made: (of: number) => Quantity): Quantity[] =>
  value > 0 ? [made(value)] : [];

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
            error: roundingOf(discrepancies.linear) / linearSquare,
          },
        ]
      : [],
  );
  const within = points.filter(({ step }) => step <= agreementTime(setting));
  const late = within.filter(({ step }) => step * clock >= learned);
  const counted = late.length > 0 ? late : within.slice(-1);
  if (counted.length === 0) return nothing;
  const peak = largestOf(counted);
  const bound = fallingBound(setting);
  const symbol = 'mean (*f* − *f*_{lin})²/mean *f*_{lin}²';
  return {
    quantities: [
      quantity({
        key: 'relative_discrepancy',
        value: peak.value,
        error: peak.error,
        remark: `at *τ* = ${short(peak.step * clock)}`,
        // Before the linear model has learned much there is little to divide by, and nothing is claimed of the quotient.
        ...(late.length > 0
          ? { symbol: `max_{½≤*τ*, *t*≤*T*} ${symbol}`, bound, relation: 'falls' }
          : { symbol, bound: null, relation: 'beside' }),
      }),
    ],
    series: [
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

const short = (value: number): string => String(Number(value.toPrecision(3)));

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
            error: roundingOf(value),
            remark: `at *τ* = ${short(step * clock)}: what movement alone accounts for`,
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
    remark: `${short(losses.network)} and ${short(losses.linear)} at *τ* = ${short(step * clock)}`,
  };
}

/** The test residual in the span of the test inputs and off it. */
function splitResidual(
  moments: readonly ResidualMoment[],
  setting: Setting,
): { quantities: Quantity[]; series: Series[] } {
  const { clock } = setting.deep!;
  const T = agreementTime(setting);
  const last = moments.filter(({ step }) => step >= 1 && step <= T).at(-1);
  const x = moments.map(({ step }) => step * clock);
  const curve = (key: string, symbol: string, of: (moment: ResidualMoment) => number): Series => ({
    key,
    symbol,
    axis: 'clock',
    x,
    y: moments.map(of),
    bound: null,
  });
  const series = [
    curve('span_network', 'test residual on *V*_{lin}, network', ({ network }) => network.inSpan),
    curve('span_linear', 'on *V*_{lin}, linear model', ({ linear }) => linear.inSpan),
    curve('off_span_network', 'off *V*_{lin}, network', ({ network }) => network.offSpan),
    curve('off_span_linear', 'off *V*_{lin}, linear model', ({ linear }) => linear.offSpan),
  ];
  if (!last) return { quantities: [], series };
  const at = `at *τ* = ${short(last.step * clock)}`;
  const ratio = (key: string, symbol: string, own: number, other: number): Quantity[] =>
    other > 0
      ? [
          quantity({
            key,
            symbol,
            value: own / other,
            bound: null,
            relation: 'beside',
            remark: `${short(own)} and ${short(other)}, ${at}`,
          }),
        ]
      : [];
  return {
    quantities: [
      ...ratio(
        'span_ratio',
        'test residual on *V*_{lin} over the linear model’s',
        last.network.inSpan,
        last.linear.inSpan,
      ),
      ...ratio(
        'off_span_ratio',
        'test residual off *V*_{lin} over the linear model’s',
        last.network.offSpan,
        last.linear.offSpan,
      ),
    ],
    series,
  };
}
