import { ballRadius } from '../../../src/theory/horizon.ts';
import { formatNumber } from '../format.ts';
import { distanceOf, finite } from '../measures.ts';
import type { TimeChart } from './over-time.ts';
import type { Run } from './run.ts';

/** How far the parameters moved from their initial values over t, beside R = √(d log d). */
export function movementChart({ preparation, records }: Run): TimeChart {
  const radius = preparation ? ballRadius(preparation.d) : 0;
  const rates = preparation?.rates ?? [];
  const readout = rates.at(-1)?.parameter;
  const moved = (parameter: string) => (index: number) => finite(records[index].movement[parameter]);
  return {
    slug: 'movement',
    title: 'Distance of the parameters from their initial values',
    y: { label: 'distance from initialization', scale: 'log' },
    curves: [
      { name: 'linear model: ‖*β*(*t*)‖', set: '', colour: 'linear', width: 1.8, y: moved('beta') },
      ...rates
        .filter(({ rate }) => rate > 0)
        .map(({ parameter }) => ({
          name: distanceOf(parameter, '(*t*)'),
          set: '',
          colour: 'network' as const,
          width: 1.8,
          dash: parameter === readout ? '2 3.5' : undefined,
          y: moved(parameter),
        })),
    ],
    rules:
      radius > 0
        ? [{ at: radius, label: `*R* = √(*d* log *d*) = ${formatNumber(radius)}`, colour: 'muted' }]
        : [],
    caption: () =>
      'Distance of the network’s parameters from their initial values, and of the linear model’s from 0; *R* = √(*d* log *d*) is the radius within which the theory keeps the kernel fixed (without its constant).',
  };
}
