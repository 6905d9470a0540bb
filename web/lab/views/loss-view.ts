import { formatNumber } from '../../figures/format.ts';
import { finite } from '../../figures/measures.ts';
import type { View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { type Model, models, setDashes, setNames } from './model-styles.ts';
import { setsOf, trainsLinearized } from './recorded.ts';
import { timeView } from './time-view.ts';

/** Losses of network, linear model and linearized network over t, with the linear optimum. */
export const createLossView = (time: AxisChoice, values: AxisChoice): View =>
  timeView('Loss over time', time, values, (recording) => {
    const { records, preparation } = recording;
    const shown: Model[] = trainsLinearized(recording)
      ? ['linear', 'linearized', 'network']
      : ['linear', 'network'];
    const optimum = preparation?.linearOptimum ?? null;
    return {
      yLabel: 'loss\u2002‖*u* − *y*‖²/(2*n*)',
      curves: shown.flatMap((model) =>
        setsOf(recording).map((set) => ({
          ...models[model],
          set: setNames[set],
          dash: setDashes[set],
          y: (index: number) => finite(records[index][set]?.losses[model]),
        })),
      ),
      rules:
        optimum === null
          ? []
          : [{ at: optimum, label: `linear optimum ${formatNumber(optimum)}`, colour: 'var(--linear-text)' }],
    };
  });
