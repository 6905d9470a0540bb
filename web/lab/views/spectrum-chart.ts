import type { Chart } from '../../figures/charts/chart.ts';
import { models } from '../../figures/charts/looks.ts';
import { finite } from '../../figures/measures.ts';
import { linearTicks } from '../../figures/ticks.ts';
import type { SpectrumSnapshot } from '../recording.ts';

/** The largest eigenvalues of both kernels, those of the linear model as rings around those of the network. */
export function spectrumChart(spectrum: SpectrumSnapshot | undefined, d: number): Chart {
  const { theta = [], linear = [] } = spectrum ?? {};
  const count = Math.max(theta.length, linear.length);
  const small = count > 40;
  const own = { set: '', width: 0 };
  return {
    x: {
      of: spectrum ?? {},
      count,
      at: (index) => index + 1,
      axis: {
        label: 'index\u2002*k*, largest first',
        type: 'linear',
        domain: [0.5, Math.max(count, 1) + 0.5],
        ticks: linearTicks(1, Math.max(count, 2)),
      },
    },
    y: { label: 'eigenvalue\u2002*λ*_{*k*}', scale: 'log' },
    curves: [
      {
        ...own,
        name: 'linear model *K*/*n*',
        colour: models.linear.colour,
        dots: small ? 3.4 : 5,
        hollow: true,
        y: (index) => finite(linear[index]),
      },
      {
        ...own,
        name: 'network *Θ*/*n*',
        colour: models.network.colour,
        dots: small ? 2 : 3,
        y: (index) => finite(theta[index]),
      },
    ],
    marks: d > 1 && d < count ? [{ at: d, label: '*d*', short: '*d*' }] : [],
  };
}
