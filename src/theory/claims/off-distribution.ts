import { greatestOf } from '../../math/statistics.ts';
import { radialPoints, slicePoints } from '../../data/off-distribution.ts';
import { lastWithinTime } from '../agreement.ts';
import { theoremConditions } from '../conditions.ts';
import type { Claim, Field, Series } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { type Outputs, outputsOn } from '../outputs.ts';
import { quantity } from '../quantity.ts';

/** s in ‖x‖ = s√d, and how many random directions stand for each sphere. */
const radii = Array.from({ length: 17 }, (_, k) => k / 4);
const directions = 64;
/** The slice: a square of this many points a side, reaching this many √d to each side of 0. */
const side = 33;
const extent = 3;
/** Radii counted as off the distribution, and how many times as far apart the two are to be there: any less is no news. */
const far = 2;
const factor = 10;

/** Claim 10: away from the data the two models may differ. */
export const offDistribution: Claim = {
  number: 10,
  slug: 'off-distribution',
  title: 'Off the data distribution the two may differ',
  statement:
    'The theorems do not say that *f*_{*t*} and *f*_{lin,*t*} are the same on all of R^{*d*}: they might still differ significantly at low-density regions of the distribution.',
  measures:
    'At the last recorded *t* ≤ *T*: the mean squared discrepancy over random directions on the spheres ‖*x*‖ = *s*√*d*, *s* from 0 to 4, the largest one from *s* = 2 on beside ten times that on the data’s own shell (*s* = 1); and the outputs of both on a random plane through 0.',
  source: 'Paper, section 3.1, remarks; deck, “Remarks”',
  senseless: () => null,
  conditions: theoremConditions,
};

/** Measures claim 10. */
export const offDistributionInstrument = (): Instrument => {
  let at = 0;
  let curve: number[] = [];
  let fields: Field[] = [];
  return {
    step: async (lab, { step }) => {
      if (step !== lastWithinTime(lab)) return;
      at = step;
      const radial = radialPoints(radii, directions, lab.setting.d, lab.seed);
      const slice = slicePoints(side, extent, lab.setting.d, lab.seed);
      const around = await outputsOn(lab, radial);
      const plane = await outputsOn(lab, slice);
      curve = radii.map((_, i) => meanSquare(around, i * directions, (i + 1) * directions));
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
      if (curve.length === 0) return { quantities: [], remark: 'No step *t* ≥ 1 was recorded within *T*.' };
      const symbol = 'mean (*f*_{*t*} − *f*_{lin,*t*})²';
      const shell = curve[radii.indexOf(1)];
      const series: Series = { key: 'radial', symbol, axis: 'radius', x: radii, y: curve, bound: null };
      return {
        quantities: [
          quantity({
            key: 'far_discrepancy',
            symbol: `max_{*s*≥${far}} ${symbol} at ‖*x*‖ = *s*√*d*`,
            value: greatestOf(curve.filter((_, i) => radii[i] >= far)),
            bound: { symbol: '10 × the same at *s* = 1', value: factor * shell },
            relation: 'at least',
            remark: `at *t* = ${at}`,
          }),
        ],
        series: [series],
        fields,
      };
    },
  };
};

function meanSquare({ network, linear }: Outputs, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (network[i] - linear[i]) ** 2;
  return sum / (end - start);
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
