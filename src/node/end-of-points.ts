import { CommandError, exitCode } from './command-error.ts';
import { describeFailures } from './sweep-table.ts';
import { grouped } from './text.ts';
import { manner, tell } from './voice.ts';

export interface EndOfPoints {
  failures: readonly { label: string; reason: string }[];
  notRun: number;
  points: number;
  stopped: boolean;
}

/**
 * Ends a command of many points: says which failed, and how to go on where some are left.
 * @throws CommandError where points failed and the user did not stop it.
 */
export function endOfPoints({ failures, notRun, points, stopped }: EndOfPoints): void {
  if (failures.length > 0 && manner === 'words') console.error(`\nFailed:\n${describeFailures(failures)}`);
  if (stopped) {
    if (notRun > 0) {
      tell(`\n${grouped(notRun)} of ${grouped(points)} points are left; the same command goes on with them.`);
    }
    process.exitCode = exitCode.stopped;
    return;
  }
  if (failures.length === 0) return;
  throw new CommandError(
    exitCode.failedPoints,
    `${grouped(failures.length)} of ${grouped(points)} points failed; everything else is there. Each has its reason in POINT/failure.json. The same command runs them again.`,
  );
}
