import type { ChosenModes, Preparation, RunResult, StepRecord } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import type { AdapterDescription } from '../../src/gpu/device.ts';
import type { ClaimMeasurement, ClaimNumber } from '../../src/theory/claim.ts';

/** What the lab keeps of a recorded step beside its record, so that the scrubber can go back to it. */
export interface Snapshot {
  step: number;
  /** Outputs on the test points (the training points where there is no test set). */
  network: Float32Array;
  linear: Float32Array;
  /** Outputs on the slice: side² points of a plane through 0, row by row. */
  slice: { network: Float32Array; linear: Float32Array };
  /** Errors along the modes of the stage; absent where that has none. */
  modes?: { network: number[]; linear: number[] };
}

/** The kernels on the first few training points, and the top of their spectra on all of them, at some of the steps. */
export interface KernelSnapshot {
  step: number;
  /** points × points, row by row: Θ at the present parameters, and K of the linear model. */
  points: number;
  theta: Float32Array;
  linear: Float32Array;
  /** Largest eigenvalues of Θ/n and K/n, largest first. */
  spectrum: { theta: number[]; linear: number[] };
}

/** What is the same at every step: for the axes of the views. */
export interface Stage {
  /** Targets of the points that snapshots hold outputs of. */
  targets: Float32Array;
  /** The slice: points along a side, and half its length in units of √d. */
  slice: { side: number; extent: number };
  /** The eigendirections of K that errors are seen along; absent where the eigenproblem is too large. */
  modes?: ChosenModes;
}

export type Phase = 'preparing' | 'running' | 'paused' | 'ended' | 'failed';

/** Everything recorded of the experiment on the screen. Views draw it at a cursor, an index into `records`. */
export interface Recording {
  spec: Spec;
  phase: Phase;
  /** Whether a step is still under way, or being recorded, though it is paused. */
  settling: boolean;
  /** Whether it was recorded in advance, because this browser cannot compute. */
  recorded: boolean;
  preparation: Preparation | null;
  adapter: AdapterDescription | null;
  stage: Stage | null;
  records: StepRecord[];
  /** Of the records, or of some of them where they are very many. */
  snapshots: Snapshot[];
  kernels: KernelSnapshot[];
  claims: ClaimMeasurement[];
  /** The claim being measured, which takes longer than a step does; null or absent for none. */
  measuring?: ClaimNumber | null;
  /** The last step made, recorded or not, and how many there are to be. */
  step: number;
  /** Milliseconds a step; null before it is known. */
  perStep: number | null;
  result: RunResult | null;
  /** What went wrong, in words for the user; null for nothing. */
  failure: string | null;
}

/** Steps a second; null for as fast as the device goes. */
export type Speed = number | null;

/** A view of a recording; `draw` is called at most once a frame and must take well under 50 ms. */
export interface View {
  readonly element: HTMLElement;
  draw: (recording: Recording, cursor: number) => void;
}
