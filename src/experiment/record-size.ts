import { recordSteps } from './record-steps.ts';
import type { Spec } from './spec-fields.ts';
import { isRead } from './spec-facts.ts';

/**
 * What a run may record: it is held in memory until the run ends, and result.json takes some 30 bytes a number. Within
 * these, result and report are made in seconds.
 */
export const mostRecorded = { records: 200_000, numbers: 15e6 } as const;

/** Numbers of a record beside the outputs: the step, eight measures of both sets, three movements. */
const ownNumbers = 20;
/** There are never more modes than features for which their eigenproblem is solved. */
const mostModes = 512;

/** Why a spec records more than a run holds, and what to change; null where it does not. */
export function recordingProblem({ data, training }: Pick<Spec, 'data' | 'training'>): string | null {
  const { watched: asked, linearized, modes, alignment, steps, records: wanted } = training;
  const models = linearized ? 3 : 2;
  const points = isRead(data) ? Infinity : data.nTest > 0 ? data.nTest : data.n;
  const watched = typeof asked === 'number' ? Math.min(asked, points) : asked.length;
  const along = typeof modes === 'number' ? Math.min(modes, mostModes) : modes.length;
  const own = ownNumbers + (models + 2) * along + (alignment ? 4 : 0);
  const numbers = own + models * watched;
  // Counting them takes as long as making them: not where there are few anyway.
  const most = Math.min(steps + 1, plannedCount(wanted));
  if (fits(most, numbers)) return null;
  const records = most > 10 * mostRecorded.records ? most : recordSteps({ training }).length;
  if (fits(records, numbers)) return null;
  const grouped = (value: number): string => Math.floor(value).toLocaleString('en-US');
  if (records > mostRecorded.records) {
    return `training.records asks for ${grouped(records)} records; a run holds at most ${grouped(mostRecorded.records)}. Record less often, for example {"spacing": "log", "count": 1000}.`;
  }
  const fewer = Math.floor(mostRecorded.numbers / numbers);
  const less = Math.floor((mostRecorded.numbers / records - own) / models);
  return `${grouped(records)} records of ${grouped(watched)} watched points are ${grouped(records * numbers)} numbers; a run holds at most ${grouped(mostRecorded.numbers)}. ${[
    ...(fewer > 1 ? [`With so many points, ${grouped(fewer)} records fit`] : []),
    ...(less > 0 ? [`with so many records, training.watched = ${grouped(less)}`] : []),
  ].join('; ')}. Outputs on all points at the last step are in arrays/ (--arrays).`;
}

const fits = (records: number, numbers: number): boolean =>
  records <= mostRecorded.records && records * numbers <= mostRecorded.numbers;

/** How many records a spec asks for at most. */
function plannedCount(records: Spec['training']['records']): number {
  if (typeof records === 'string') return 100;
  return ('steps' in records ? records.steps.length : records.count) + 2;
}
