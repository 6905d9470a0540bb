import { version } from '../../package.json';
import { DataError } from '../data/data-error.ts';
import type { PointSet } from '../data/point-set.ts';
import { shown } from '../gpu/arguments.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import { Gpu } from '../gpu/device.ts';
import { TooLargeError } from '../gpu/errors.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import type { Vector } from '../gpu/vector.ts';
import type { KernelAlignment } from '../kernel/alignment.ts';
import { medianOf } from '../math/statistics.ts';
import { ErrorModes, type ErrorParts } from '../model/error-modes.ts';
import { type Model, byKey } from '../model/model.ts';
import { type ChosenModes, Modes } from '../model/modes.ts';
import { preferredTiles } from '../programs/tile-choice.ts';
import type { ClaimNumber } from '../theory/claim.ts';
import { departure } from '../theory/departure.ts';
import { departureScale } from './departure-scale.ts';
import { type Lab, createLab } from '../theory/lab.ts';
import { drivingWeights } from '../theory/layers.ts';
import type { ClaimSession } from './claim-session.ts';
import { type Continuation, addTimings, whyNotContinued } from './continuation.ts';
import { type Gate, waitAt } from './gate.ts';
import { measureAccuracy } from './measure-accuracy.ts';
import { type MemoryBudget, type ProblemSizes, kernelRoom } from './memory.ts';
import { closedFormLimit, prepare } from './prepare.ts';
import { loadProblem } from './load-problem.ts';
import type { Problem } from './problem.ts';
import { recordSteps } from './record-steps.ts';
import type { FirstLayer } from './first-layer-images.ts';
import type {
  FirstLayerImages,
  ModeRecord,
  Preparation,
  RunEvent,
  RunResult,
  RunStatus,
  StepRecord,
  Timings,
} from './result.ts';
import { settingOf } from './setting.ts';
import type { Spec } from './spec.ts';
import { requireParsed } from './parsed-spec.ts';
import type { NamedArray } from './store-arrays.ts';
import { type Training, traceSteps } from './training.ts';
import type { OpenArray } from './user-arrays.ts';

/** Milliseconds between readbacks: seldom enough to cost nothing; and where somebody watches. */
const readbackInterval = { alone: 250, observed: 40 };
/** A training loss this many times its initial value never comes back. */
const divergenceFactor = 1e3;

/** What a caller of `run` may ask beside the spec: to be told, to hold, to stop, to keep arrays. */
export interface RunOptions extends MemoryBudget {
  signal?: AbortSignal;
  /** What to note as the environment of the result, for example navigator.userAgent. */
  environment?: string;
  /** Opens the arrays that a spec with data.distribution "npy" names. */
  open?: OpenArray;
  /** Receives every array of the run at its end; see the README for their names. */
  onArray?: (array: NamedArray) => Promise<void>;
  /**
   * Called at every recorded step, the parameters standing there, before its record is yielded; not once the training
   * has left every bound. What it throws ends the run.
   */
  observe?: (lab: Lab, record: StepRecord) => Promise<void>;
  /** Whether a step that is recorded is observed, too: each has to be waited for. All of them unless given. */
  observes?: (step: number) => boolean;
  /** Where an earlier part of this run stopped, on such a device: it goes on there, bit for bit. Not with claims. */
  from?: Continuation;
  /** Receives what training has learned where the run stops, for one that goes on there; of a run that can. */
  onStop?: (step: number, state: Float32Array<ArrayBuffer>) => Promise<void>;
  /** Holds the run at its steps. It may have steps recorded beside those of the spec; the rest stays as it is, bit for bit. */
  gate?: Gate;
}

/**
 * Runs a spec on a device: yields what is measured while the models train side by side, and returns the whole
 * result. The same spec on the same adapter, with the same tiles, gives the same records, bit for bit.
 *
 * Aborting ends the run at the present step with status "stopped"; divergence ends it with status "diverged". Either
 * way the records up to there are in the result. The arrays are those of the last step, of the step stopped at, and
 * of a diverged run only those it began with.
 *
 * @throws TypeError for what is no device or no spec that was parsed; TooLargeError before anything is allocated; DataError for the user's arrays; DeviceLostError,
 * OutOfMemoryError, GpuValidationError while it runs. Everything it allocated is freed however it ends.
 */
