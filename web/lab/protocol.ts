import type { Preparation, RunResult, StepRecord } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import type { PointOutcome } from '../../src/experiment/sweep-summary.ts';
import type { AdapterDescription } from '../../src/gpu/device.ts';
import type { ClaimNumber } from '../../src/theory/claim.ts';
import type { TileCache, TileCacheEntry } from '../../src/tuning/tile-cache.ts';
import type { ExperimentSizes } from '../../src/tuning/trial.ts';
import type { TrialPlan } from '../../src/tuning/tuner.ts';
import type {
  KernelMeasure,
  KernelSnapshot,
  KernelWork,
  ShellSnapshot,
  Snapshot,
  SpectrumSnapshot,
  Speed,
  Stage,
} from './recording.ts';

/** An error as it travels: its class name and message say all that the user is told. */
export interface Failure {
  name: string;
  message: string;
}

/** What a page asks of the engine. Commands about a run name it; those of a run that is over are ignored. */
export type Command =
  /** Ends the run that goes, if any, and starts this one. */
  | {
      kind: 'open';
      run: number;
      spec: Spec;
      /** The user's arrays, by the paths that the spec gives. */
      arrays: ReadonlyMap<string, ArrayBuffer>;
      /** Where there are choices for the adapter among these, they are used from its start to its end. */
      tiles: TileCache;
      /** The step that it goes to as fast as it can, and stands at; null for none. */
      standAt: number | null;
      speed: Speed;
    }
  | { kind: 'play' | 'pause' | 'step'; run: number }
  /** The records told last are on the screen. */
  | { kind: 'drawn'; run: number }
  | { kind: 'speed'; run: number; speed: Speed }
  /** Something at a step whose parameters are kept; the experiment goes on, or has ended. */
  | { kind: 'measure'; run: number; what: KernelMeasure; step: number }
  /** The arrays of the open spec after so many steps. */
  | { kind: 'arrays'; run: number; request: number; step: number }
  /** Times the tiles for experiments of these sizes and for usual ones; the budget in ms. The run had better stand. */
  | { kind: 'tune'; budget: number; sizes: ExperimentSizes[] }
  | { kind: 'stop-tuning' }
  /** Runs the points of a sweep one after the other, on a device of their own. */
  | { kind: 'grow'; points: { id: string; spec: Spec }[] }
  | { kind: 'stop-growing' }
  /** Loses the device on purpose, to see it come back. */
  | { kind: 'lose-device' };

/** What the engine tells the page. */
export type Message =
  /** First of all: whether it can compute. */
  | { kind: 'ready'; failure: Failure | null }
  | { kind: 'prepared'; run: number; preparation: Preparation; adapter: AdapterDescription }
  | { kind: 'stage'; run: number; stage: Stage }
  /** With those of the steps whose parameters are kept. */
  | { kind: 'records'; run: number; records: StepRecord[]; snapshots: Snapshot[]; kernelSteps: number[] }
  | { kind: 'kernels'; run: number; kernels: KernelSnapshot }
  | { kind: 'spectrum'; run: number; spectrum: SpectrumSnapshot }
  | { kind: 'shell'; run: number; shell: ShellSnapshot }
  | { kind: 'kernel-work'; run: number; work: KernelWork | null }
  | { kind: 'kernels-failed'; run: number; failure: Failure }
  | { kind: 'measuring'; run: number; claim: ClaimNumber }
  | { kind: 'progress'; run: number; step: number; perStep: number }
  /** The run stands at this step, everything until there told. */
  | { kind: 'held'; run: number; step: number }
  /** The device is gone, for a reason in the browser's words; another one repeats the run until where it was. */
  | { kind: 'lost'; run: number; reason: string }
  /** It is there again. */
  | { kind: 'recovered'; run: number }
  /** Without its records, which were told before. */
  | { kind: 'ended'; run: number; result: RunResult }
  | { kind: 'failed'; run: number; failure: Failure }
  | { kind: 'tuning'; trial: TrialPlan }
  | { kind: 'tuned'; entry: TileCacheEntry }
  | { kind: 'tuning-ended'; failure: Failure | null }
  /** A point of the sweep under way. */
  | { kind: 'growing'; id: string; step: number; steps: number }
  | { kind: 'grown'; id: string; outcome: PointOutcome }
  | { kind: 'growing-ended'; failure: Failure | null }
  /** The engine itself is gone. */
  | { kind: 'broken'; failure: Failure }
  | { kind: 'arrays'; request: number; files: Map<string, Blob> }
  | { kind: 'arrays-failed'; request: number; failure: Failure };

export const failureOf = (error: unknown): Failure =>
  error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
