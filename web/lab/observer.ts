import { slicePoints } from '../../src/data/off-distribution.ts';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import type { ChosenModes, Preparation, StepRecord } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { together } from '../../src/gpu/together.ts';
import { lastWithinTime } from '../../src/theory/agreement.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import type { Lab } from '../../src/theory/lab.ts';
import { outputsOn } from '../../src/theory/outputs.ts';
import { snapshotEvery } from './page-limits.ts';
import type { KernelSnapshot, Snapshot, Stage } from './recording.ts';

/** The slice: points along a side, and half its length in units of √d. */
const slice = { side: 33, extent: 3 };
/** Kernels: entries on so many points, and so many eigenvalues. */
const kernels = { points: 48, eigenvalues: 12 };
/** Where kernels take less than this many milliseconds, they are measured about so often. */
const cheap = { milliseconds: 80, times: 12 };

/** The first recorded step at which losses make a curve. */
const curveSteps = ({ recordSteps }: Lab): number => recordSteps[Math.min(4, recordSteps.length - 1)];

/** Takes what the lab keeps of a step beside its record. */
export class Observer {
  readonly #tell: { stage: (stage: Stage) => void; kernels: (kernels: KernelSnapshot) => void };
  readonly #snapshots = new Map<number, Snapshot>();
  readonly #kernelSteps = new Set<number>();
  /** Steps that are recorded, without a snapshot. */
  #skipped: ReadonlySet<number> = new Set();
  #staged = false;
  #chosen: ChosenModes | undefined;
  #kernelsTook = Infinity;

  constructor(tell: { stage: (stage: Stage) => void; kernels: (kernels: KernelSnapshot) => void }) {
    this.#tell = tell;
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
      const modes = lab.errorModes?.modes;
      this.#chosen = modes && modes.choose(modes.octaves());
      const targets = await (lab.test ?? lab.train).y.read();
      this.#tell.stage({ targets, slice, ...(this.#chosen && { modes: this.#chosen }) });
      this.#staged = true; // not before: the device may be lost meanwhile
    }
    const { network, linear } = lab.outputs;
    const points = await lab.once('slice', () =>
      Promise.resolve(slicePoints(slice.side, slice.extent, lab.setting.d, lab.seed)),
    );
    // Together, since every readback may wait for a slow poll.
    const [f, lin, plane] = await together([
      (network.test ?? network.train).read(),
      (linear.test ?? linear.train).read(),
      outputsOn(lab, points),
    ]);
    this.#snapshots.set(step, { step, network: f, linear: lin, slice: plane, ...this.#errors(lab) });
    // The kernels of the start wait until there is a curve to see.
    if (step > 0 && !this.#kernelSteps.has(0) && step >= curveSteps(lab)) await this.#measureKernels(lab, 0);
    if (this.#wantsKernels(lab, step)) await this.#measureKernels(lab, step);
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

  /** At the present step, or at W(0). */
  async #measureKernels(lab: Lab, step: number): Promise<void> {
    // Loaded with the first kernels, not with the first curve.
    const { drivingKernels } = await import('../../src/theory/driving-kernels.ts');
    const begun = performance.now();
    const at = step === 0 ? 'start' : 'position';
    const { spectrum, theta, linear, points } = await drivingKernels(
      lab,
      at,
      kernels.points,
      kernels.eigenvalues,
    );
    this.#kernelsTook = performance.now() - begun;
    this.#tell.kernels({ step, points, theta, linear, spectrum });
    this.#kernelSteps.add(step);
  }

  /** At T and at the end; more often where that costs little. */
  #wantsKernels(lab: Lab, step: number): boolean {
    if (this.#kernelSteps.has(step)) return false;
    const planned = lab.recordSteps;
    if (step === 0) return false;
    if (step === lastWithinTime(lab) || step === planned.at(-1)) return true;
    const every = Math.max(1, Math.floor(planned.length / cheap.times));
    return this.#kernelsTook < cheap.milliseconds && planned.indexOf(step) % every === 0;
  }

  /** The snapshot of a step, handed over. */
  take(step: number): Snapshot | undefined {
    const snapshot = this.#snapshots.get(step);
    this.#snapshots.delete(step);
    return snapshot;
  }
}