export async function* run(
  device: GPUDevice,
  spec: Spec,
  options: RunOptions = {},
): AsyncGenerator<RunEvent, RunResult> {
  const gpu = Gpu.of(device);
  requireParsed(spec);
  const begun = performance.now();
  const startedAt = new Date().toISOString();
  const { from } = options;
  const why = from && whyNotContinued(spec);
  if (why) throw new DataError(`This run cannot go on: ${why}. Run it from its start.`);
  using owned = new Resources();
  const stream = owned.own(new CommandStream(gpu));
  try {
    const wanted = { ...options, kernel: options.onArray !== undefined && spec.kernel !== 'none' };
    const problem = owned.own(await loadProblem(gpu, stream, spec, wanted));
    const { signal } = options;
    const room = kernelRoom(gpu, sizesOf(problem), spec, wanted);
    const limits = { ...room, signal };
    const { preparation, models, training, closedForm } = await prepare(
      gpu,
      stream,
      spec,
      problem,
      owned,
      limits,
    );
    const asked = wantsModes(spec);
    const modes = closedForm && (asked || options.observe) ? new Modes(closedForm) : null;
    if (asked) preparation.modes = chosenModes(spec, problem.train, modes);
    const errorModes =
      modes &&
      owned.own(
        new ErrorModes(
          gpu,
          models.linear,
          problem.train,
          modes,
          models.all.map((model) => training.predictionsOf(model).train.e),
        ),
      );
    yield { kind: 'prepared', preparation, adapter: gpu.adapter };
    if (from) yield { kind: 'records', records: [...from.records] };

    await stream.finish();
    if (from) training.writeState(gpu, from.state);
    const lab = createLab({
      gpu,
      setting: settingOf(spec, preparation),
      seed: spec.seed,
      train: problem.train,
      test: problem.test,
      network: models.network,
      linear: models.linear,
      outputs: { network: outputsOf(training, models.network), linear: outputsOf(training, models.linear) },
      closedForm,
      errorModes,
      recordSteps: recordSteps(spec),
      signal,
      ...room,
      tally: { products: 0 },
      keep: options.onArray && (({ data, ...array }) => options.onArray!({ ...array, chunks: [data] })),
    });
    const session = await claimSession(spec, lab);
    const alignment = spec.training.alignment ? owned.own(await alignmentOf(lab)) : null;
    const progress: Progress = {
      records: [...(from?.records ?? [])],
      beside: new Map(),
      status: { kind: 'completed' },
      perStep: [],
      measuring: 0,
      aside: 0,
      ...(from && { initialLoss: from.records[0].train.losses.network }),
    };
    const [trainingBegun, gpuBegun] = [performance.now(), stream.gpuMilliseconds];
    if (session) yield* measuring(session.start(), 0, spec, lab, progress);
    yield* train({ gpu, stream, training, lab, session, alignment, preparation, spec, options, progress });
    await stream.finish();
    const planned = new Set(lab.recordSteps);
    const claims = session?.finish({
      moments: progress.records.filter(({ step }) => planned.has(step)),
      divergedAt: progress.status.kind === 'diverged' ? progress.status.step : null,
    });
    const { status } = progress;
    if (status.kind === 'stopped' && whyNotContinued(spec) === null) {
      await options.onStop?.(status.step, await training.readState(gpu));
    }
    const end = status.kind === 'completed' ? spec.training.steps : status.step;
    const diverged = status.kind === 'diverged';
    const outputs = training.predictionsOf(models.network).train.u;
    const accuracy = diverged ? null : await measureAccuracy(models.network, problem.train, outputs, end);
    const imaged = !diverged && (spec.network.kind === 'convolutional' || problem.files !== null);
    const firstLayer = imaged && (await firstLayerOf({ gpu, stream, spec, models, files: problem.files }));
    const present: Timings = {
      preparation: trainingBegun - begun,
      training: performance.now() - trainingBegun - progress.measuring - progress.aside,
      claims: progress.measuring,
      gpu: stream.gpuMilliseconds === null ? null : stream.gpuMilliseconds - (gpuBegun ?? 0),
      perStep: medianOf(progress.perStep),
    };
    const result: RunResult = {
      provenance: { firstLight: version, environment: options.environment ?? null, startedAt },
      spec,
      adapter: gpu.adapter,
      tiles: preferredTiles(gpu),
      preparation,
      status: progress.status,
      records: progress.records,
      departure: departure(progress.records, departureScale(spec, preparation)),
      accuracy,
      ...(firstLayer && { firstLayer: { step: end, ...firstLayer } }),
      claims: claims ?? [],
      timings: from ? addTimings(from.timings, present) : present,
    };
    if (!options.onArray) return result;
    const unstored: RunResult = {
      ...result,
      status:
        progress.status.kind === 'stopped'
          ? progress.status
          : { kind: 'stopped', step: progress.records.at(-1)?.step ?? 0 },
    };
    yield { kind: 'computed', result: unstored };
    const { onArray } = options;
    const { storeArrays } = await import('./store-arrays.ts');
    const stored = yield* storeArrays({
      gpu,
      stream,
      spec,
      problem,
      models,
      training,
      status: progress.status,
      onArray,
      signal,
    });
    return stored ? result : unstored;
  } finally {
    // What is still encoded refers to buffers that go now, here or in a part that failed.
    stream.discard();
  }
}

