import type { ChosenModes, Preparation, RunResult, StepRecord } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import type { AdapterDescription } from '../../src/gpu/device.ts';
import type { ClaimMeasurement, ClaimNumber } from '../../src/theory/claim.ts';
import type { Shell } from '../../src/theory/shells.ts';

/** What the lab keeps of a recorded step beside its record, so that the scrubber can go back to it. */
export interface Snapshot {
  step: number;
  /** Outputs on the test points (the training points where there is no test set). */
  network: Float32Array;
  linear: Float32Array;
  /** Outputs on the slice: side² points of a plane through 0, row by row. */
  slice: { network: Float32Array; linear: Float32Array };
  /** The same on the first training points; absent where the outputs above are on training points. */
  train?: { network: Float32Array; linear: Float32Array };
  /** Errors along the modes of the stage; absent where that has none. */
  modes?: { network: number[]; linear: number[] };
  /** How much of each component of the stage the network has learned; absent where that has none. */
  learned?: number[];
}

/** The kernels at one step, on the first few training points. */
export interface KernelSnapshot {
  step: number;
  /** points × points, row by row: Θ at that step's parameters, K of the linear model, ⟨x_i, x_j⟩/d. */
  points: number;
  theta: Float32Array;
  linear: Float32Array;
  gram: Float32Array;
  /** The norms ‖Θ − K‖/n and ‖K‖/n, on all training points. */
  distance: { difference: number; linear: number };
}

/** Largest eigenvalues of Θ/n at one step and of K/n, on all training points, largest first. */
export interface SpectrumSnapshot {
  step: number;
  theta: number[];
  linear: number[];
}

/** Both functions on spheres ‖x‖ = s√d at one step. */
export interface ShellSnapshot {
  step: number;
  shells: Shell[];
}

/** What can be measured at a step, when a view of it is looked at: of the kernels, or of the functions off the data. */
export type KernelMeasure = 'kernels' | 'spectrum' | 'shell';

/** A measurement under way, and how many products of kernels it has made. */
export interface KernelWork {
  what: KernelMeasure;
  step: number;
  products: number;
}

/** What is the same at every step: for the axes of the views. */
export interface Stage {
  /** Targets of the points that snapshots hold outputs of. */
  targets: Float32Array;
  /** Of the first training points; absent as in snapshots. */
  trainTargets?: Float32Array;
  /** Components of the targets by their Hermite degree, as symbols in markup; absent where their directions are not known. */
  components?: string[];
  /** The slice: points along a side, and half its length in units of √d. */
  slice: { side: number; extent: number };
  /** The eigendirections of K that errors are seen along; absent where the eigenproblem is too large. */
  modes?: ChosenModes;
}

export type Phase = 'preparing' | 'running' | 'paused' | 'ended' | 'failed';

/** An experiment that another one is seen beside: the one before it, or the one that was kept as A. */
export interface Compared extends Pick<Recording, 'spec' | 'preparation' | 'records'> {
  /** What charts call it. */
  name: 'A' | 'B' | 'the experiment before';
  /** Whether it stays until it is let go, whatever is opened. */
  pinned: boolean;
}

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
  /** Steps that can be measured at, ascending: their parameters are kept. */
  kernelSteps: number[];
  /** What was measured of them, ascending. */
  kernels: KernelSnapshot[];
  spectra: SpectrumSnapshot[];
  shells: ShellSnapshot[];
  kernelWork: KernelWork | null;
  /** Why that could not be measured; null for nothing. */
  kernelFailure: string | null;
  /** null for none. */
  compared: Compared | null;
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
