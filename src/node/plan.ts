import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { jsonText } from '../experiment/json-text.ts';

/** What a folder of points is of, to know it again and to expand it to its points again: plan.json. */
export interface Plan {
  format: 'first-light/plan';
  version: 1;
  /** What was asked for, before it was expanded to points. */
  plan: unknown;
  /** What is measured beside it on machines that have the files for it; with it or without, it is the same plan. */
  optional?: readonly unknown[];
}

export const planFile = 'plan.json';

export const planOf = (plan: unknown, optional: readonly unknown[] = []): Plan => ({
  format: 'first-light/plan',
  version: 1,
  plan,
  ...(optional.length > 0 && { optional }),
});

/** The same for the same plan, and for no other. */
export const hashOf = ({ plan }: Plan): string =>
  createHash('sha256')
    .update(jsonText(planOf(plan)))
    .digest('hex')
    .slice(0, 24);

/** Whether a folder holds the points of a plan. */
export function isOf(folder: string, { plan }: Plan): boolean {
  try {
    return isDeepStrictEqual(planOf(readPlan(folder).plan), JSON.parse(JSON.stringify(planOf(plan))));
  } catch {
    return false; // none, or damaged: not known to be ours
  }
}

/** @throws the system's error where there is none, an Error where it is damaged. */
export function readPlan(folder: string): Plan {
  const found = JSON.parse(readFileSync(join(folder, planFile), 'utf8')) as Partial<Plan> | null;
  if (found?.format !== 'first-light/plan' || (found.version as number) !== 1) {
    throw new Error(`it is no plan of this First Light`);
  }
  return found as Plan;
}

/** Writes the plan into a folder, unless one of the same is there that names more of what is optional. */
export function writePlan(
  output: { path: string; write: (name: string, text: string) => void },
  plan: Plan,
): void {
  if (isOf(output.path, plan) && !plan.optional) return;
  output.write(planFile, jsonText(plan));
}