/**
 * The result of a run whose events nobody needs one by one, or only in passing: `await resultOfRun(run(device, spec))`.
 * @param watch called with each event before the run goes on
 * @throws what the run throws, and what `watch` does, which ends the run; TypeError for what is no run, or one whose end
 * somebody has had already: its result is told once
 */
export async function resultOfRun(
  running: AsyncGenerator<RunEvent, RunResult>,
  watch?: (event: RunEvent) => void | Promise<void>,
): Promise<RunResult> {
  if (typeof (running as Partial<typeof running> | null | undefined)?.next !== 'function') {
    throw new TypeError(`running must be a run; it is ${shown(running)}. run(device, spec) gives one.`);
  }
  try {
    for (;;) {
      const { done, value } = await running.next();
      if (done) {
        if ((value as RunResult | undefined) !== undefined) return value;
        throw new TypeError(
          'This run has ended before, and told its result then. Keep that, or start another with run(device, spec).',
        );
      }
      await watch?.(value);
    }
  } finally {
    // Frees what it holds where it did not come to its end; of one that did, this does nothing.
    await running.return(undefined as never);
  }
}

const wantsModes = ({ training: { modes } }: Spec): boolean => modes !== 0;

/** @throws TooLargeError where the modes are not known; DataError for one that there is not. */
function chosenModes({ training }: Spec, { X }: PointSet, modes: Modes | null): ChosenModes {
  if (!modes) {
    throw new TooLargeError(
      `training.modes asks for the eigendirections of K, but their eigenproblem, for ${X.rows} points of ${X.cols} inputs, is larger than is solved here: at most ${closedFormLimit.features - 2} inputs, and n (d + 2)² ≤ ${closedFormLimit.work}. Leave training.modes out, or take fewer inputs or points.`,
    );
  }
  try {
    return modes.choose(training.modes);
  } catch (error) {
    throw error instanceof RangeError ? new DataError(`training.modes: ${error.message}`) : error;
  }
}

// What only some runs need is loaded with the first of them.

const claimSession = async (spec: Spec, lab: Lab): Promise<ClaimSession | null> =>
  spec.claims === 'none' ? null : (await import('./claim-session.ts')).ClaimSession.create(spec, lab);

const firstLayerOf = async (of: FirstLayer): Promise<Omit<FirstLayerImages, 'step'> | null> =>
  (await import('./first-layer-images.ts')).firstLayerImages(of);

