import recordings from 'virtual:recordings';
import { gives } from '../../src/experiment/minimal-spec.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { FrameListeners } from './frame.ts';
import { unpackRecording } from './packed-recording.ts';
import type { LabController } from './controller.ts';
import { type LabPreset, labPresets } from './presets.ts';
import { recordedPresets } from './recorded-presets.ts';
import type { Recording, Speed } from './recording.ts';

/** Presets as they were recorded in advance, for a browser that cannot compute. */
export class RecordedController implements LabController {
  readonly speed: Speed = null;
  readonly tuning = null;
  readonly presets = recordedPresets;
  readonly growing = null;
  readonly #reason: string;
  readonly #listeners = new FrameListeners();
  #recording: Recording;

  private constructor(recording: Recording, reason: string) {
    this.#recording = recording;
    this.#reason = reason;
  }

  /** With the first preset. @param reason why this browser cannot compute, and what to do */
  static async create(reason: string): Promise<RecordedController> {
    return new RecordedController(await recordingOf(recordedPresets[0].id, reason), reason);
  }

  get recording(): Recording {
    return this.#recording;
  }

  /** Another preset, once it is loaded. @throws SpecError for all that was not recorded */
  open(spec: SpecInput): void {
    const preset = presetOf(spec);
    if (!preset) {
      throw new SpecError([
        `This browser cannot compute “${parseSpec(spec).name}”: what plays here is a recording of another experiment. The same address shows it in a browser with WebGPU. ${this.#reason}`,
      ]);
    }
    void recordingOf(preset.id, this.#reason).then((recording) => {
      this.#recording = recording;
      this.#listeners.changed();
    });
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

/** The preset that a spec is, of its recorded size or of the one that is computed live. */
function presetOf(input: SpecInput): LabPreset | undefined {
  const spec = parseSpec(input);
  const found = [...recordedPresets, ...labPresets].find((preset) => gives(preset.spec, spec));
  return recordedPresets.find(({ id }) => id === found?.id);
}

async function recordingOf(id: string, failure: string): Promise<Recording> {
  const { default: packed } = await recordings[id]();
  return { ...unpackRecording(packed), failure };
}
