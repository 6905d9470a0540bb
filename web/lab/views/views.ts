import 'katex/dist/katex.min.css';
import './views.css';
import type { View } from '../recording.ts';
import type { Axes } from './axes.ts';
import { createClaimsBoard } from './claims-board.ts';
import { createDiscrepancyView } from './discrepancy-view.ts';
import { createFieldView } from './field-view.ts';
import { createKernelView } from './kernel-view.ts';
import { createLearnedView } from './learned-view.ts';
import { createLossView } from './loss-view.ts';
import { createModesView } from './modes-view.ts';
import { createMovementView } from './movement-view.ts';
import { createOutputsView } from './outputs-view.ts';
import { createScatterView } from './scatter-view.ts';
import { createSpectrumView } from './spectrum-view.ts';
import { createWeightsView } from './weights-view.ts';

/** Everything that the lab shows of a recording, in the order of the page. */
export function createViews(axes: Axes): { id: string; title: string; view: View }[] {
  const time = axes.of('time');
  return [
    { id: 'loss', title: 'Loss', view: createLossView(time, axes.of('loss')) },
    { id: 'scatter', title: 'Network against linear model', view: createScatterView() },
    { id: 'discrepancy', title: 'Discrepancy', view: createDiscrepancyView(time, axes.of('discrepancy')) },
    { id: 'outputs', title: 'Outputs over time', view: createOutputsView(time) },
    { id: 'fields', title: 'The functions on a plane', view: createFieldView() },
    { id: 'kernels', title: 'Kernels', view: createKernelView() },
    { id: 'spectrum', title: 'Spectrum of the kernels', view: createSpectrumView(axes.of('spectrum')) },
    { id: 'modes', title: 'Errors along the modes of K', view: createModesView(time, axes.of('modes')) },
    { id: 'learned', title: 'Frequency bias', view: createLearnedView(time) },
    {
      id: 'movement',
      title: 'Movement of the parameters',
      view: createMovementView(time, axes.of('movement')),
    },
    { id: 'weights', title: 'Weights of the first layer', view: createWeightsView() },
    { id: 'claims', title: 'Claims of the theory', view: createClaimsBoard() },
  ];
}
