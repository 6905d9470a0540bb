import type { StepRecord } from '../../src/experiment/result.ts';
import { run } from '../../src/experiment/run.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { DeviceLostError } from '../../src/gpu/errors.ts';
import { preferTiles } from '../../src/programs/tile-choice.ts';
import type { Devices } from './devices.ts';
import type { KernelLab, KernelTold } from './kernel-lab.ts';
import { Observer } from './observer.ts';
import { Pace } from './pace.ts';
import { pageLimits } from './page-limits.ts';
import { type Command, type Message, failureOf } from './protocol.ts';
import type { KernelMeasure, Snapshot } from './recording.ts';

/** So many devices lost at the same step are enough: it is the experiment that they are lost by. */
const mostLosses = 2;

/** Milliseconds after which a page that does not say that it has drawn is not waited for. */
const mostDrawing = 100;

function lostAgain(reached: number, reason: string): DeviceLostError {
  const where = reached < 0 ? 'before it recorded anything' : `at step ${reached}`;
  return new DeviceLostError(
    `The browser lost the GPU twice ${where} (${reason}): the experiment may take more memory or time than there is. Make it smaller, and reload the page where it finds no GPU any more.`,
  );
}

/** One experiment, from its start to its end, over as many devices as it takes. */
export class Session {
  readonly run: number;
  readonly pace: Pace;
  readonly command: Extract<Command, { kind: 'open' }>;
  readonly #devices: Devices;
  readonly #post: (message: Message, transfer?: Transferable[]) => void;
  readonly #abort = new AbortController();
  readonly #observer: Observer;
  /** Steps whose records were told. */
  readonly #told = new Set<number>();
  /** The last step told. */
  #reached = -1;
  #recovering = false;
  #onDrawn: () => void = () => undefined;
  readonly #trained: Promise<void>;
  #training = true;
  #kernels: KernelLab | undefined;

  constructor(
    command: Extract<Command, { kind: 'open' }>,
    devices: Devices,
    post: (message: Message, transfer?: Transferable[]) => void,
    after: Promise<unknown>,
  ) {
    this.command = command;
    this.run = command.run;
    this.#devices = devices;
    this.#post = post;
    const { run } = this;
    this.pace = new Pace(command, (step) => post({ kind: 'held', run, step }));
    this.#observer = new Observer((stage) => post({ kind: 'stage', run, stage }));
    this.#trained = after.then(() => this.#go()).finally(() => (this.#training = false));
  }

  /** Ends it, quietly. */
  end(): void {
    this.#abort.abort();
    this.#kernels?.close();
  }

