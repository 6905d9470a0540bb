import { resultOfRun, run } from '../../src/experiment/run.ts';
import { dense, rowProducts } from '../../src/math/dense.ts';
import type { Inputs } from '../../src/math/linear-features.ts';
import type { Lab } from '../../src/theory/lab.ts';
import { type Standing, standAt } from '../../src/theory/standing-parameters.ts';
import { pageLimits } from './page-limits.ts';
import { type Command, type Failure, failureOf } from './protocol.ts';
import type {
  KernelMeasure,
  KernelSnapshot,
  KernelWork,
  ShellSnapshot,
  SpectrumSnapshot,
} from './recording.ts';

/** Kernels are shown on so many points at most. */
const shownPoints = 48;
/** So many eigenvalues at most: for 2d of them, d must not be larger than half of it. */
const mostEigenvalues = 200;
/** A lab that nobody asks anything is closed after so many milliseconds: it holds the data a second time. */
const patience = 20_000;
/** Milliseconds between two words on how far a measurement is. */
const tellInterval = 250;

export interface KernelQuestion {
  what: KernelMeasure;
  step: number;
  at: Standing | 'start';
}

/** What a kernel lab has to say. */
export interface KernelTold {
  kernels: (kernels: KernelSnapshot) => void;
  spectrum: (spectrum: SpectrumSnapshot) => void;
  shell: (shell: ShellSnapshot) => void;
  /** What it is at; null: at nothing. */
  work: (work: KernelWork | null) => void;
  failed: (failure: Failure) => void;
}

/**
 * Measures what takes long of an experiment that goes on meanwhile, kernels above all: its data and θ(0) are drawn again, and
 * its models stand where those in training stood at some step. Its products lie on the device's queue between the steps of
 * the training.
 */
export class KernelLab {
  /** Resolves when nothing of it is left on the device. */
  readonly closed: Promise<void>;
  readonly #tell: KernelTold;
  readonly #abort = new AbortController();
  /** Whether a measurement ought to leave the device to others for as long as it took. */
  readonly #considerate: () => boolean;
  /** The latest of each kind. */
  readonly #questions = new Map<KernelMeasure, KernelQuestion>();
  /** Ends a wait for a question; ends any wait. */
  #asked: () => void = () => {};
  #ended: () => void = () => {};

  constructor(
    device: Promise<GPUDevice>,
    experiment: Pick<Extract<Command, { kind: 'open' }>, 'spec' | 'arrays'>,
    considerate: () => boolean,
    tell: KernelTold,
  ) {
    this.#considerate = considerate;
    this.#tell = tell;
    this.closed = this.#go(device, experiment);
  }

  get over(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Takes the place of a question of its kind that waits. */
  ask(question: KernelQuestion): void {
    this.#questions.set(question.what, question);
    this.#asked();
  }

  close(): void {
    this.#abort.abort();
    this.#ended();
  }

  async #go(
    device: Promise<GPUDevice>,
    { spec, arrays }: Pick<Extract<Command, { kind: 'open' }>, 'spec' | 'arrays'>,
  ): Promise<void> {
    const { signal } = this.#abort;
    const training = {
      ...spec.training,
      steps: 0,
      records: { steps: [0] },
      alignment: false,
      modes: 0 as const,
    };
    try {
      await resultOfRun(
        run(
          await device,
          { ...spec, training, claims: 'none', kernel: 'none' },
          {
            signal,
            memoryLimit: pageLimits.memory,
            open: (path) => Promise.resolve(arrays.get(path)!),
            observe: (lab) => this.#answer(lab),
          },
        ),
      );
    } catch (error) {
      if (!signal.aborted) this.#tell.failed(failureOf(error));
    } finally {
      this.#abort.abort();
    }
  }

  async #answer(lab: Lab): Promise<void> {
    for (;;) {
      const question = await this.#next();
      if (!question) {
        // At once: who asks from now on needs another lab.
        this.#abort.abort();
        return;
      }
      const begun = performance.now();
      const { what, step } = question;
      lab.tally.products = 0;
      const telling = setInterval(() => {
        this.#tell.work({ what, step, products: lab.tally.products });
      }, tellInterval);
      try {
        await this.#measure(lab, question);
      } finally {
        clearInterval(telling);
        this.#tell.work(null);
      }
      if (this.#considerate()) await this.#rest(performance.now() - begun);
    }
  }

  async #measure(lab: Lab, { what, step, at }: KernelQuestion): Promise<void> {
    standAt(lab, at);
    if (what === 'shell') {
      const { measureShells } = await import('../../src/theory/shells.ts');
      const { shells } = await measureShells(lab);
      this.#tell.shell({ step, shells });
      return;
    }
    const { drivingDistance, drivingSpectra, firstEntries } =
      await import('../../src/theory/driving-kernels.ts');
    const { size, X } = lab.train;
    const place = at === 'start' ? 'start' : 'position';
    if (what === 'spectrum') {
      const spectra = await drivingSpectra(lab, place, Math.min(2 * X.cols, mostEigenvalues, size));
      this.#tell.spectrum({ step, ...spectra });
      return;
    }
    const points = Math.min(shownPoints, size);
    const { theta, linear, inputs } = await firstEntries(lab, place, points);
    const { difference, linear: norm } = await drivingDistance(lab, place);
    const distance = { difference: difference.value / size, linear: norm.value / size };
    this.#tell.kernels({ step, points, theta, linear, gram: gramOf(inputs), distance });
  }

  /** The next question; null once nobody asks any more. */
  async #next(): Promise<KernelQuestion | null> {
    if (this.#questions.size === 0) await this.#rest(patience, true);
    const question = [...this.#questions.values()].at(0);
    if (this.over || !question) return null;
    this.#questions.delete(question.what);
    return question;
  }

  /** Until the time is over, or it is closed; where it waits for a question, until somebody asks. */
  async #rest(milliseconds: number, forQuestion = false): Promise<void> {
    if (this.over) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      if (forQuestion) this.#asked = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
  }
}

/** ⟨x_i, x_j⟩/d of all pairs, row by row. */
const gramOf = ({ rows, cols, data }: Inputs): Float32Array<ArrayBuffer> =>
  Float32Array.from(rowProducts(dense(rows, cols, data)).data, (product) => product / cols);
