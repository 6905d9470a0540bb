import type { SpecInput } from '../../src/experiment/spec.ts';
import type { LabPreset } from './presets.ts';
import type { Command, Message } from './protocol.ts';
import type { KernelMeasure, Recording, Speed } from './recording.ts';
import type { Tuning } from './tuning.ts';

/** The engine, as a sweep in the background talks to it. */
export interface GrowthLine {
  send: (command: Extract<Command, { kind: 'grow' | 'stop-growing' }>) => void;
  /** Takes what the engine says of the sweep from now on; the last one counts. */
  listen: (listener: (message: GrowthMessage) => void) => void;
}

export type GrowthMessage = Extract<Message, { kind: 'growing' | 'grown' | 'growing-ended' }>;

/** The experiment on the screen and what can be done with it. */
export interface Controller {
  readonly recording: Recording;
  readonly speed: Speed;
  /** The experiments to start from. */
  readonly presets: readonly LabPreset[];
  /** null where this browser cannot compute. */
  readonly tuning: Tuning | null;
  /**
   * Starts a new experiment; the one on the screen ends. Given a step, it goes there and stands.
   * @throws SpecError, and then the one on the screen goes on.
   */
  open: (spec: SpecInput, arrays?: ReadonlyMap<string, ArrayBuffer>, standAt?: number) => void;
  /** The same experiment from its start. */
  restart: () => void;
  play: () => void;
  pause: () => void;
  /** One step of gradient descent, recorded, and paused again. */
  step: () => void;
  setSpeed: (speed: Speed) => void;
  /** Keeps the experiment on the screen beside those after it, as A, or lets it go. */
  pin: (pinned: boolean) => void;
  /** Has kernels or shells measured at a step whose parameters are kept, once; they come into the recording. */
  measure: (what: KernelMeasure, step: number) => void;
  /** The arrays of the experiment as .npy files, by name; measured when asked for. */
  arrays: () => Promise<Map<string, Blob>>;
  /** Runs sweeps beside the experiment; null where this browser cannot compute. */
  readonly growing: GrowthLine | null;
  /** Called after every change of the recording, at most once a frame; returns how to stop. */
  onChange: (listener: () => void) => () => void;
}

/** A controller with what tests want besides. */
export interface LabController extends Controller {
  /** Loses the device on purpose, to see it come back. */
  loseDevice: () => void;
  close: () => void;
}
