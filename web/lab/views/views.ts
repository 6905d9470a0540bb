import './views.css';
import { discrepancyChart } from '../../figures/charts/discrepancy.ts';
import { lossChart } from '../../figures/charts/loss.ts';
import { movementChart } from '../../figures/charts/movement.ts';
import type { GrowthLine } from '../controller.ts';
import type { NamedView } from '../panels.ts';
import type { View } from '../recording.ts';
import type { Axes } from './axes.ts';
import { createFieldView } from './field-view.ts';
import { createKernelView } from './kernel-view.ts';
import { LazyView } from './lazy-view.ts';
import { createModesView } from './modes-view.ts';
import { createOutputsView } from './outputs-view.ts';
import { createScatterView } from './scatter-view.ts';
import { createSpectrumView } from './spectrum-view.ts';
import { timeView } from './time-view.ts';
import { createWeightsView } from './weights-view.ts';

/** Everything that the lab shows of a recording, in the order of the page; `growing` is what the growth of d is asked of. */
export function createViews(axes: Axes, growing: Promise<GrowthLine | null>): NamedView[] {
  const time = axes.of('time');
  return [
    { id: 'loss', title: 'Loss', view: timeView('Loss over time', time, axes.of('loss'), lossChart) },
    { id: 'scatter', title: 'Network against linear model', view: createScatterView() },
    {
      id: 'discrepancy',
      title: 'Discrepancy',
      view: timeView('Discrepancy over time', time, axes.of('discrepancy'), discrepancyChart),
    },
    { id: 'outputs', title: 'Outputs over time', view: createOutputsView(time) },
    { id: 'fields', title: 'The functions on a plane', view: createFieldView() },
    { id: 'kernels', title: 'Kernels', view: createKernelView() },
    { id: 'spectrum', title: 'Spectrum of the kernels', view: createSpectrumView(axes.of('spectrum')) },
    { id: 'modes', title: 'Errors along the modes of K', view: createModesView(time, axes.of('modes')) },
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
    {
      id: 'movement',
      title: 'Movement of the parameters',
      view: timeView('Movement of the parameters', time, axes.of('movement'), movementChart),
    },
    { id: 'weights', title: 'Weights of the first layer', view: createWeightsView() },
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
