import type { Gate } from '../../src/experiment/gate.ts';
import type { Speed } from './recording.ts';

/** A wait for the next step at a speed is at least this long; several steps follow where the speed asks for more. */
const shortestWait = 16;
/** What took longer than this many milliseconds is not caught up with. */
const mostBehind = 100;
/**
 * At a speed, steps beside those of the spec are recorded this often; after so many of them less and less often, so that each
 * comes within half a hundredth of the time until then: the longer it goes, the fewer more, but never none.
 */
const extraRecords = { interval: 100, often: 200 };

/**
 * The gate of a run that a person pauses, steps and slows down. Where it is paused the step is recorded; while it is slow
 * enough to watch, steps are recorded several times a second.
 */
export class Pace implements Gate {
  #paused: boolean;
  /** Single steps asked for and not made. */
  #steps = 0;
  #speed: Speed;
  /** Where the present speed began. */
  #since: { step: number; at: number } | undefined;
  #recordedAt = -Infinity;
  /** The last step that was held for a speed's sake without a record of its own. */
  #unrecorded: number | undefined;
  #extra = 0;
  /** The run is let through to here: what it makes again after its device was lost, and the way to where it is to stand. */
  #through: number;
  #held: { open: () => void; fail: (error: Error) => void } | undefined;
  readonly #onHold: (step: number) => void;

  /** @param start where to stand first, if anywhere; the way there is not slowed */
  constructor(start: { standAt: number | null; speed: Speed }, onHold: (step: number) => void) {
    this.#paused = start.standAt !== null;
    this.#through = start.standAt ?? 0;
    this.#speed = start.speed;
    this.#onHold = onHold;
  }

  play(): void {
    this.#paused = false;
    this.#steps = 0;
    this.#reconsider();
  }

  pause(): void {
    this.#paused = true;
    this.#steps = 0;
    this.#reconsider();
  }

  /** Pauses where it does not yet; else lets one step through. */
  step(): void {
    if (this.#paused) this.#steps++;
    this.#paused = true;
    this.#reconsider();
  }

  set speed(speed: Speed) {
    this.#speed = speed;
    this.#since = undefined;
    this.#reconsider();
  }

  /** Lets a run that starts again come to this step without a hold. */
  again(through: number): void {
    this.#through = Math.max(through, this.#through);
    this.#since = undefined;
    this.#held = undefined;
  }

  /** Ends a hold with an error, which ends the run. */
  fail(error: Error): void {
    this.#held?.fail(error);
    this.#held = undefined;
  }

  holds(step: number): boolean {
    if (step < this.#through) return false;
    if (this.#paused) return true;
    return this.#waitFor(step) > 0;
  }

  records(step: number): boolean {
    if (this.#paused) return true;
    const now = performance.now();
    const beyond = Math.max(0, this.#extra - extraRecords.often) / extraRecords.often;
    if (now - this.#recordedAt < extraRecords.interval * Math.exp(beyond)) {
      this.#unrecorded = step;
      return false;
    }
    this.#recordedAt = now;
    this.#extra++;
    return true;
  }

  async opened(step: number): Promise<void> {
    // One that was paused for a speed's sake may be paused for good meanwhile, and the other way round.
    for (;;) {
      if (this.#paused) {
        // A pause that comes too late for a record of this step stands at the next one, which has it.
        if (step === this.#unrecorded) return;
        if (this.#steps > 0) {
          this.#steps--;
          return;
        }
        this.#since = undefined;
        this.#onHold(step);
        await this.#wait(Infinity);
        continue;
      }
      const milliseconds = this.#waitFor(step);
      if (milliseconds <= 0) return;
      await this.#wait(Math.max(shortestWait, milliseconds));
    }
  }

  /** Milliseconds until step + 1 is due. */
  #waitFor(step: number): number {
    if (this.#speed === null) return 0;
    const now = performance.now();
    this.#since ??= { step, at: now };
    const left = this.#since.at + (1000 * (step + 1 - this.#since.step)) / this.#speed - now;
    if (left < -mostBehind) this.#since = { step: step + 1, at: now };
    return left;
  }

  /** Until the time is over, or something is changed. */
  async #wait(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((open, fail) => {
        this.#held = { open, fail };
        if (milliseconds < Infinity) timer = setTimeout(open, milliseconds);
      });
    } finally {
      clearTimeout(timer);
      this.#held = undefined;
    }
  }

  #reconsider(): void {
    this.#held?.open();
  }
}
