import type { Controller } from './controller.ts';

/** Recorded steps a second where a recording is played back. */
const replayRate = 9;

/**
 * Which recorded step the views show. It follows the experiment as it runs, until somebody goes back; playing on takes
 * it to the end again. Where this browser cannot compute, playing runs over what was recorded in advance.
 */
export class Playback {
  readonly #controller: Controller;
  readonly #moved: () => void;
  #at = 0;
  #following = true;
  #replay = 0;

  /** `moved` is called when the cursor moved on somebody's behalf. */
  constructor(controller: Controller, moved: () => void) {
    this.#controller = controller;
    this.#moved = moved;
  }

  /** An index into the records; −1 where there are none. */
  get cursor(): number {
    return this.#following ? this.last : Math.min(this.#at, this.last);
  }

  get last(): number {
    return this.#controller.recording.records.length - 1;
  }

  get playing(): boolean {
    const { phase, recorded } = this.#controller.recording;
    return recorded ? this.#replay !== 0 : phase === 'running' || phase === 'preparing';
  }

  get ended(): boolean {
    const { phase, recorded } = this.#controller.recording;
    return recorded ? this.cursor === this.last : phase === 'ended';
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.#controller.recording.recorded) this.#startReplay();
    else if (this.ended) this.restart();
    else {
      this.#following = true;
      this.#controller.play();
    }
    this.#moved();
  }

  pause(): void {
    this.#stopReplay();
    if (!this.#controller.recording.recorded) this.#controller.pause();
    this.#moved();
  }

  /** Forward in the recording; at its end, one step of gradient descent. */
  step(): void {
    if (this.cursor < this.last) {
      this.pause();
      this.seek(this.cursor + 1);
    } else if (!this.#controller.recording.recorded && !this.ended) {
      this.#following = true;
      this.#controller.step();
    }
  }

  back(): void {
    this.pause();
    this.seek(this.cursor - 1);
  }

  /** Shows a recorded step; the experiment goes on beside it. */
  seek(index: number): void {
    this.place(Math.max(0, Math.min(index, this.last)));
    this.#moved();
  }

  /** The same, without a word: for who draws anyway. */
  place(index: number): void {
    this.#at = index;
    this.#following = this.#at === this.last;
  }

  restart(): void {
    this.follow();
    if (this.#controller.recording.recorded) this.#startReplay(true);
    else {
      this.#controller.restart();
      this.#controller.play();
    }
    this.#moved();
  }

  /** From now on at the end of what is recorded. */
  follow(): void {
    this.#stopReplay();
    this.#following = true;
  }

  #startReplay(fromStart = this.cursor === this.last): void {
    this.#stopReplay();
    const from = fromStart ? 0 : this.cursor;
    this.#replay = window.setInterval(() => {
      if (this.cursor === this.last) this.#stopReplay();
      this.seek(this.cursor + 1);
    }, 1000 / replayRate);
    // Not before it plays: who hears that the cursor moved may ask for that.
    this.seek(from);
  }

  #stopReplay(): void {
    window.clearInterval(this.#replay);
    this.#replay = 0;
  }
}
