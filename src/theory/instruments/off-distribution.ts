import { slicePoints } from '../../data/off-distribution.ts';
import { agreementTime, lastWithinTime } from '../agreement-time.ts';
import type { Field, Series } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { type Outputs, outputsOn } from '../outputs.ts';
import { quantity } from '../quantity.ts';
import { type Shell, measureShells, radii } from '../shells.ts';

/** The slice: a square of this many points a side, reaching this many √d to each side of 0. */
const side = 33;
const extent = 3;
/** Radii counted as off the distribution. */
const far = 2;
/** They differ there where this share of the function is difference, and this many times the share on the data's own shell. */
const differs = { share: 0.05, factor: 4 };

/** Measures claim 10. */
export const offDistributionInstrument = (): Instrument => {
  let at = 0;
  let shells: Shell[] = [];
  let fields: Field[] = [];
  return {
    step: async (lab, { step }) => {
      if (step !== lastWithinTime(lab)) return;
      at = step;
      const radial = await measureShells(lab);
      const slice = slicePoints(side, extent, lab.setting.d, lab.seed);
      const plane = await outputsOn(lab, slice);
      shells = radial.shells;
      fields = fieldsOf(plane);
      for (const [name, points, outputs] of [
        ['radial', radial.points, radial.outputs],
        ['slice', slice, plane],
      ] as const) {
        await lab.keep?.({ name: `claim10_${name}_X`, shape: [points.rows, points.d], data: points.data });
        await lab.keep?.({ name: `claim10_${name}_f`, shape: [points.rows], data: outputs.network });
        await lab.keep?.({ name: `claim10_${name}_lin`, shape: [points.rows], data: outputs.linear });
      }
    },
    finish: ({ divergedAt }, setting) => {
      if (divergedAt !== null && divergedAt <= agreementTime(setting)) {
        return {
          quantities: [],
          remark: `Within *T*, at *t* = ${divergedAt}, it diverged: there is no function to follow off the data.`,
        };
      }
      if (shells.length === 0) return { quantities: [], remark: 'No step *t* ≥ 1 was recorded within *T*.' };
      const symbol = 'mean (*f*_{*t*} − *f*_{lin,*t*})²';
      const relative = `${symbol}/mean *f*²`;
      const outside = shells.filter(({ radius }) => radius >= far);
      const most = outside.reduce((best, one) => (one.share.value > best.share.value ? one : best));
      const shell = shells[radii.indexOf(1)].share;
      const [value, error] = [most.share.value, most.share.error + differs.factor * shell.error];
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
            remark: `at *s* = ${most.radius}, *t* = ${at}`,
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
            value: outside.reduce((largest, { discrepancy }) => Math.max(largest, discrepancy), 0),
            bound: null,
            relation: 'beside',
          }),
        ],
        series: [
          curve(
            'radial',
            symbol,
            shells.map(({ discrepancy }) => discrepancy),
          ),
          curve(
            'radial_share',
            relative,
            shells.map(({ share }) => share.value),
          ),
        ],
        fields,
      };
    },
  };
};

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
