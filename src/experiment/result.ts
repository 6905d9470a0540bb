import type { AdapterDescription } from '../gpu/device.ts';
import type { TileChoice } from '../programs/product-shape.ts';
import type { GaussianConstants } from '../math/gaussian-constants.ts';
import type { Alignment } from '../kernel/alignment.ts';
import type { Beside, ByModel } from '../model/model.ts';
import type { ChosenModes } from '../model/modes.ts';
import type { LayerRate } from '../network/parameters.ts';
import type { ClaimMeasurement, ClaimNumber } from '../theory/claim.ts';
import type { Departure } from '../theory/departure.ts';
import type { Accuracy } from './accuracy.ts';
import type { FilesDescription, LearnedClass } from './read-files.ts';
import type { Spec } from './spec.ts';

export type { Alignment, ByModel, ChosenModes, LayerRate, LearnedClass };

/** The losses of the models on one set of points, and how far apart their outputs are; f_lin is the linear model's. */
export interface SetMeasures {
  /** L = ‖u − y‖²/(2n) */
  losses: ByModel<number>;
  /** mean_i (f_t(x_i) − g_t(x_i))² of the network f and every other model g. */
  discrepancies: Beside<number>;
  /** mean_i min{(f_t(x_i) − f_lin,t(x_i))², 1} */
  clippedDiscrepancy: number;
  /** mean_i f_lin,t(x_i)² */
  linearSquare?: number | undefined;
  /** mean_i (g_t(x_i) − f_lin,t(x_i))² of every model g beside network and linear model: of the linearized network. */
  fromLinear?: Partial<Record<string, number>> | undefined;
}

/** A model's error e on the training points along the chosen modes, ⟨u_k, e⟩/√n, and what of it no mode sees. */
export interface ModeErrors {
  along: number[];
  /** Mean square of the part of e in the range of K: of all modes, chosen or not. */
  inSpan: number;
  /** Mean square of the rest, which no linear model can change; with inSpan it makes 2L. */
  offSpan: number;
}

/** Errors along the eigendirections of K at one step; see Modes. */
export interface ModeRecord {
  /** Numbers of the modes, from 1 at the largest eigenvalue. */
  indices: number[];
  /** (1 − ηλ_k)^t of the error at t = 0: Claim C.1. */
  theory: number[];
  errors: ByModel<ModeErrors>;
}

/** What is measured at one recorded step t. */
export interface StepRecord {
  step: number;
  train: SetMeasures;
  /** null where there is no test set. */
  test: SetMeasures | null;
  /** ‖θ(t) − θ(0)‖ of the parameters of every layer, first to last (W, v), then of the linear model's (beta). */
  movement: Record<string, number>;
  /** Outputs on the watched points, in the order of RunResult.watched. */
  outputs: ByModel<number[]>;
  /** Absent unless the spec asks for modes. */
  modes?: ModeRecord;
  /** Of the kernel that drives the network, (η₁Θ₁ + η₂Θ₂)/η; absent unless the spec asks for it. */
  alignment?: Alignment;
}

/** What is known of a deep or convolutional network beside that (THEORY-DEEP.md, sections e and f). */
export interface DeepPreparation {
  /** s_1 … s_{L+1}, the readout's last, as they were given or chosen; absent in older files. */
  gains?: readonly number[];
  /** Of its kernel about norms √d and inner product 0: the value, the slope and half the curvature in the inner product. */
  k0: number;
  k1: number;
  k2: number;
  /** k(1, 1, 1) − k₀ − k₁, the diagonal that the linear model leaves out. */
  gamma: number;
  /** τ of one step, ηk₁/d: the axis on which depths share a horizon. */
  clock: number;
  /** ‖Σ_l η_lΘ_l(0)‖/η on the training points, and its error; null where the run was stopped while it was measured. */
  kernelNorm: { value: number; error: number } | null;
  /** 2n/‖Θ(0)‖, above which gradient descent of the network is not stable. */
  stableRate: number | null;
}

/** What files held, what was done to it, and what decides whether the theory's approximation holds for it. */
export interface FilesFacts extends FilesDescription {
  /** Of whitening: principal directions kept, and how many have a variance; null where nothing was whitened. */
  whitened: { components: number; rank: number } | null;
  /** The mean of ⟨x_i, x_j⟩/d over pairs of training inputs: 0 where they are centred. */
  meanInnerProduct: number;
  /** The standard deviation of ‖x‖²/d over training inputs: 0 where norms concentrate. */
  normSpread: number;
}

