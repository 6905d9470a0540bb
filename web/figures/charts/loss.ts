import { finite } from '../measures.ts';
import { formatNumber } from '../format.ts';
import { models, sets } from './looks.ts';
import type { TimeChart } from './over-time.ts';
import { type Run, recordedModels, recordedSets } from './run.ts';

/** Training and test loss of network, linear model and, where it was trained, linearized network over t. */
export function lossChart(run: Run): TimeChart {
  const { preparation, records } = run;
  const [shown, measured] = [recordedModels(run), recordedSets(run)];
  const optimum = preparation?.linearOptimum ?? null;
  return {
    slug: 'loss',
    title: 'Loss of the network and of the linear model',
    y: { label: 'loss\u2002‖*u* − *y*‖²/(2*n*)', scale: 'auto' },
    curves: shown.flatMap((model) =>
      measured.map((set) => ({
        ...models[model],
        ...sets[set],
        y: (index: number) => finite(records[index][set]?.losses[model]),
      })),
    ),
    rules:
      optimum === null
        ? []
        : [{ at: optimum, label: `linear optimum ${formatNumber(optimum)}`, colour: 'linear-text' }],
    caption: () =>
      `Loss of the network${shown.length > 2 ? ', of its linearization' : ''} and of the linear model against the step *t*${
        measured.length > 1 ? ', on training (solid) and test points (dashed)' : ' on the training points'
      }.${
        optimum === null
          ? ''
          : optimum === 0
            ? ' The least training loss that any linear model on these features can reach is 0.'
            : ' The thin horizontal line is the least training loss that any linear model on these features can reach.'
      }`,
  };
}
