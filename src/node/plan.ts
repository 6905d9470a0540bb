import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { jsonText } from '../experiment/json-text.ts';

/** What a folder of points is of, to know it again: plan.json. */
export interface Plan {
  format: 'first-light/plan';
  version: 1;
  /** What was asked for, before it was expanded to points. */
  plan: unknown;
}

export const planFile = 'plan.json';

export const planOf = (plan: unknown): Plan => ({ format: 'first-light/plan', version: 1, plan });

/** The same for the same plan, and for no other. */
export const hashOf = (plan: Plan): string =>
  createHash('sha256').update(jsonText(plan)).digest('hex').slice(0, 24);

/** Whether a folder holds the points of a plan. */
export function isOf(folder: string, plan: Plan): boolean {
  try {
    const found: unknown = JSON.parse(readFileSync(join(folder, planFile), 'utf8'));
    return isDeepStrictEqual(found, JSON.parse(JSON.stringify(plan)));
  } catch {
    return false; // none, or damaged: not known to be ours
  }
}
