import type { StepRecord } from '../../../src/experiment/result.ts';
import { type Departure, DepartureCourse, type DepartureScale } from '../../../src/theory/departure.ts';
import { modesChart } from '../../figures/charts/modes.ts';
import { departureScale } from '../../../src/experiment/departure-scale.ts';
import { departureWords } from '../../figures/departure-words.ts';
import { formatCount, formatNumber } from '../../figures/format.ts';
import { drawnModes } from '../../figures/mode-shares.ts';
import { notationToHtml } from '../../figures/notation.ts';
import type { Recording, View } from '../recording.ts';
import type { AxisChoice } from './axis-choice.ts';
import { errorsAlong, snapshotUpTo } from './snapshots.ts';
import { timeView } from './time-view.ts';

/** What is left of the error along eigendirections of K over t, and where and why the two models part. */
export const createModesView = (time: AxisChoice, values: AxisChoice): View =>
  timeView('Errors along the eigendirections of K', time, values, (recording, cursor) => ({
    ...modesChart(recording, recording.stage?.modes, errorsAlong(recording)),
    note: [modeWords(recording, cursor), partingWords(recording)].filter(Boolean).join(' '),
  }));

/** The first and the last mode drawn, at the cursor. */
function modeWords({ stage, snapshots, records, preparation }: Recording, cursor: number): string {
  if (!stage || !preparation || records.length === 0) return '';
  const { modes } = stage;
  if (!modes) return 'The eigenproblem of this experiment is too large for the page: no modes are measured.';
  const errors = snapshotUpTo(snapshots, records[cursor].step)?.modes;
  const places = drawnModes(modes);
  const { step } = records[cursor];
  if (!errors || places.length === 0) return '';
  const ends = [...new Set([places[0], places.at(-1)!])].map((place) => {
    const percent = (error: number): string =>
      `${formatNumber(100 * Math.abs(error / modes.initial[place]), 2)} %`;
    const theory = (1 - preparation.eta * modes.eigenvalues[place]) ** step * modes.initial[place];
    return `mode ${formatCount(modes.indices[place])}, of eigenvalue ${formatNumber(modes.eigenvalues[place])}, has ${percent(errors.network[place])} of its error left in the network and ${percent(errors.linear[place])} in the linear model, by the theory ${percent(theory)}`;
  });
  return notationToHtml(`At *t* = ${formatCount(step)}, ${ends.join('; ')}.`);
}

/** What was followed of a list of records so far. Views ask at every frame: each record is looked at once. */
const followed = new WeakMap<readonly StepRecord[], { course: DepartureCourse; count: number }>();

function departureOf(records: readonly StepRecord[], scale: DepartureScale): Departure | null {
  const known = followed.get(records) ?? { course: new DepartureCourse(scale), count: 0 };
  followed.set(records, known);
  for (; known.count < records.length; known.count++) known.course.add(records[known.count]);
  return known.course.departure;
}

function partingWords({ records, spec, preparation }: Recording): string {
  const parted = preparation && departureOf(records, departureScale(spec, preparation));
  return parted ? notationToHtml(departureWords(parted, records)) : '';
}
