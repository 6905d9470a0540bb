import recorded from 'virtual:recorded-experiment';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { FrameListeners } from './frame.ts';
import { unpackRecording } from './packed-recording.ts';
import type { LabController } from './controller.ts';
import type { Recording, Speed } from './recording.ts';

/** The default experiment as it was recorded in advance, for a browser that cannot compute. */
export class RecordedController implements LabController {
  readonly recording: Recording;
  readonly speed: Speed = null;
  readonly tuning = null;
  readonly growing = null;
  readonly #reason: string;
  readonly #listeners = new FrameListeners();

  /** @param reason why this browser cannot compute, and what to do */
  constructor(reason: string) {
    this.#reason = reason;
    this.recording = { ...unpackRecording(recorded), failure: reason };
  }

  /** @throws SpecError always: nothing can be computed */
  open(): void {
    throw new SpecError([this.#reason]);
  }

  restart(): void {
    this.#listeners.changed();
  }

  // It is all there from the beginning: the scrubber goes through it.
  play(): void {}
  pause(): void {}
  step(): void {}
  setSpeed(): void {}
  measure(): void {}
  pin(): void {}

  arrays(): Promise<Map<string, Blob>> {
    return Promise.reject(new Error(this.#reason));
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  loseDevice(): void {}
  close(): void {}
}