/** What is known before the first step. */
export interface Preparation {
  n: number;
  nTest: number;
  d: number;
  /** Tr[Σ²]/d of the covariance; exact for synthetic data, estimated without bias from the user's arrays. */
  spectrumMoment: number;
  constants: GaussianConstants;
  /** Of the network's layers, first to last. */
  rates: LayerRate[];
  /** The greatest of them, which is the linear model's. */
  eta: number;
  /** T/c = d log d/η in steps: the horizon of the theorems without their constant. */
  horizon: number;
  /** 2n/‖K‖, above which the linear model diverges (Claim C.1); null where its eigenproblem is too large. */
  largestStableRate: number | null;
  /** Training loss of the least-squares linear model; null where its eigenproblem is too large. */
  linearOptimum: number | null;
  /** The points whose outputs are recorded: their set, indices and targets. */
  watched: { set: 'test' | 'train'; indices: number[]; targets: number[] };
  /**
   * What was done to the user's inputs, x ↦ (x − mean) · scale, both from the training set; null for synthetic data. Where
   * `files` says "sphere" or "whitened", that came after it.
   */
  standardization: { mean: number[]; scale: number } | null;
  /** ‖XᵀX/n‖ of the user's training inputs, which stands for ‖Σ‖; null for synthetic data. */
  covarianceNorm: number | null;
  /** What was read of files; absent unless data.distribution is "files". */
  files?: FilesFacts;
  /** Largest |y_i| on the training set; the theorems assume at most 1. */
  largestTarget: number;
  /** ‖y‖/√n on the training set; the general theorem assumes at most 1. */
  targetSize: number;
  /** Absent of two-layer networks. */
  deep?: DeepPreparation;
  /** The modes that errors are measured along; absent unless the spec asks for them. */
  modes?: ChosenModes;
}

/** A unit of the first layer: its weights as an image, row by row, channels last. */
export interface UnitImage {
  /** Its row in W_1, from 0. */
  unit: number;
  /** ‖w(t) − w(0)‖ */
  movement: number;
  /** w(0), and w(t) − w(0) with all its digits. */
  start: number[];
  displacement: number[];
}

/**
 * Weights of the first layer as images: of a fully-connected one on images, or the filters of a convolution. Units come in pairs
 * that begin alike and move, to first order, in opposite directions; of each pair it is the first, of a deep network the tower θ₊.
 * At most 16 units, and at most 2¹⁵ numbers in all: where images are larger than 1,024 numbers, fewer units.
 */
export interface FirstLayerImages {
  /** The step t that they are at. */
  step: number;
  /** Height, width and channels of each image; a filter along a ring has height 1. */
  shape: readonly [height: number, width: number, channels: number];
  /** How many units there are to choose from. */
  of: number;
  /** Those that moved most, the farthest first. */
  units: UnitImage[];
}

/** What computed a result, and when. */
export interface Provenance {
  /** Version of First Light. */
  firstLight: string;
  /** Browser or other environment, where the caller told; digits may depend on its compiler. */
  environment: string | null;
  /** ISO 8601 */
  startedAt: string;
}

/** How long a run took, in milliseconds. */
export interface Timings {
  /** Data, initialization and compilation. */
  preparation: number;
  /** From the first step to the last record, by the wall clock, without the claims. */
  training: number;
  /** Measuring claims, modes and alignment. */
  claims: number;
  /** GPU time of the training's submissions; null where the adapter offers no timestamps. */
  gpu: number | null;
  /** Median over readbacks of the wall time per step. */
  perStep: number;
}

export type RunStatus =
  | { kind: 'completed' }
  /** The caller aborted; `step` is the last one recorded: the last of all where arrays were still to be stored. */
  | { kind: 'stopped'; step: number }
  /** A loss left every bound; `step` is the first at which it did. */
  | {
      kind: 'diverged';
      step: number;
      /** The name of the model whose loss it is. */
      model: string;
      loss: number;
    };

/** A whole run; result-document.ts has its form in files. */
export interface RunResult {
  provenance: Provenance;
  spec: Spec;
  adapter: AdapterDescription;
  /** Tiles measured by a tuner that it preferred to the usual ones: roundings may come in another order. */
  tiles: readonly TileChoice[];
  preparation: Preparation;
  status: RunStatus;
  records: StepRecord[];
  /** When network, linearized network and linear model part on the training points, and why; null without records. */
  departure?: Departure | null;
  /** Of the network at the last step; null where it was not measured: the run diverged, or the network is too large. */
  accuracy: Accuracy | null;
  /** Absent where weights are no images, and of a run that diverged. */
  firstLayer?: FirstLayerImages;
  /** What the run says of the claims that its spec asks for, in the order of their numbers. */
  claims: ClaimMeasurement[];
  timings: Timings;
}

/** What `run` yields while it goes. */
export type RunEvent =
  | { kind: 'prepared'; preparation: Preparation; adapter: AdapterDescription }
  /**
   * A claim is about to be measured at this step, which takes longer than a step does, or is still being measured: after so
   * many products with its kernels.
   */
  | { kind: 'measuring'; claim: ClaimNumber; products: number; step: number; steps: number }
  | { kind: 'records'; records: StepRecord[] }
  /**
   * All is computed and the arrays are about to be stored, which may take long: the result as it stands, with status
   * "stopped", if they never are.
   */
  | { kind: 'computed'; result: RunResult }
  /** An array is about to be computed and stored, entry (rows, columns) by entry. */
  | { kind: 'storing'; array: string; shape: number[] }
  /** `perStep`: milliseconds a step took of late. */
  | { kind: 'progress'; step: number; steps: number; perStep: number };
