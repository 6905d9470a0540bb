import type { StepRecord } from '../../../src/experiment/result.ts';
import type { Recording, Snapshot } from '../recording.ts';

type Recorded = Pick<Recording, 'records'>;

/** How many records were asked so far, and whether one of them is so. */
interface Answer {
  count: number;
  found: boolean;
}

/** What was asked of records so far, by the list that holds them and by what was asked. */
const asked = new WeakMap<StepRecord[], Map<(record: StepRecord) => boolean, Answer>>();

/** Whether any record is so. Views ask at every frame: each record is looked at once. */
export function anyRecord({ records }: Recorded, isSo: (record: StepRecord) => boolean): boolean {
  const answers = asked.get(records) ?? new Map<typeof isSo, Answer>();
  asked.set(records, answers);
  const answer = answers.get(isSo) ?? { count: 0, found: false };
  answers.set(isSo, answer);
  for (; !answer.found && answer.count < records.length; answer.count++) {
    answer.found = isSo(records[answer.count]);
  }
  return answer.found;
}

const isTested = ({ test }: StepRecord): boolean => test !== null;
const isLinearized = ({ train }: StepRecord): boolean => train.losses['linearized'] !== undefined;

/** The sets that losses are recorded on. */
export const setsOf = (recorded: Recorded): ('train' | 'test')[] =>
  anyRecord(recorded, isTested) ? ['train', 'test'] : ['train'];

export const trainsLinearized = (recorded: Recorded): boolean => anyRecord(recorded, isLinearized);

/** The last snapshot taken up to a step: very many records have snapshots of some. */
export function snapshotUpTo(snapshots: readonly Snapshot[], step: number): Snapshot | undefined {
  let [low, high] = [0, snapshots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (snapshots[middle].step <= step) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? snapshots[low - 1] : undefined;
}

/** The last snapshot taken up to the cursor. */
export function snapshotAt(
  { records, snapshots }: Pick<Recording, 'records' | 'snapshots'>,
  cursor: number,
): Snapshot | undefined {
  const step = records.at(cursor)?.step;
  return step === undefined ? undefined : snapshotUpTo(snapshots, step);
}
