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
import { type DeepDistances, deepDistances } from '../deep-distances.ts';
import type { Ending, Instrument, Moment } from '../instrument.ts';
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
      const found = agreement.finish(ending, setting);
      const relative = relativeDiscrepancy(ending, setting);
      const split = residual ? splitResidual(residual.moments, setting) : { quantities: [], series: [] };
      return {
        ...found,
        quantities: [
          ...kernelQuantities(distances, setting),
          ...found.quantities,
          ...relative.quantities,
          ...courseQuantities(ending, setting),
          ...split.quantities,
        ],
        series: [...(found.series ?? []), ...relative.series, ...split.series],
      };
    },
  };
};

function deepNetworkOf({ network }: Pick<Lab, 'network'>): DeepNetwork {
  if (network instanceof DeepNetwork) return network;
  throw new Error('This is measured of deep and convolutional networks only.');
}

/** Distances of kernels over n/d, of which the first falls with d; the others are read beside it. */
function kernelQuantities(distances: DeepDistances, setting: Setting): Quantity[] {
  const { points } = distances;
  const { n, d, deep } = setting;
  const unit = points / d;
  const remark = points < n ? `on the first ${points} training points` : '';
  const convolution = deep!.convolution;
  return [
    normQuantity(
      distances.expected,
      {
        key: 'expected_distance',
        symbol: '‖*Θ*^{∗} − *K*‖/(*n*/*d*)',
        bound: fallingBound(setting),
        relation: 'falls',
        constant: kernelConstant,
        remark,
      },
      unit,
    ),
    ...(convolution
      ? [
          normQuantity(
            distances.offDiagonal,
            {
              key: 'expected_off_diagonal',
              symbol: '‖*Θ*^{∗} − *K*‖/(*n*/*d*) off the diagonal',
              bound: { symbol: '1/*Q*', value: 1 / convolution.taps } satisfies Bound,
              constant: kernelConstant,
              remark,
            },
            unit,
          ),
        ]
      : []),
    normQuantity(
      distances.initial,
      {
        key: 'initial_distance',
        symbol: '‖*Θ*(0) − *Θ*^{∗}‖/(*n*/*d*)',
        bound: null,
        relation: 'beside',
        remark: [remark, 'falls with the width, grows with the depth'].filter(Boolean).join('; '),
      },
      unit,
    ),
    normQuantity(
      distances.expected,
      { key: 'expected_share', symbol: '‖*Θ*^{∗} − *K*‖/‖*K*‖', bound: null, relation: 'beside', remark },
      distances.linearThere.value,
    ),
    normQuantity(
      distances.fromLinear,
      { key: 'initial_share', symbol: '‖*Θ*(0) − *K*‖/‖*K*‖', bound: null, relation: 'beside' },
      distances.linear.value,
    ),
  ];
}

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
  if (counted.length === 0) return { quantities: [], series: [] };
  const peak = counted.reduce((most, point) => (point.value > most.value ? point : most));
  const bound = fallingBound(setting);
  const symbol = 'mean (*f* − *f*_{lin})²/mean *f*_{lin}²';
  return {
    quantities: [
      quantity({
        key: 'relative_discrepancy',
        symbol: `max_{½≤*τ*, *t*≤*T*} ${symbol}`,
        value: peak.value,
        error: peak.error,
        bound,
        relation: 'falls',
        remark: `at *τ* = ${short(peak.step * clock)}`,
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
    ...(last ? [beside(lossRatio(last, clock))] : []),
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
  const ratio = (key: string, symbol: string, own: number, other: number): Quantity =>
    quantity({
      key,
      symbol,
      value: own / other,
      bound: null,
      relation: 'beside',
      remark: `${short(own)} and ${short(other)}, ${at}`,
    });
  return {
    quantities: [
      ratio(
        'span_ratio',
        'test residual on *V*_{lin} over the linear model’s',
        last.network.inSpan,
        last.linear.inSpan,
      ),
      ratio(
        'off_span_ratio',
        'test residual off *V*_{lin} over the linear model’s',
        last.network.offSpan,
        last.linear.offSpan,
      ),
    ],
    series,
  };
}
