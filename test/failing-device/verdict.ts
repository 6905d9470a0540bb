import { DataError } from '../../src/data/data-error.ts';
import * as deviceErrors from '../../src/gpu/errors.ts';

const classes = [DataError, ...Object.values(deviceErrors)];

/** Whether a user is told what happened, by one of the project's errors. */
export const isOurs = (error: unknown): error is Error => classes.some((known) => error instanceof known);

/** Cases that were tried, with those that failed; printed, so that a log says how much was tried. */
export class Tally {
  readonly failures: string[] = [];
  /** Of those that passed, how many ended in the right numbers, since nothing rested on what failed. */
  spare = 0;
  #tried = 0;
  readonly #unhandled: string[] = [];

  constructor() {
    addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      this.#unhandled.push(String(event.reason));
    });
  }

  /** `wrong`: what is wrong with a case, if anything. */
  count(name: string, wrong: readonly string[]): void {
    this.#tried++;
    const all = [...wrong, ...this.#unhandled.splice(0).map((reason) => `unhandled: ${reason}`)];
    if (all.length > 0) this.failures.push(`${name}: ${all.join('; ')}`);
  }

  print(what: string): void {
    const failed = this.failures.length;
    const spare = this.spare > 0 ? ` (${this.spare} needed nothing of what failed)` : '';
    console.info(`${what}: ${this.#tried} tried, ${this.#tried - failed} passed${spare}, ${failed} failed`);
  }
}

/** Whether two outcomes are the same but for the rounding of float32: other tiles sum in another order. */
export function near(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= 1e-6 + 1e-4 * Math.max(Math.abs(a), Math.abs(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [one, other] = [Object.entries(a), Object.entries(b)];
  return (
    one.length === other.length &&
    one.every(([key, value]) => near(value, (b as Record<string, unknown>)[key]))
  );
}

/** What came of a workload: its numbers, or its error. */
export async function outcomeOf(work: Promise<unknown>): Promise<{ numbers: string } | { error: unknown }> {
  try {
    return { numbers: JSON.stringify(await work) };
  } catch (error) {
    return { error };
  }
}
