import type { Norm } from '../../spectral/spectrum.ts';
import { needsBoth } from '../alpha.ts';
import type { Setting } from '../claim.ts';
import type { Instrument } from '../instrument.ts';
import { initial, linear, minus } from '../kernels.ts';
import { kernelBound, kernelConstant, normQuantity, quantity } from '../quantity.ts';

const names = { second: { theta: '*Θ*_{2}', K: '*K*_{2}' }, both: { theta: '*Θ*', K: '*K*' } } as const;

/** (1 + √(2d/m))² − 1: how far m/2 independent units leave the Gram matrix of d white directions from its mean. */
const fluctuation = ({ d, m }: Setting): number => 2 * Math.sqrt((2 * d) / m) + (2 * d) / m;

/** Measures claim 4. */
export const ntkDistanceInstrument = (): Instrument => {
  let first: Norm;
  const others: { layers: keyof typeof names; norm: Norm; scale: number }[] = [];
  return {
    start: async (lab) => {
      first = await lab.norm(minus(initial('first'), linear('first')));
      for (const layers of ['second', 'both'] as const) {
        const [theta, K] = [initial(layers), linear(layers)];
        others.push({ layers, norm: await lab.norm(minus(theta, K)), scale: (await lab.norm(K)).value });
      }
    },
    finish: (_, setting) => ({
      quantities: [
        normQuantity(
          first,
          {
            key: 'ntk_distance',
            symbol: '‖*Θ*_{1}(*W*(0)) − *Θ*_{lin1}‖/*n*',
            bound: kernelBound(setting, needsBoth),
            constant: kernelConstant,
          },
          setting.n,
        ),
        ...others.flatMap(({ layers, norm, scale }) => {
          const { theta, K } = names[layers];
          return [
            normQuantity(
              norm,
              { key: `${layers}_distance`, symbol: `‖${theta} − ${K}‖/*n*`, bound: null },
              setting.n,
            ),
            quantity({
              key: `${layers}_relative_distance`,
              symbol: `‖${theta} − ${K}‖/‖${K}‖`,
              value: norm.value / scale,
              error: norm.error / scale,
              bound: null,
              remark: `no bound is claimed; for *m*/2 independent units a kernel of white inputs fluctuates by about 2√(2*d*/*m*) + 2*d*/*m* = ${fluctuation(setting).toPrecision(3)} of itself`,
            }),
          ];
        }),
      ],
    }),
  };
};