  /** Resolves when it is over, however it ends; asked after `end`. */
  get ended(): Promise<unknown> {
    return Promise.all([this.#trained, this.#kernels?.closed]);
  }

  /** The page has drawn what it was told last. */
  drawn(): void {
    this.#onDrawn();
  }

  /** Measures something at a step whose parameters are kept, beside the training. */
  async measure(what: KernelMeasure, step: number): Promise<void> {
    const told = this.#kernelsTold();
    try {
      const { KernelLab } = await import('./kernel-lab.ts');
      const at = step === 0 ? 'start' : this.#observer.parameters.get(step);
      if (!at || this.#over) return;
      if (!this.#kernels || this.#kernels.over) {
        const before = this.#kernels?.closed ?? Promise.resolve();
        const device = before.then(() => this.#devices.get());
        this.#kernels = new KernelLab(device, this.command, () => this.#training, told);
      }
      this.#kernels.ask({ what, step, at });
    } catch (error) {
      told.failed(failureOf(error));
    }
  }

  #kernelsTold(): KernelTold {
    const { run } = this;
    const post = this.#post;
    return {
      kernels: (kernels) =>
        post({ kind: 'kernels', run, kernels }, [
          kernels.theta.buffer,
          kernels.linear.buffer,
          kernels.gram.buffer,
        ] as ArrayBuffer[]),
      spectrum: (spectrum) => post({ kind: 'spectrum', run, spectrum }),
      shell: (shell) => post({ kind: 'shell', run, shell }),
      work: (work) => post({ kind: 'kernel-work', run, work }),
      failed: (failure) => post({ kind: 'kernels-failed', run, failure }),
    };
  }

  get #over(): boolean {
    return this.#abort.signal.aborted;
  }

  async #go(): Promise<void> {
    const { run } = this;
    for (let losses = 0, before = -1; !this.#abort.signal.aborted;) {
      let device: GPUDevice | undefined;
      try {
        device = await this.#devices.get();
        await this.#train(device);
        return;
      } catch (error) {
        if (device) await this.#devices.leaveAfter(error, device);
        if (this.#over) return;
        losses = this.#reached > before ? 1 : losses + 1;
        before = this.#reached;
        const reason = device && (await this.#devices.lossOf(device));
        if (reason === undefined) {
          this.#post({ kind: 'failed', run, failure: failureOf(error) });
          return;
        }
        if (losses >= mostLosses) {
          this.#post({ kind: 'failed', run, failure: failureOf(lostAgain(this.#reached, reason)) });
          return;
        }
        this.#recovering = true;
        this.pace.again(this.#reached);
        this.#post({ kind: 'lost', run, reason });
      }
    }
  }

  async #train(device: GPUDevice): Promise<void> {
    const { run: id } = this;
    const { signal } = this.#abort;
    // Its own until it is over, so that what is made again, after a lost device or for arrays, has the same bits.
    const gpu = Gpu.of(device);
    const { software } = gpu.adapter;
    await this.#takeTiles(gpu);
    void device.lost.then(() => this.pace.fail(new DeviceLostError('The GPU device was lost.')));
    const events = run(device, this.command.spec, {
      signal,
      environment: navigator.userAgent,
      memoryLimit: pageLimits.memory,
      gate: this.pace,
      open: (path) => Promise.resolve(this.command.arrays.get(path)!),
      observes: (step) => this.#observer.wants(step),
      observe: async (lab, record) => {
        if (!this.#told.has(record.step)) await this.#observer.observe(lab, record);
      },
    });
    for (;;) {
      const { done, value } = await events.next();
      if (signal.aborted) {
        await events.return(undefined as never);
        return;
      }
      if (done) {
        // The page has the records: they were told as they came.
        this.#post({ kind: 'ended', run: id, result: { ...value, records: [] } });
        return;
      }
      switch (value.kind) {
        case 'prepared':
          this.#observer.expect(this.command.spec, value.preparation);
          this.#post({ ...value, run: id });
          break;
        case 'measuring':
          this.#post({ kind: 'measuring', run: id, claim: value.claim });
          break;
        case 'records':
          this.#tell(value.records);
          if (software) await this.#untilDrawn();
          break;
        case 'progress':
          if (value.step < this.#reached) break;
          if (this.#recovering) this.#post({ kind: 'recovered', run: id });
          this.#recovering = false;
          this.#reached = value.step;
          this.#post({ kind: 'progress', run: id, step: value.step, perStep: value.perStep });
      }
    }
  }

  /** A processor that computes leaves none to draw on: what was told is drawn before the next step. */
  #untilDrawn(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrawn = resolve;
      setTimeout(resolve, mostDrawing);
    });
  }

  /** Takes the kept choices that hold on this device; what tells them from others' is loaded where there are any. */
  async #takeTiles(gpu: Gpu): Promise<void> {
    const { tiles } = this.command;
    if (tiles.entries.length === 0) preferTiles(gpu, []);
    else {
      const { takeMeasuredTiles } = await import('../../src/tuning/measured-tiles.ts');
      await takeMeasuredTiles(gpu, tiles, navigator.userAgent);
    }
  }

  /** Tells the records that were not told before the device was lost. */
  #tell(read: readonly StepRecord[]): void {
    const records: StepRecord[] = [];
    const snapshots: Snapshot[] = [];
    for (const record of read) {
      const snapshot = this.#observer.take(record.step);
      if (this.#told.has(record.step)) continue;
      this.#told.add(record.step);
      records.push(record);
      if (snapshot) snapshots.push(snapshot);
    }
    if (records.length === 0) return;
    const buffers = snapshots.flatMap(({ network, linear, train, slice }) =>
      [network, linear, ...(train ? [train.network, train.linear] : []), slice.network, slice.linear].map(
        ({ buffer }) => buffer as ArrayBuffer,
      ),
    );
    const { parameters } = this.#observer;
    const kernelSteps = records.map(({ step }) => step).filter((step) => step === 0 || parameters.has(step));
    this.#post({ kind: 'records', run: this.run, records, snapshots, kernelSteps }, buffers);
  }
}
