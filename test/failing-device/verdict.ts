import { DataError } from '../../src/data/data-error.ts';
import {
  DeviceLostError,
  GpuValidationError,
  OutOfMemoryError,
  ShaderError,
  TooLargeError,
  WebGpuUnavailableError,
} from '../../src/gpu/errors.ts';

const classes = [
  DataError,
  DeviceLostError,
  GpuValidationError,
  OutOfMemoryError,
  ShaderError,
  TooLargeError,
  WebGpuUnavailableError,
];

/** Whether a user is told what happened, by one of the project's errors. */
export const isOurs = (error: unknown): error is Error => classes.some((known) => error instanceof known);

/** Cases that were tried, with those that failed; printed, so that a log says how much was tried. */
export class Tally {
  readonly failures: string[] = [];
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
    console.info(`${what}: ${this.#tried} tried, ${this.#tried - failed} passed, ${failed} failed`);
  }
}

/** What came of a workload: its numbers, or its error. */
export async function outcomeOf(work: Promise<unknown>): Promise<{ numbers: string } | { error: unknown }> {
  try {
    return { numbers: JSON.stringify(await work) };
  } catch (error) {
    return { error };
  }
}
