/** As if a device did 1 unit of work a nanosecond, which is slow: until it is measured, submissions are short. */
const unmeasured = 1e-6;
/** Milliseconds from which on a measurement means something where browsers round to 0.1. */
const shortestTold = 0.5;

/** How long a device takes for a unit of the work that dispatches state, as far as its submissions have told. */
export class Speed {
  #millisecondsPerUnit: number | undefined;

  get known(): boolean {
    return this.#millisecondsPerUnit !== undefined;
  }

  get millisecondsPerUnit(): number {
    return this.#millisecondsPerUnit ?? unmeasured;
  }

  /** A submission of so much work took so long; 0 ms is no measurement (some drivers' clocks change). */
  learn(milliseconds: number, work: number): void {
    if (!(milliseconds > 0 && work > 0)) return;
    const told = Math.max(milliseconds, shortestTold) / work;
    const known = this.#millisecondsPerUnit ?? told;
    // Of a short submission it is only told that the device is no slower than this.
    if (milliseconds < shortestTold) this.#millisecondsPerUnit = Math.min(known, told);
    // Half-way to the newest measurement: follows a changing mix of programs, ignores one odd sample.
    else this.#millisecondsPerUnit = known + 0.5 * (told - known);
  }
}
