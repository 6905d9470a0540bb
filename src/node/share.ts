import { CommandError, exitCode } from './command-error.ts';

/** What one of several processes of the same plan begins with: share `index`, counted from 1, of `of`. */
export interface Share {
  index: number;
  of: number;
}

/** More than any scheduler starts; beyond it a typing error is likelier. */
const mostShares = 1_000_000;

/**
 * Reads I/N.
 * @throws CommandError where it is not two whole numbers with 1 ≤ I ≤ N.
 */
export function parseShare(text: string): Share {
  const found = /^(\d{1,15})\/(\d{1,15})$/.exec(text.trim());
  if (!found) {
    throw new CommandError(
      exitCode.usage,
      `--points ${JSON.stringify(text)} is not of the form I/N with two whole numbers: of four processes, the first is given --points 1/4 and the last --points 4/4.`,
    );
  }
  const [index, of] = [Number(found[1]), Number(found[2])];
  if (of < 1 || of > mostShares) {
    throw new CommandError(
      exitCode.usage,
      `--points ${text} divides the points among ${of} processes; it must be 1 to ${mostShares.toLocaleString('en-US')}.`,
    );
  }
  if (index < 1 || index > of) {
    throw new CommandError(
      exitCode.usage,
      `--points ${text} is none of the shares 1/${of} to ${of}/${of}: they are counted from 1. Where a scheduler counts its tasks from 0, add 1.`,
    );
  }
  return { index, of };
}

/**
 * The ids of a share: every N-th point, so that shares cost about the same where the points grow in the order of the file.
 * @param points All points of the plan, whether they are done or not, or shares would change from start to start.
 */
export const shareOf = (points: readonly { id: string }[], { index, of }: Share): Set<string> =>
  new Set(points.filter((_, k) => k % of === index - 1).map(({ id }) => id));
