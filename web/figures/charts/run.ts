import type { Preparation, RunResult, StepRecord } from '../../../src/experiment/result.ts';
import { finite } from '../measures.ts';
import type { Model } from './looks.ts';

/** What charts of a run are made from: a result, or what there is of one while it runs. */
export interface Run {
  preparation: Preparation | null;
  records: StepRecord[];
  /** Absent while it runs. */
  status?: RunResult['status'];
}

/** How many records were asked so far, and whether one of them is so. */
interface Answer {
  count: number;
  found: boolean;
}

/** What was asked of records so far, by the list that holds them and by what was asked. */
const asked = new WeakMap<StepRecord[], Map<(record: StepRecord) => boolean, Answer>>();

/** Whether any record is so. A page asks at every frame: each record is looked at once. */
export function anyRecord({ records }: Run, isSo: (record: StepRecord) => boolean): boolean {
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
const isLinearized = ({ train }: StepRecord): boolean => Number.isFinite(finite(train.losses['linearized']));

/** The sets that losses are recorded on. */
export const recordedSets = (run: Run): ('train' | 'test')[] =>
  anyRecord(run, isTested) ? ['train', 'test'] : ['train'];

/** The models whose losses are recorded, from the bottom of a drawing to its top. */
export const recordedModels = (run: Run): Model[] =>
  anyRecord(run, isLinearized) ? ['linear', 'linearized', 'network'] : ['linear', 'network'];
