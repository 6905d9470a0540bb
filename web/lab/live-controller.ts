import { widthOf } from '../../src/experiment/network-facts.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { FrameListeners } from './frame.ts';
import type { Line } from './line.ts';
import { requirePageSize } from './page-size.ts';
import type { Message } from './protocol.ts';
import type { GrowthLine, GrowthMessage, LabController } from './controller.ts';
import { labPresets } from './presets.ts';
import type { Compared, KernelMeasure, Recording, Speed } from './recording.ts';
import { TileStore } from './tile-store.ts';
import { Tuning } from './tuning.ts';

interface Request {
  resolve: (files: Map<string, Blob>) => void;
  reject: (error: Error) => void;
}

/** An experiment that an engine runs. Messages of runs that are over come late, and are dropped by their number. */
export class LiveController implements LabController {
  readonly tuning: Tuning;
  readonly presets = labPresets;
  readonly growing: GrowthLine;
  readonly #line: Line;
  readonly #listeners = new FrameListeners();
  readonly #requests = new Map<number, Request>();
  #run = 0;
  #paused = false;
  #speed: Speed = null;
  #arrays: ReadonlyMap<string, ArrayBuffer> = new Map();
  #growthListener: (message: GrowthMessage) => void = () => {};
  #recording!: Recording;
  /** The step that each was asked for last. */
  #asked: Partial<Record<KernelMeasure, number>> = {};

