import './views.css';
import { lossChart } from '../../figures/charts/loss.ts';
import type { GrowthLine } from '../controller.ts';
import type { NamedView } from '../panels.ts';
import type { View } from '../recording.ts';
import type { Axes } from './axes.ts';
import { createFieldView } from './field-view.ts';
import { LazyView } from './lazy-view.ts';
import { createScatterView } from './scatter-view.ts';
import { timeView } from './time-view.ts';

/**
 * Everything that the lab shows of a recording, in the order of the page; `growing` is what the growth of d is asked of. What
 * is in sight at first is here, all others come when they are looked at.
 */
export function createViews(axes: Axes, growing: Promise<GrowthLine | null>): NamedView[] {
  const time = axes.of('time');
  return [
    { id: 'loss', title: 'Loss', view: timeView('Loss over time', time, axes.of('loss'), lossChart) },
    { id: 'scatter', title: 'Network against linear model', view: createScatterView() },
    lazy('discrepancy', 'Discrepancy', async () => {
      const { discrepancyChart } = await import('../../figures/charts/discrepancy.ts');
      return timeView('Discrepancy over time', time, axes.of('discrepancy'), discrepancyChart);
    }),
    lazy('outputs', 'Outputs over time', async () =>
      (await import('./outputs-view.ts')).createOutputsView(time),
    ),
    { id: 'fields', title: 'The functions on a plane', view: createFieldView() },
    lazy('shell', 'Off the shell', async () =>
      (await import('./shell-view.ts')).createShellView(axes.of('shell')),
    ),
    lazy('kernels', 'Kernels', async () => (await import('./kernel-view.ts')).createKernelView()),
    lazy('spectrum', 'Spectrum of the kernels', async () =>
      (await import('./spectrum-view.ts')).createSpectrumView(axes.of('spectrum')),
    ),
    lazy('modes', 'Errors along the modes of K', async () =>
      (await import('./modes-view.ts')).createModesView(time, axes.of('modes')),
    ),
    lazy('learned', 'Frequency bias', async () =>
      (await import('./learned-view.ts')).createLearnedView(time),
    ),
    lazy('grow', 'Agreement grows with d', async () => {
      const { createGrowView } = await import('../grow-d/grow-view.ts');
      return createGrowView(await growing);
    }),
    lazy('compare', 'Two experiments side by side', async () =>
      (await import('../compare/compare-view.ts')).createCompareView(axes),
    ),
    lazy('movement', 'Movement of the parameters', async () => {
      const { movementChart } = await import('../../figures/charts/movement.ts');
      return timeView('Movement of the parameters', time, axes.of('movement'), movementChart);
    }),
    lazy('weights', 'Weights of the first layer', async () =>
      (await import('./weights-view.ts')).createWeightsView(),
    ),
    lazy('claims', 'Claims of the theory', async () =>
      (await import('./claims-board.ts')).createClaimsBoard(),
    ),
  ];
}

const lazy = (id: string, title: string, load: () => Promise<View>): NamedView => ({
  id,
  title,
  view: new LazyView(title, load),
});
