import { outputsChart } from '../../figures/charts/outputs.ts';
import { drawnPoints } from '../../figures/measures.ts';
import type { Recording, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { timeView } from './time-view.ts';

/** Outputs on the watched points over t. */
export const createOutputsView = (time: AxisChoice): View =>
  timeView('Outputs on watched points', time, null, (recording) => ({
    ...outputsChart(recording),
    note: wordsOf(recording),
  }));

function wordsOf({ preparation }: Recording): string {
  if (!preparation) return '';
  const count = preparation.watched.indices.length;
  if (count === 0) return 'No points are watched.';
  const drawn = drawnPoints(count).length;
  return `Wedges at the right edge: targets.${drawn < count ? ` Drawn are ${drawn} of the ${count} watched points.` : ''}`;
}
