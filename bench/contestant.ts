import type { DeepProblem, NetworkProblem, SquareMatrices } from './problem.ts';

/** Arrays by name; every contestant of a case returns the same names. */
export type Results = Record<string, Float32Array>;

/** Something to compute, bound to its operands where the contestant computes. */
export interface Task {
  /** How near its results must be to the reference, where it gives up digits on purpose: in place of the case's own. */
  tolerance?: number;
  /** Does it once, from operands that are there to a result that stays there, and waits until that is done. */
  run: () => Promise<void>;
  /** Of the latest run. */
  result: () => Promise<Results>;
  dispose: () => void;
}

/** The ways in which a library can do one thing, by name: each takes part, and the fastest is what is compared with. */
export type Forms = Record<string, () => Promise<Task>>;

/** The ways that are offered for a case; a contestant leaves out what it has no form for. */
export interface Repertoire {
  /** C = AB, float32. Result: C. */
  matrixProduct?: (matrices: SquareMatrices) => Forms;
  /** Θ₁ (n × n), stored, at the initialization. Result: theta, its first `checkedRows` rows. */
  denseNtk?: (problem: NetworkProblem, checkedRows: number) => Forms;
  /** `steps` steps of gradient descent on both layers a run. Result: the displacements W and v since the start. */
  gradientDescent?: (problem: NetworkProblem, rate: number, steps: number) => Forms;
  /** `steps` steps of gradient descent on all layers of both towers a run. Result: f on the points after them. */
  deepDescent?: (problem: DeepProblem, rate: number, steps: number) => Forms;
  /** `times` products Θu at the start, of all layers, where the kernel of both towers is that of one. Result: product. */
  deepProducts?: (problem: DeepProblem, times: number) => Forms;
  /** `times` products Θ₁u one after the other, by the network's Jacobian. Result: product. */
  ntkProducts?: (problem: NetworkProblem, times: number) => Forms;
  /** Θ₁ made and stored, then `times` products with it. Result: product. */
  denseProducts?: (problem: NetworkProblem, times: number) => Forms;
  /** ‖Θ₁‖ by `products` steps of Lanczos; a contestant with a stopping rule of its own takes that. Result: norm. */
  spectralNorm?: (problem: NetworkProblem, products: number) => Forms;
}

export interface Contestant extends Repertoire {
  library: string;
  /** Where it computes: only 'webgpu' is on the adapter. */
  backend: 'webgpu' | 'wasm' | 'javascript';
  /** Its device on the adapter, if it computes there. */
  device?: GPUDevice;
  /** Makes the library compute there: one library may take part with several backends. */
  activate: () => Promise<void>;
}

export const nameOf = ({ library, backend }: Contestant): string =>
  backend === 'wasm' ? `${library} (wasm)` : library;
