import { radialPoints, slicePoints } from '../../data/off-distribution.ts';
import { lastWithinTime } from '../agreement-time.ts';
import type { Field, Series } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { meanOf, standardErrorOf } from '../../math/statistics.ts';
import { type Outputs, outputsOn } from '../outputs.ts';
import { quantity } from '../quantity.ts';

/** s in ‖x‖ = s√d, and how many random directions stand for each sphere. */
const radii = Array.from({ length: 17 }, (_, k) => k / 4);
const directions = 64;
/** The slice: a square of this many points a side, reaching this many √d to each side of 0. */
const side = 33;
const extent = 3;
/** Radii counted as off the distribution. */
const far = 2;
/** They differ there where this share of the function is difference, and this many times the share on the data's own shell. */
const differs = { share: 0.05, factor: 4 };

/** A share with twice its standard error over directions. */
interface Share {
  value: number;
  error: number;
}

/** Measures claim 10. */
export const offDistributionInstrument = (): Instrument => {
  let at = 0;
  let absolute: number[] = [];
  let shares: Share[] = [];
  let fields: Field[] = [];
  return {
    step: async (lab, { step }) => {
      if (step !== lastWithinTime(lab)) return;
      at = step;
      const radial = radialPoints(radii, directions, lab.setting.d, lab.seed);
      const slice = slicePoints(side, extent, lab.setting.d, lab.seed);
      const around = await outputsOn(lab, radial);
      const plane = await outputsOn(lab, slice);
      const shells = radii.map((_, i) => shellOf(around, i * directions, (i + 1) * directions));
      absolute = shells.map(({ squares }) => meanOf(squares));
      shares = shells.map(shareOf);
      fields = fieldsOf(plane);
      for (const [name, points, outputs] of [
        ['radial', radial, around],
        ['slice', slice, plane],
      ] as const) {
        await lab.keep?.({ name: `claim10_${name}_X`, shape: [points.rows, points.d], data: points.data });
        await lab.keep?.({ name: `claim10_${name}_f`, shape: [points.rows], data: outputs.network });
        await lab.keep?.({ name: `claim10_${name}_lin`, shape: [points.rows], data: outputs.linear });
      }
    },
    finish: () => {
      if (shares.length === 0) return { quantities: [], remark: 'No step *t* ≥ 1 was recorded within *T*.' };
      const symbol = 'mean (*f*_{*t*} − *f*_{lin,*t*})²';
      const relative = `${symbol}/mean *f*²`;
      const outside = radii.map((_, i) => i).filter((i) => radii[i] >= far);
      const most = outside.reduce((best, i) => (shares[i].value > shares[best].value ? i : best));
      const shell = shares[radii.indexOf(1)];
      const [value, error] = [shares[most].value, shares[most].error + differs.factor * shell.error];
      const curve = (key: string, of: string, y: number[]): Series => ({
        key,
        symbol: of,
        axis: 'radius',
        x: radii,
        y,
        bound: null,
      });
      return {
        quantities: [
          quantity({
            key: 'far_share',
            symbol: `max_{*s*≥${far}} ${relative} at ‖*x*‖ = *s*√*d*`,
            value,
            error,
            bound: {
              symbol: '4 × the same at *s* = 1, and 5 %',
              value: Math.max(differs.share, differs.factor * shell.value),
            },
            relation: 'shows',
            remark: `at *s* = ${radii[most]}, *t* = ${at}`,
          }),
          quantity({
            key: 'shell_share',
            symbol: `${relative} at *s* = 1`,
            value: shell.value,
            error: shell.error,
            bound: null,
            relation: 'beside',
          }),
          quantity({
            key: 'far_discrepancy',
            symbol: `max_{*s*≥${far}} ${symbol}`,
            value: outside.reduce((largest, i) => Math.max(largest, absolute[i]), 0),
            bound: null,
            relation: 'beside',
          }),
        ],
        series: [
          curve('radial', symbol, absolute),
          curve(
            'radial_share',
            relative,
            shares.map((share) => share.value),
          ),
        ],
        fields,
      };
    },
  };
};

/** (f − f_lin)² at the points of a sphere, and the larger of both functions' mean squares. */
function shellOf({ network, linear }: Outputs, start: number, end: number) {
  const own = network.subarray(start, end);
  const other = linear.subarray(start, end);
  const squares = Array.from(own, (value, i) => (value - other[i]) ** 2);
  const size = (values: Float32Array): number => meanOf(Array.from(values, (value) => value * value));
  return { squares, size: Math.max(size(own), size(other)) };
}

/** Where both functions are 0 they do not differ. */
function shareOf({ squares, size }: ReturnType<typeof shellOf>): Share {
  if (!(size > 0)) return { value: 0, error: 0 };
  return { value: meanOf(squares) / size, error: (2 * (standardErrorOf(squares) ?? 0)) / size };
}

function fieldsOf({ network, linear }: Outputs): Field[] {
  const field = (key: string, symbol: string, values: number[]): Field => ({
    key,
    symbol,
    side,
    extent,
    values,
  });
  return [
    field('network', '*f*_{*t*}', [...network]),
    field('linear', '*f*_{lin,*t*}', [...linear]),
    field(
      'difference',
      '*f*_{*t*} − *f*_{lin,*t*}',
      Array.from(network, (value, i) => value - linear[i]),
    ),
  ];
}