  constructor(line: Line, initial: SpecInput, standAt?: number) {
    this.#line = line;
    this.tuning = new Tuning(
      new TileStore(),
      {
        hold: () => this.#hold(),
        goOn: () => this.play(),
        sizes: () => {
          const { preparation, spec } = this.#recording;
          return preparation ? [{ n: preparation.n, d: preparation.d, m: widthOf(spec.network) }] : [];
        },
      },
      (command) => line.send(command),
      () => this.#listeners.changed(),
    );
    this.growing = {
      send: (command) => line.send(command),
      listen: (listener) => (this.#growthListener = listener),
    };
    this.open(initial, undefined, standAt);
  }

  get recording(): Recording {
    return this.#recording;
  }

  get speed(): Speed {
    return this.#speed;
  }

  open(input: SpecInput, arrays: ReadonlyMap<string, ArrayBuffer> = new Map(), standAt?: number): void {
    const spec = parseSpec(input);
    requirePageSize(spec, arrays);
    this.#arrays = arrays;
    this.#start(spec, standAt ?? null);
  }

  restart(): void {
    this.#start(this.#recording.spec);
  }

  play(): void {
    if (!this.#goes) return;
    this.#paused = false;
    this.#recording.settling = false;
    if (this.#recording.phase === 'paused') this.#recording.phase = 'running';
    this.#line.send({ kind: 'play', run: this.#run });
    this.#listeners.changed();
  }

  pause(): void {
    if (!this.#goes) return;
    this.#setPaused();
    this.#line.send({ kind: 'pause', run: this.#run });
  }

  step(): void {
    if (!this.#goes) return;
    this.#setPaused();
    this.#line.send({ kind: 'step', run: this.#run });
  }

  setSpeed(speed: Speed): void {
    this.#speed = speed;
    this.#line.send({ kind: 'speed', run: this.#run, speed });
    this.#listeners.changed();
  }

  pin(pinned: boolean): void {
    const recording = this.#recording;
    recording.compared = pinned ? { ...curvesOf(recording), name: 'A', pinned } : null;
    this.#listeners.changed();
  }

  measure(what: KernelMeasure, step: number): void {
    if (this.#asked[what] === step) return;
    this.#asked[what] = step;
    this.#line.send({ kind: 'measure', run: this.#run, what, step });
  }

  arrays(): Promise<Map<string, Blob>> {
    const request = this.#requests.size + 1;
    return new Promise((resolve, reject) => {
      this.#requests.set(request, { resolve, reject });
      const { step } = this.#recording;
      this.#line.send({ kind: 'arrays', run: this.#run, request, step });
    });
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  loseDevice(): void {
    this.#line.send({ kind: 'lose-device' });
  }

  close(): void {
    this.#run++;
    for (const { reject } of this.#requests.values()) reject(new Error('The lab was closed.'));
    this.#line.close();
  }

  receive(message: Message): void {
    switch (message.kind) {
      case 'ready':
        return;
      case 'arrays':
        this.#requests.get(message.request)?.resolve(message.files);
        return;
      case 'arrays-failed':
        this.#requests.get(message.request)?.reject(new Error(message.failure.message));
        return;
      case 'broken':
        this.#fail(message.failure.message);
        this.tuning.fail(message.failure.message);
        this.#growthListener({ kind: 'growing-ended', failure: message.failure });
        return;
      case 'growing':
      case 'grown':
      case 'growing-ended':
        this.#growthListener(message);
        return;
      case 'tuning':
      case 'tuned':
      case 'tuning-ended':
        this.tuning.receive(message);
        return;
    }
    if (message.run !== this.#run) return;
    const recording = this.#recording;
    switch (message.kind) {
      case 'prepared':
        recording.preparation = message.preparation;
        recording.adapter = message.adapter;
        this.tuning.know(message.adapter);
        break;
      case 'stage':
        recording.stage = message.stage;
        break;
      case 'records':
        for (const record of message.records) recording.records.push(record);
        for (const snapshot of message.snapshots) recording.snapshots.push(snapshot);
        for (const step of message.kernelSteps) recording.kernelSteps.push(step);
        this.#listeners.drawn(() => this.#line.send({ kind: 'drawn', run: message.run }));
        break;
      case 'kernels':
        recording.kernels = inOrder([...recording.kernels, message.kernels]);
        recording.kernelFailure = null;
        break;
      case 'spectrum':
        recording.spectra = inOrder([...recording.spectra, message.spectrum]);
        recording.kernelFailure = null;
        break;
      case 'shell':
        recording.shells = inOrder([...recording.shells, message.shell]);
        recording.kernelFailure = null;
        break;
      case 'kernel-work':
        recording.kernelWork = message.work;
        break;
      case 'kernels-failed':
        recording.kernelFailure = message.failure.message;
        break;
      case 'measuring':
        recording.measuring = message.claim;
        break;
      case 'progress':
        recording.step = message.step;
        recording.perStep = message.perStep;
        recording.measuring = null;
        if (recording.phase === 'preparing' && !this.#paused) recording.phase = 'running';
        break;
      case 'held':
        recording.step = message.step;
        if (this.#paused) {
          recording.phase = 'paused';
          recording.settling = false;
          this.tuning.stands();
        }
        break;
      case 'lost':
        recording.phase = 'preparing';
        recording.failure = `The browser lost the GPU (${message.reason}). Everything recorded is kept; the experiment is repeated up to step ${recording.step} on a new device.`;
        break;
      case 'recovered':
        recording.phase = this.#paused ? 'paused' : 'running';
        recording.failure = null;
        break;
      case 'ended':
        recording.phase = 'ended';
        recording.settling = false;
        recording.claims = message.result.claims;
        // After a lost device the result has only what was recorded since.
        recording.result = { ...message.result, records: recording.records };
        recording.measuring = null;
        this.tuning.stands();
        break;
      case 'failed':
        this.#fail(message.failure.message);
        this.tuning.stands();
    }
    this.#listeners.changed();
  }

  /** Has it stand, and says that it does where it makes no steps any more. @returns whether it went */
  #hold(): boolean {
    const went = this.#goes && !this.#paused;
    if (this.#goes) this.pause();
    else this.tuning.stands();
    return went;
  }

  #start(spec: Spec, standAt: number | null = null): void {
    this.tuning.leave();
    this.#paused = standAt !== null;
    this.#run++;
    const compared = this.#comparedWith(spec);
    this.#recording = { ...emptyRecording(spec), compared };
    this.#asked = {};
    const [run, speed, arrays, { tiles }] = [this.#run, this.#speed, this.#arrays, this.tuning];
    this.#line.send({ kind: 'open', run, spec, arrays, tiles, standAt, speed });
    this.#listeners.changed();
  }

  /** What was kept, else the experiment before, where that is another one and came to something. */
  #comparedWith(spec: Spec): Compared | null {
    const before = this.#recording as Recording | undefined;
    if (!before || before.compared?.pinned) return before?.compared ?? null;
    const same = JSON.stringify(before.spec) === JSON.stringify(spec);
    return same || before.records.length < 2
      ? before.compared
      : { ...curvesOf(before), name: 'the experiment before', pinned: false };
  }

  get #goes(): boolean {
    return this.#recording.phase !== 'ended' && this.#recording.phase !== 'failed';
  }

  /** At once, whatever the engine is at; it is told to stand at the next step. */
  #setPaused(): void {
    this.#paused = true;
    this.#recording.settling = true;
    if (this.#recording.phase === 'running') this.#recording.phase = 'paused';
    this.#listeners.changed();
  }

  #fail(message: string): void {
    this.#recording.phase = 'failed';
    this.#recording.settling = false;
    this.#recording.failure = message;
    this.#listeners.changed();
  }
}

/** What is kept of an experiment beside another: its curves, and not what takes room. */
const curvesOf = ({ spec, preparation, records }: Recording) => ({ spec, preparation, records });

const inOrder = <Taken extends { step: number }>(taken: Taken[]): Taken[] =>
  taken.sort((a, b) => a.step - b.step);

const emptyRecording = (spec: Spec): Recording => ({
  spec,
  phase: 'preparing',
  settling: false,
  recorded: false,
  preparation: null,
  adapter: null,
  stage: null,
  records: [],
  snapshots: [],
  kernelSteps: [],
  kernels: [],
  spectra: [],
  shells: [],
  kernelWork: null,
  kernelFailure: null,
  compared: null,
  claims: [],
  measuring: null,
  step: 0,
  perStep: null,
  result: null,
  failure: null,
});
