import { formatNumber } from '../../figures/format.ts';
import { distanceOf, finite } from '../../figures/measures.ts';
import { ballRadius } from '../../../src/theory/horizon.ts';
import type { View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import type { Curve } from './seen-curves.ts';
import { timeView } from './time-view.ts';

/** How far the parameters moved, beside the radius within which the theory keeps the kernel fixed. */
export const createMovementView = (time: AxisChoice, values: AxisChoice): View =>
  timeView('Movement of the parameters', time, values, ({ records, preparation }) => {
    const radius = preparation ? ballRadius(preparation.d) : 0;
    const readout = preparation?.rates.at(-1)?.parameter;
    const curves: Curve[] = [
      {
        name: '‖*β*(*t*)‖',
        set: '',
        colour: 'var(--linear)',
        width: 2,
        y: (index) => finite(records[index].movement['beta']),
      },
      ...(preparation?.rates ?? [])
        .filter(({ rate }) => rate > 0)
        .map(({ parameter }) => ({
          name: distanceOf(parameter, '(*t*)'),
          set: '',
          colour: 'var(--network)',
          width: 2,
          ...(parameter === readout && { dash: '2 3.5' }),
          y: (index: number) => finite(records[index].movement[parameter]),
        })),
    ];
    return {
      yLabel: 'distance from the start',
      curves,
      rules:
        radius > 0
          ? [{ at: radius, label: `*R* = √(*d* log *d*) = ${formatNumber(radius)}`, colour: 'var(--muted)' }]
          : [],
    };
  });
