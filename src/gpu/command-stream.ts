import { requireFinite, requireInstance, requireWhole } from './arguments.ts';
import { type Gpu, requireGpu } from './device.ts';
import { PassTimer } from './pass-timer.ts';
import { type Parameters, parameterSlotBytes, parametersLayout } from './parameters.ts';
import type { Call } from './program.ts';
import { Resources } from './resources.ts';
import { Speed } from './speed.ts';

/** A submission is cut before it would hold the GPU longer than this, so that pages scroll and no watchdog bites. */
const sliceMilliseconds = 50;
/** Submissions in flight; enough that browsers which poll slowly for completion (Firefox: 100 ms) never run dry. */
const maxInFlight = 6;
/** Dispatches a submission may hold; the size of the ring of uniform parameters. */
const slots = 256;

/** One dispatch of a bound program, ready to run any number of times. */
export interface Dispatch {
  readonly call: Call;
  readonly parameters: Parameters;
  readonly workgroups: readonly [x: number, y?: number, z?: number];
  /** Cost in a unit that is roughly proportional to time: floating-point operations. */
  readonly work: number;
}

/**
 * Dispatches in order, cut into submissions by measured cost. Each dispatch states its work; the stream measures
 * milliseconds per unit of work from the submissions that complete, by timestamp queries where offered, else by the
 * wall clock.
 */
export class CommandStream implements Disposable {
  readonly #gpu: Gpu;
  /** In one dimension. */
  readonly #mostWorkgroups: number;
  /** Where programs find the parameters that do not come with their commands; made for the first of these. */
  #ring: { buffer: GPUBuffer; group: GPUBindGroup } | undefined;
  readonly #parameters = new DataView(new ArrayBuffer(slots * parameterSlotBytes));
  #used = 0;
  #work = 0;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  /** Programs with their buffers, and copies, that the next submission runs. */
  #calls = new Set<Call>();
  #copies: { source: GPUBuffer; target: GPUBuffer }[] = [];
  /** Whose the work is, since the last `discard`; and the number of the last. */
  #course: object = {};
  #lastWork = 0;

  readonly #timed: boolean;
  /** Made when they are first needed: most streams never have many submissions in flight. */
  #timers = 0;
  readonly #idleTimers: PassTimer[] = [];
  #timer: PassTimer | undefined;
  #inFlight: Promise<void>[] = [];
  #lastCompletion = 0;
  /** Of the programs that this stream runs, which may be slower for their work than the device's others. */
  readonly #speed = new Speed();
  #gpuMilliseconds = 0;
  readonly #owned = new Resources();

  /** @throws TypeError where the argument is no Gpu. */
  constructor(gpu: Gpu) {
    requireGpu(gpu);
    this.#gpu = gpu;
    this.#mostWorkgroups = gpu.device.limits.maxComputeWorkgroupsPerDimension;
    this.#timed = gpu.device.features.has('timestamp-query');
  }

  /** GPU time of the completed submissions in ms; null where the device has no timestamps. */
  get gpuMilliseconds(): number | null {
    return this.#timed ? this.#gpuMilliseconds : null;
  }