const alignmentOf = async (lab: Lab): Promise<KernelAlignment> => {
  const { KernelAlignment } = await import('../kernel/alignment.ts');
  const present = lab.network.jacobian(lab.train.X, 'position');
  return KernelAlignment.create(lab.gpu, {
    train: lab.train,
    weights: drivingWeights(lab.setting),
    start: lab.network.jacobian(lab.train.X, 'start'),
    present,
    seed: lab.seed,
    mostHeld: lab.mostHeld,
  });
};

/** The outputs of a model, as instruments see them. */
function outputsOf(training: Training, model: Model): { train: Vector; test: Vector | null } {
  const { train, test } = training.predictionsOf(model);
  return { train: train.u, test: test?.u ?? null };
}

/** What training has brought so far; also where it is left when the run ends early. */
interface Progress {
  records: StepRecord[];
  /** What was measured beside records, by their steps, until they are read. */
  beside: Map<number, Pick<StepRecord, 'modes' | 'alignment'>>;
  status: RunStatus;
  /** Milliseconds a step, one entry a readback. */
  perStep: number[];
  /** Milliseconds spent on claims, modes and alignment. */
  measuring: number;
  /** Milliseconds that the caller took, observing and holding. */
  aside: number;
  /** ‖y‖²/(2n), once it is known. */
  initialLoss?: number;
}

/** Drives the instruments, says now and then what they are at, and adds up how long they take. */
async function* measuring(
  claims: AsyncGenerator<ClaimNumber, void>,
  step: number,
  { training: { steps } }: Spec,
  { tally }: Lab,
  progress: Progress,
): AsyncGenerator<RunEvent> {
  let claim: ClaimNumber | null = null;
  for (;;) {
    const begun = performance.now();
    const next = claims.next();
    try {
      while (claim !== null && !(await endsWithin(next, tellInterval))) {
        yield { kind: 'measuring', claim, products: tally.products, step, steps };
      }
    } finally {
      // Whoever left at a yield still waits for what is being measured: its buffers go after this.
      await Promise.allSettled([next]);
      progress.measuring += performance.now() - begun;
    }
    const { done, value } = await next;
    if (done) return;
    claim = value;
    tally.products = 0;
    yield { kind: 'measuring', claim, products: 0, step, steps };
  }
}

/** Milliseconds between two words on the same claim. */
const tellInterval = 500;

/** Whether a promise settles within so many milliseconds. */
async function endsWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  const ended = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

const sizesOf = ({ train, test }: Problem): ProblemSizes => ({
  n: train.size,
  nTest: test?.size ?? 0,
  d: train.X.cols,
});

/** What a run trains with. */
interface Course {
  gpu: Gpu;
  stream: CommandStream;
  training: Training;
  lab: Lab;
  /** null where no claim is asked for. */
  session: ClaimSession | null;
  alignment: KernelAlignment | null;
  preparation: Preparation;
  spec: Spec;
  options: RunOptions;
  progress: Progress;
}

