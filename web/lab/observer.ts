import { slicePoints } from '../../src/data/off-distribution.ts';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import type { ChosenModes, Preparation, StepRecord } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { together } from '../../src/gpu/together.ts';
import type { Vector } from '../../src/gpu/vector.ts';
import { lastWithinTime } from '../../src/theory/agreement-time.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import type { Lab } from '../../src/theory/lab.ts';
import { outputsOn } from '../../src/theory/outputs.ts';
import { type Standing, parameterBytes, standingParameters } from '../../src/theory/standing-parameters.ts';
import {
  type TargetComponent,
  isDetected,
  learnedShare,
  targetComponents,
} from '../../src/theory/target-components.ts';
import type { Snapshot, Stage } from './recording.ts';

/** The slice: points along a side, and half its length in units of √d. */
const slice = { side: 33, extent: 1.5 };
/** Outputs on so many training points are kept beside those on all test points. */
const trainPoints = 500;
/** Bytes of parameters that are kept for what views ask; those at T and at the end are kept beyond it. */
const keptParameters = 128 * 2 ** 20;
/** Bytes of outputs kept for the scrubber: of very many records, those of some. */
const keptOutputs = 256 * 2 ** 20;
/** Entries of the points that targets are looked through on for their components. */
const componentEntries = 4e6;

/** Takes what the lab keeps of a step beside its record. */
export class Observer {
  /** Parameters at recorded steps, by step, for whoever measures something there later. */
  readonly parameters = new Map<number, Standing>();
  readonly #tellStage: (stage: Stage) => void;
  readonly #snapshots = new Map<number, Snapshot>();
  /** Steps that are recorded, without a snapshot. */
  #skipped: ReadonlySet<number> = new Set();
  #staged = false;
  #chosen: ChosenModes | undefined;
  #components: TargetComponent[] = [];
  #parameterBytes = 0;

  constructor(tellStage: (stage: Stage) => void) {
    this.#tellStage = tellStage;
  }

  /** Takes snapshots of a run of this spec: of every record, or of so many of them as a page keeps. */
  expect(spec: Spec, { n, nTest, horizon }: Preparation): void {
    const steps = recordSteps(spec);
    const every = snapshotEvery(steps.length, nTest || n);
    if (every === 1) return;
    const kept = new Set([steps.findLast((step) => step <= agreementShare * horizon), steps.at(-1)]);
    this.#skipped = new Set(steps.filter((step, k) => k % every > 0 && !kept.has(step)));
  }

  /** Whether there is anything to take at a step: not at every one of very many. */
  wants(step: number): boolean {
    return !this.#skipped.has(step);
  }

  async observe(lab: Lab, { step }: StepRecord): Promise<void> {
    if (!this.#staged) {
      this.#tellStage(await this.#stage(lab));
      this.#staged = true; // not before: the device may be lost meanwhile
    }
    const { network, linear } = lab.outputs;
    const points = await lab.once('slice', () =>
      Promise.resolve(slicePoints(slice.side, slice.extent, lab.setting.d, lab.seed)),
    );
    const keeps = this.#keepsParameters(lab, step);
    // Together, since every readback may wait for a slow poll.
    const [f, lin, train, plane, parameters] = await together([
      (network.test ?? network.train).read(),
      (linear.test ?? linear.train).read(),
      lab.test ? together([first(lab, network.train), first(lab, linear.train)]) : undefined,
      outputsOn(lab, points),
      keeps ? standingParameters(lab) : undefined,
    ]);
    if (parameters) this.parameters.set(step, parameters);
    this.#snapshots.set(step, {
      step,
      network: f,
      linear: lin,
      ...(train && { train: { network: train[0], linear: train[1] } }),
      slice: plane,
      ...(this.#components.length > 0 && {
        learned: this.#components.map((component) => learnedShare(f, component)),
      }),
      ...this.#errors(lab),
    });
  }

  async #stage(lab: Lab): Promise<Stage> {
    const { test, train, setting } = lab;
    const modes = lab.errorModes?.modes;
    this.#chosen = modes && modes.choose(modes.octaves());
    const points = test ?? train;
    const [targets, trainTargets] = await together([points.y.read(), test ? first(lab, train.y) : undefined]);
    const known = setting.targetDirections && points.size * points.X.cols <= componentEntries;
    const found = known ? await targetComponents({ seed: lab.seed, keep: undefined }, points, targets) : [];
    this.#components = found.filter(isDetected);
    return {
      targets,
      ...(trainTargets && { trainTargets }),
      slice,
      ...(this.#chosen && { modes: this.#chosen }),
      ...(known && { components: this.#components.map(({ symbol }) => symbol) }),
    };
  }

  /** Errors along the chosen modes, as the run measured them at this step. */
  #errors({ errorModes }: Lab): Pick<Snapshot, 'modes'> {
    const chosen = this.#chosen;
    if (!errorModes || !chosen) return {};
    const [network, linear] = errorModes.last.map(({ along }) =>
      chosen.indices.map((index) => along[index - 1]),
    );
    return { modes: { network, linear } };
  }

  /** Those at θ(0) are drawn again where they are needed. */
  #keepsParameters(lab: Lab, step: number): boolean {
    if (step === 0 || this.parameters.has(step)) return false;
    const bytes = parameterBytes(lab);
    const isEnd = step === lastWithinTime(lab) || step === lab.recordSteps.at(-1);
    if (!isEnd && this.#parameterBytes + bytes > keptParameters) return false;
    this.#parameterBytes += bytes;
    return true;
  }

  /** The snapshot of a step, handed over. */
  take(step: number): Snapshot | undefined {
    const snapshot = this.#snapshots.get(step);
    this.#snapshots.delete(step);
    return snapshot;
  }
}

/** A snapshot is taken of every so-manieth of the records, of which each has outputs of both models on so many points. */
function snapshotEvery(records: number, points: number): number {
  const bytes = 4 * 2 * (points + slice.side ** 2);
  return Math.max(1, Math.ceil((records * bytes) / keptOutputs));
}

/** The first entries of a vector on the training points. */
async function first({ gpu }: Lab, vector: Vector): Promise<Float32Array<ArrayBuffer>> {
  return new Float32Array(await gpu.read(vector.buffer, 0, 4 * Math.min(trainPoints, vector.length)));
}