  /**
   * Encodes one dispatch after those before it.
   * @throws TypeError, RangeError where parameters, workgroups or work are not what they should be, or the program is another
   * device's; GpuValidationError where the device takes no more.
   */
  run({ call, parameters, workgroups, work }: Dispatch): void {
    this.#requireRunnable(call, workgroups, work);
    const cost = (this.#work + work) * this.#speed.millisecondsPerUnit;
    if (this.#used === slots || (this.#used > 0 && cost > sliceMilliseconds)) this.flush();
    const offset = this.#used++ * parameterSlotBytes;
    const { parameters: writer, immediateBytes } = call.program;
    writer.write(parameters, this.#parameters, offset);
    const ring = immediateBytes > 0 ? undefined : (this.#ring ??= this.#newRing());
    this.#work += work;
    this.#calls.add(call);
    this.#gpu.attempt(`encoding ${call.program.label}`, () => {
      const pass = this.#openPass();
      pass.setPipeline(call.program.pipeline);
      pass.setBindGroup(0, call.group);
      // Its buffer: WebGPU in Node takes no DataView.
      if (ring) pass.setBindGroup(1, ring.group, [offset]);
      else pass.setImmediates(0, this.#parameters.buffer, offset, immediateBytes);
      pass.dispatchWorkgroups(...workgroups);
    });
  }

  #requireRunnable({ program }: Call, workgroups: Dispatch['workgroups'], work: number): void {
    if (program.gpu !== this.#gpu) {
      throw new RangeError(
        `${program.label} was compiled for another device than this stream's. Compile it for this one, too.`,
      );
    }
    for (const count of workgroups) {
      if (count !== undefined) requireWhole('The number of workgroups', count, 0, this.#mostWorkgroups);
    }
    requireFinite('The work of a dispatch', work, 0);
  }

  /**
   * Copies between buffers, in order with the dispatches. Offsets and size in bytes, multiples of 4.
   * @throws TypeError, RangeError where one has no such bytes, is another device's, or both are the same.
   */
  copy(source: GPUBuffer, sourceOffset: number, target: GPUBuffer, targetOffset: number, size: number): void {
    this.#gpu.requireBytes('The buffer to copy from', source, sourceOffset, size);
    this.#gpu.requireBytes('The buffer to copy to', target, targetOffset, size);
    if (source === target) {
      throw new RangeError(`${source.label} cannot be copied to itself; copy it through another buffer.`);
    }
    this.#copies.push({ source, target });
    this.#gpu.attempt('encoding a copy', () => {
      this.#closePass();
      this.#openEncoder().copyBufferToBuffer(source, sourceOffset, target, targetOffset, size);
    });
  }

  #newRing(): { buffer: GPUBuffer; group: GPUBindGroup } {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = this.#gpu.createBuffer('parameters', slots * parameterSlotBytes, usage);
    this.#owned.adopt(buffer, (ring) => this.#gpu.destroyBuffer(ring));
    const entries = [{ binding: 0, resource: { buffer, size: parameterSlotBytes } }];
    const descriptor = { layout: parametersLayout(this.#gpu), entries };
    return { buffer, group: this.#gpu.bind('binding the parameters', descriptor, [buffer]) };
  }

  #openEncoder(): GPUCommandEncoder {
    return (this.#encoder ??= this.#gpu.device.createCommandEncoder());
  }

  #openPass(): GPUComputePassEncoder {
    if (this.#pass) return this.#pass;
    this.#timer ??= this.#idleTimers.pop() ?? this.#newTimer();
    const timestampWrites = this.#timer && !this.#timer.full ? this.#timer.nextPass() : undefined;
    return (this.#pass = this.#openEncoder().beginComputePass({ timestampWrites }));
  }

  #newTimer(): PassTimer | undefined {
    if (!this.#timed || this.#timers > maxInFlight) return undefined;
    const timer = this.#owned.own(new PassTimer(this.#gpu));
    this.#timers++;
    return timer;
  }

  #closePass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  /** Submits what was encoded so far. @throws GpuValidationError where the device takes no such call. */
  flush(): void {
    if (!this.#encoder) return;
    const { device } = this.#gpu;
    const [encoder, timer, work, course] = [this.#encoder, this.#timer, this.#work, this.#course];
    const [calls, copies, bytes] = [this.#calls, this.#copies, this.#used * parameterSlotBytes];
    const [pass, ring] = [this.#pass, this.#ring];
    this.#begin();
    const from = () => [
      ...[...(ring ? [ring.buffer, ring.group] : []), ...(timer?.things ?? [])],
      ...[...calls].flatMap(({ group, buffers }) => [group, ...buffers]),
      ...copies.flatMap(({ source, target }) => [source, target]),
    ];
    const to = () => [...[...calls].flatMap(({ written }) => written), ...copies.map(({ target }) => target)];
    this.#lastWork = this.#gpu.work('running compute passes', { by: course, from, to }, () => {
      pass?.end();
      timer?.resolve(encoder);
      // Queue order keeps this safe: the write waits for earlier submissions that read the ring.
      if (ring) device.queue.writeBuffer(ring.buffer, 0, this.#parameters.buffer, 0, bytes);
      device.queue.submit([encoder.finish()]);
    });
    this.#inFlight.push(this.#completion(timer, work, performance.now(), course));
  }

  /** Has the next dispatch begin a new submission. */
  #begin(): void {
    this.#encoder = this.#pass = this.#timer = undefined;
    this.#used = this.#work = 0;
    this.#calls = new Set();
    this.#copies = [];
  }

  /** Never rejects: what goes wrong, `finish` tells. */
  async #completion(
    timer: PassTimer | undefined,
    work: number,
    submitted: number,
    course: object,
  ): Promise<void> {
    let milliseconds: number;
    try {
      if (timer) {
        milliseconds = await timer.read();
        this.#gpuMilliseconds += milliseconds;
        this.#idleTimers.push(timer);
      } else {
        await this.#gpu.device.queue.onSubmittedWorkDone();
        milliseconds = performance.now() - Math.max(submitted, this.#lastCompletion);
        this.#lastCompletion = performance.now();
      }
    } catch (cause) {
      this.#gpu.fail(
        course,
        timer ? (cause as Error) : await this.#gpu.refusal('running compute passes', cause),
      );
      return;
    }
    for (const speed of [this.#speed, this.#gpu.speed]) speed.learn(milliseconds, work);
  }

  /**
   * Waits while too many submissions are in flight; call it between steps.
   * @throws what Gpu.settled throws of this stream's work.
   */
  async pace(): Promise<void> {
    if (this.#inFlight.length < maxInFlight) return;
    while (this.#inFlight.length >= maxInFlight) await this.#gpu.polling.until(this.#inFlight.shift()!);
    await this.#gpu.settled([this.#course], this.#lastWork);
  }

  /**
   * Drops what was encoded and not submitted, and with it the errors of what was: the way out after an error, when its
   * buffers may be gone already.
   */
  discard(): void {
    if (this.#timer) {
      this.#timer.reset();
      this.#idleTimers.push(this.#timer);
    }
    this.#begin();
    this.#course = {};
  }

  /** Submits and waits until everything is done. @throws what Gpu.settled throws of this stream's work. */
  async finish(): Promise<void> {
    this.flush();
    await this.#gpu.polling.until(Promise.all(this.#inFlight.splice(0)));
    await this.#gpu.settled([this.#course], this.#lastWork);
  }

  [Symbol.dispose](): void {
    this.discard();
    this.#owned[Symbol.dispose]();
  }
}

/** @throws TypeError where the value is no CommandStream: left out, for one, or a Gpu. */
export const requireStream = (value: CommandStream): void =>
  requireInstance(CommandStream, 'stream', value, 'new CommandStream(gpu) makes one.');
