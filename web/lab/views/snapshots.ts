import type { StepRecord } from '../../../src/experiment/result.ts';
import type { Recording, Snapshot } from '../recording.ts';

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

/** The errors along modes at a record: those of the last snapshot taken up to it. */
export const errorsAlong =
  ({ snapshots }: Pick<Recording, 'snapshots'>) =>
  ({ step }: StepRecord): Snapshot['modes'] =>
    snapshotUpTo(snapshots, step)?.modes;