async function* train(course: Course): AsyncGenerator<RunEvent> {
  const { gpu, stream, training, lab, session, alignment, spec, options, progress } = course;
  const { signal, gate, from, observe, observes = () => true } = options;
  const { steps } = spec.training;
  const first = from?.step ?? 0;
  const interval = observe ? readbackInterval.observed : readbackInterval.alone;
  // What was to be recorded at the step that an earlier part stopped at, is.
  let next = from ? lab.recordSteps.filter((step) => step <= first).length : 0;
  let readFrom = first;
  let readAt = performance.now();
  let limit = divergenceFactor * (progress.initialLoss ?? Infinity);
  for (let step = first; step <= steps; step++) {
    const stopped = signal?.aborted === true && step < steps;
    const last = stopped || step === steps;
    const held = !last && gate?.holds(step) === true;
    training.evaluate(stream, step, !last);
    const planned = step === lab.recordSteps[next];
    if (planned) next++;
    if (planned || (held && gate.records(step))) {
      training.record(stream, step);
      const watched = observe !== undefined && observes(step);
      if (watched || wantsModes(spec) || alignment || (planned && session?.steps)) {
        const before = progress.measuring + progress.aside;
        yield* measure(course, planned);
        readAt += progress.measuring + progress.aside - before; // that time is not the step's
      }
    }
    if (session?.wants(step)) {
      const before = progress.measuring;
      await stream.finish();
      yield* measuring(session.each(step), step, spec, lab, progress);
      readAt += progress.measuring - before; // nor is this
    }
    if (!last && !held) training.descend(stream);
    await stream.pace();

    const pending = step + 1 - readFrom;
    const due = performance.now() - readAt >= interval || pending === traceSteps;
    if (!last && !held && !due) continue;

    stream.flush();
    const [losses, read] = await together([training.readLosses(readFrom, step), training.takeRecords(gpu)]);
    if (readFrom === 0 && !from) {
      limit = divergenceFactor * losses[0].loss;
      if (!Number.isFinite(limit)) {
        throw new DataError(
          `The training loss at t = 0, ‖y‖²/(2n), is ${losses[0].loss}: the targets are too large for float32. Rescale them; the theorems take |y| ≤ 1.`,
        );
      }
    }
    const diverged = losses.find(({ loss }) => !(loss <= limit));
    const records = read
      .filter((record) => !diverged || record.step < diverged.step)
      .map((record) => ({ ...record, ...progress.beside.get(record.step) }));
    progress.beside.clear();
    for (const record of records) progress.records.push(record);
    const perStep = (performance.now() - readAt) / pending;
    progress.perStep.push(perStep);
    readFrom = step + 1;
    if (records.length > 0) yield { kind: 'records', records };
    yield { kind: 'progress', step, steps, perStep };
    if (diverged) {
      progress.status = { kind: 'diverged', ...diverged, model: diverged.model.name };
      return;
    }
    if (held) {
      const before = performance.now();
      await waitAt(gate, step, signal);
      progress.aside += performance.now() - before;
    }
    if (stopped || (held && signal?.aborted)) {
      progress.status = { kind: 'stopped', step };
      return;
    }
    if (held) training.descend(stream);
    readAt = performance.now(); // what the caller does between events is not the step's time
  }
}

/**
 * Measures what is asked for beside records, lets the instruments measure at the record just made, where it is one that the spec planned, and the caller observe,
 * unless the training has left every bound.
 */
async function* measure(course: Course, planned: boolean): AsyncGenerator<RunEvent> {
  const { gpu, stream, training, lab, session, alignment, preparation, spec, options, progress } = course;
  const { errorModes } = lab;
  errorModes?.measure(stream);
  stream.flush();
  const [bare, errors] = await together([training.lastRecord(gpu), errorModes?.read()]);
  const record: StepRecord = { ...bare };
  const { network: loss } = record.train.losses;
  progress.initialLoss ??= loss;
  if (!(loss <= divergenceFactor * progress.initialLoss)) return;
  const begun = performance.now();
  if (errors && preparation.modes) record.modes = modeRecord(course, record, errors);
  if (alignment) record.alignment = await alignment.measure();
  const { modes: along, alignment: aligned } = record;
  progress.beside.set(record.step, {
    ...(along && { modes: along }),
    ...(aligned && { alignment: aligned }),
  });
  progress.measuring += performance.now() - begun;
  if (planned && session) yield* measuring(session.step(record), record.step, spec, lab, progress);
  const before = performance.now();
  if (options.observes?.(record.step) ?? true) await options.observe?.(lab, record);
  progress.aside += performance.now() - before;
}

/** Errors along the chosen modes at one step; `errors` of the models in their order. */
function modeRecord(
  { lab, preparation: { eta, modes: chosen } }: Course,
  { step, train: { losses } }: StepRecord,
  errors: readonly ErrorParts[],
): ModeRecord {
  const { indices, initial } = chosen!;
  const { modes } = lab.errorModes!;
  return {
    indices,
    theory: indices.map((index, k) => initial[k] * modes.remaining(index, eta, step)),
    errors: byKey(Object.keys(losses), (key, k) => {
      const { along, inSpan } = errors[k];
      const offSpan = Math.max(0, 2 * losses[key]! - inSpan);
      return { along: indices.map((index) => along[index - 1]), inSpan, offSpan };
    }),
  };
}
