import type { PointSet } from '../data/point-set.ts';
import type { Resources } from '../gpu/resources.ts';
import type { MemoryBudget } from './memory.ts';
import type { FilesFacts } from './result.ts';
import type { OpenArray } from './user-arrays.ts';

/** What is learned: both sets of points on the device, and Tr[Σ²]/d of their inputs. */
export interface Problem extends Disposable {
  train: PointSet;
  test: PointSet | null;
  spectrumMoment: number;
  /** x ↦ (x − mean) · scale made the user's inputs what they are here; null for synthetic data. */
  standardization: { mean: number[]; scale: number } | null;
  /** What was read of files whose spec says what is to be done to them; null for all other data. */
  files: FilesFacts | null;
}

export interface ProblemOptions extends MemoryBudget {
  open?: OpenArray;
}

/** The problem with what it owns. */
export const ownedProblem = (owned: Resources, problem: Omit<Problem, typeof Symbol.dispose>): Problem => {
  const kept = owned.move();
  return { ...problem, [Symbol.dispose]: () => kept[Symbol.dispose]() };
};
