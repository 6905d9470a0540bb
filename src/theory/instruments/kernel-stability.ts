import { reachesTime } from '../agreement.ts';
import { boundWithAlpha, needsOfTheorem } from '../alpha.ts';
import { slopeSquare } from '../conditions.ts';
import type { Bound, Setting } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { kernelConstant, normQuantity } from '../quantity.ts';
import { largestEpsilon, largestOf, withStability } from '../stability.ts';

const symbol = '‖*J*(*θ*)*J*(*θ̃*)ᵀ − *K*‖';

/** The lemma's rate, which is about the first layer alone; of the others the deck gives none. */
function lemmaBound(setting: Setting): Bound | null {
  const { layers } = setting;
  if (!layers.first || layers.second) return null;
  const factor = slopeSquare(setting);
  const scale = factor === 1 ? '' : 'sup|*φ*′|² ';
  return boundWithAlpha(setting, needsOfTheorem(setting), {
    symbol: `${scale}*d*^{−(1+*α*/7)}`,
    factor,
    fixed: 1,
    share: 1 / 7,
  });
}

/** Measures claim 12. */
export const kernelStabilityInstrument = (): Instrument =>
  withStability((found, ending, setting) => {
    const { n, d } = setting;
    if (d === 1) {
      const remark = 'For *d* = 1 *R* = √(*d* log *d*) is 0: the claim names no ball.';
      return { quantities: [], silent: true, remark };
    }
    const rate = lemmaBound(setting);
    const path = found.path.map(({ norm }) => norm);
    const searched = found.searched.map(({ norm }) => norm);
    const places = [
      {
        norms: path,
        key: 'epsilon_path',
        where: 'along the path',
        remark: found.leftAt === null ? '' : `by *t* = ${found.leftAt} it is outside of the ball`,
      },
      { norms: found.random, key: 'epsilon_random', where: 'at random points of the ball', remark: '' },
      {
        norms: searched,
        key: 'epsilon_searched',
        where: 'where searches of the ball lead',
        remark: found.searched
          .map(({ from, norm }) => `from ${from}: ${(norm.value / n).toPrecision(3)}`)
          .join('; '),
      },
    ].filter(({ norms }) => norms.length > 0);
    return {
      quantities: [
        ...places.map(({ norms, key, where, remark }) =>
          normQuantity(
            largestOf(norms),
            { key, symbol: `${symbol}/*n* ${where}`, bound: rate, constant: kernelConstant, remark },
            n,
          ),
        ),
        normQuantity(
          largestEpsilon(found),
          {
            key: 'epsilon_relative',
            symbol: `the largest *ε*/‖*K*‖ that was found`,
            bound: { symbol: '1', value: 1 },
          },
          found.linearNorm!.value,
        ),
      ],
      series: [
        {
          key: 'epsilon_path',
          symbol: '*ε*/*n* at *θ*(*t*)',
          axis: 'step',
          x: found.path.map(({ step }) => step),
          y: path.map(({ value }) => value / n),
          bound: rate && { symbol: rate.symbol, y: path.map(() => rate.value) },
        },
      ],
      conditions: [reachesTime(ending, setting)],
      remark:
        'At the points that were searched: a lower bound of the largest *ε*, which no search certifies.',
    };
  });
