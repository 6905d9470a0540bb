import { requireFloats, requireInstance, requireWhole, shown } from './arguments.ts';
import {
  DeviceLostError,
  GpuValidationError,
  OutOfMemoryError,
  WebGpuUnavailableError,
  clause,
} from './errors.ts';
import { Failures, type Work } from './failures.ts';
import { keepImmediates } from './immediates.ts';
import { LiveBuffers } from './live-buffers.ts';
import { Polling } from './polling.ts';
import { Speed } from './speed.ts';
import { keepSubgroupMatrices, subgroupMatrixFeature } from './subgroup-matrices.ts';

/** What a result says of the adapter it was computed on. Empty strings: the browser does not tell. */
export interface AdapterDescription {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** Whether the adapter is known to run on the CPU. */
  software: boolean;
  features: string[];
  limits: Record<string, number>;
}

/** Features that serve here; each is requested where offered and never needed. */
const usefulFeatures = [
  'timestamp-query',
  'subgroups',
  'shader-f16',
  subgroupMatrixFeature, // where experiments are allowed
] as const;

/** Limits that bound what fits; the adapter's own value is requested instead of WebGPU's default. */
const usefulLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

const startAgain = 'Restart the browser or program, and update the graphics driver if that does not help.';

/**
 * A device with the adapter's real limits and the optional features that serve.
 * @throws WebGpuUnavailableError where there is no WebGPU, no adapter or no device; TypeError for what is no GPU.
 */
export async function requestDevice(gpu: GPU | undefined): Promise<GPUDevice> {
  if (!gpu) throw noWebGpu();
  if (typeof (gpu as Partial<GPU>).requestAdapter !== 'function') {
    throw new TypeError(`gpu must be a GPU, such as navigator.gpu; it is ${shown(gpu)}.`);
  }
  const adapter = await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch((cause: unknown) => {
      throw new WebGpuUnavailableError(`WebGPU refuses an adapter: ${clause(cause)}. ${startAgain}`, {
        cause,
      });
    });
  if (!adapter) {
    throw new WebGpuUnavailableError(
      'WebGPU found no adapter: no GPU or driver that it supports; or, in a browser, hardware acceleration is switched off, or its GPU process crashed: restart it.',
    );
  }
  const wanted = {
    requiredFeatures: usefulFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(usefulLimits.map((limit) => [limit, adapter.limits[limit]])),
  };
  const device = await adapter.requestDevice(wanted).catch((cause: unknown) => {
    throw new WebGpuUnavailableError(
      `The GPU adapter gives no device: ${clause(cause)}. Close what else uses the GPU. ${startAgain}`,
      { cause },
    );
  });
  keepSubgroupMatrices(device, adapter);
  keepImmediates(device, gpu);
  return device;
}

const noWebGpu = (): WebGpuUnavailableError =>
  new WebGpuUnavailableError(
    'document' in globalThis || 'WorkerGlobalScope' in globalThis
      ? 'This browser has no WebGPU (navigator.gpu is missing). Use a current Chrome, Edge, Firefox or Safari, and open the page from https:// or http://localhost.'
      : 'There is no WebGPU here (navigator.gpu is missing). In Node the package webgpu has one: its globals, and create([]).',
  );

function requireDevice(device: GPUDevice): void {
  if (!('GPUDevice' in globalThis)) throw noWebGpu();
  requireInstance(GPUDevice, 'device', device, 'requestDevice(navigator.gpu) gives one.');
}

/**
 * What is known of the adapter behind a device, with the features and limits that the device has of it.
 * @throws TypeError where it is no device; WebGpuUnavailableError where there is no WebGPU.
 */
export function describeAdapter(device: GPUDevice): AdapterDescription {
  requireDevice(device);
  // Older browsers have no adapterInfo on the device, whatever the types say.
  const info = (device as Partial<GPUDevice>).adapterInfo;
  const { vendor = '', architecture = '', device: model = '', description = '' } = info ?? {};
  const names = `${vendor} ${architecture} ${model} ${description}`;
  return {
    vendor,
    architecture,
    device: model,
    description,
    software:
      info?.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(names),
    features: [...device.features].sort(),
    limits: Object.fromEntries(usefulLimits.map((limit) => [limit, device.limits[limit]])),
  };
}

/** A lost device refuses calls first, and says that it is lost a moment later: at most so many milliseconds. */
const lossMilliseconds = 250;

const filters: readonly GPUErrorFilter[] = ['out-of-memory', 'internal', 'validation'];
/** What there is to find wrong with binding buffers. Every scope is an answer to wait for, and iterations bind anew. */
const filtersOfBindings: readonly GPUErrorFilter[] = ['validation'];

/**
 * One device with what every user of it shares: its live buffers, how fast it is, and what the device found wrong with which
 * call (see failures.ts). Nothing is ever computed past an error unseen: whoever reads what a failed call should have made,
 * or waits for a stream that used it, is told. Others on the same device are not, and calls that come after go on; only a
 * lost device is lost for all.
 */
export class Gpu {
  static readonly #known = new WeakMap<GPUDevice, Gpu>();

  /** The one Gpu of a device. @throws TypeError where it is none; WebGpuUnavailableError where there is no WebGPU. */
  static of(device: GPUDevice): Gpu {
    requireDevice(device);
    let gpu = Gpu.#known.get(device);
    if (!gpu) Gpu.#known.set(device, (gpu = new Gpu(device)));
    return gpu;
  }

  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  /** As measured by every command stream. */
  readonly speed = new Speed();
  readonly polling: Polling;

  readonly #buffers = new LiveBuffers();
  readonly #failures = new Failures();
  /** Every call so far has been checked by the device, one after the other. */
  #checked: Promise<unknown> = Promise.resolve();
  #lost: DeviceLostError | undefined;

  private constructor(device: GPUDevice) {
    this.device = device;
    this.adapter = describeAdapter(device);
    this.polling = new Polling(device.queue);
    void device.lost.then(({ reason, message }) => {
      this.#lost = new DeviceLostError(
        `The GPU device was lost (${reason}): ${clause(message) || 'no message'}. Start again with a new device; a smaller problem helps if the GPU ran out of memory or time.`,
      );
    });
  }

  get liveBuffers(): number {
    return this.#buffers.count;
  }

  get liveBytes(): number {
    return this.#buffers.bytes;
  }

  /**
   * A zero-filled buffer, counted until `destroyBuffer`.
   * @throws TypeError, RangeError where the size is no whole number; GpuValidationError where the device takes no such call.
   */
  createBuffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    requireWhole(`The size of ${label} in bytes`, size);
    const buffer = this.make(`allocating ${size} bytes for ${label}`, [], () =>
      this.device.createBuffer({ label, size, usage }),
    );
    this.#buffers.add(buffer, size);
    return buffer;
  }

  /** Frees a buffer that `createBuffer` made, and takes it off the account of live ones. */
  destroyBuffer(buffer: GPUBuffer): void {
    this.#buffers.destroy(buffer);
  }

  /** What `make` makes, or no buffer at all: where it throws, those that it has made by then are freed. */
  allOrNothing<T>(make: () => T): T {
    return this.#buffers.allOrNothing(make);
  }

  /**
   * Makes a thing on the device from others. Where the device finds it wrong, that is told later, to who uses it, with
   * `what` was being done.
   * @throws GpuValidationError where the device takes no such call.
   */
  make<T extends object>(what: string, from: Iterable<object>, call: () => T): T {
    return this.#make(what, from, call, filters);
  }

  /** Binds buffers in a layout; else as `make`. */
  bind(what: string, descriptor: GPUBindGroupDescriptor, buffers: readonly GPUBuffer[]): GPUBindGroup {
    const from = [descriptor.layout, ...buffers];
    return this.#make(what, from, () => this.device.createBindGroup(descriptor), filtersOfBindings);
  }

  #make<T extends object>(
    what: string,
    from: Iterable<object>,
    call: () => T,
    found: readonly GPUErrorFilter[],
  ): T {
    const enter = (made: T, error: Error | null): void => this.#failures.enterMade(made, from, error);
    return this.#check(what, call, enter, found).result;
  }

  /** Has the device do work; else as `make`. @returns the work's number, for `settled` */
  work(what: string, work: Work, call: () => void): number {
    const enter = (_: unknown, error: Error | null, number: number): void =>
      this.#failures.enterWork(number, work, error);
    return this.#check(what, call, enter, filters).number;
  }

  /**
   * @param size up to the buffer's end unless given
   * @throws TypeError, RangeError where this is no buffer of this device, or it has no such bytes; offset and size are
   * multiples of 4.
   */
  requireBytes(what: string, buffer: GPUBuffer, offset: number, size?: number): void {
    this.#buffers.require(what, buffer);
    const count = size ?? buffer.size - offset;
    const whole = (bytes: number) => Number.isInteger(bytes) && bytes >= 0 && bytes % 4 === 0;
    if (whole(offset) && whole(count) && offset + count <= buffer.size) return;
    throw new RangeError(
      `${what}, ${buffer.label}, has ${buffer.size} bytes; ${count} bytes from byte ${offset} on are not among them in whole numbers of 4 bytes.`,
    );
  }

  /**
   * Writes to a buffer, in order with the submissions. The offset in bytes, a multiple of 4.
   * @throws TypeError where entries are not float32; TypeError, RangeError as requireBytes.
   */
  write(buffer: GPUBuffer, offset: number, entries: Float32Array<ArrayBuffer>): void {
    requireFloats('a buffer', entries);
    this.requireBytes('The buffer to write to', buffer, offset, entries.byteLength);
    this.work(`writing to ${buffer.label}`, { by: buffer, from: () => [], to: () => [] }, () => {
      this.device.queue.writeBuffer(buffer, offset, entries);
    });
  }

  /** Makes a call within error scopes of these filters, and enters what the device finds, in the order of the calls. */
  #check<T>(
    what: string,
    call: () => T,
    enter: (result: T, error: Error | null, number: number) => void,
    found: readonly GPUErrorFilter[],
  ): { result: T; number: number } {
    const number = this.#failures.number();
    for (const filter of found) this.device.pushErrorScope(filter);
    let made: { result: T; number: number } | undefined;
    try {
      return (made = { result: this.attempt(what, call), number });
    } finally {
      const scopes = found.map(() =>
        this.device.popErrorScope().then(
          (error) => error && classify(error, what),
          (cause: unknown) => this.refusal(what, cause),
        ),
      );
      this.#checked = Promise.all([this.#checked, ...scopes]).then(([, ...errors]) => {
        if (made) enter(made.result, errors.find((error) => error !== null) ?? null, number);
      });
    }
  }

  /** A call whose errors the device reports elsewhere. @throws GpuValidationError where it takes no such call. */
  attempt<T>(what: string, call: () => T): T {
    try {
      return call();
    } catch (cause) {
      throw this.#lost ?? refused(what, cause);
    }
  }

  /** What to throw where the device, asked for `what`, answers with `cause`: perhaps because it is lost. */
  refusal(what: string, cause: unknown): Promise<Error> {
    return this.#unlessLost(refused(what, cause));
  }

  /** What a lost device finds wrong is not told as such; nor is that it is lost at once. */
  async #unlessLost(error: Error): Promise<Error> {
    await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, lossMilliseconds))]);
    return this.#lost ?? error;
  }

  /** Whether a thing could not be made, as far as is known by now. */
  failed(thing: object): boolean {
    return this.#failures.has(thing);
  }

  /** Notes that somebody's work was not done, where the device says so otherwise than through its error scopes. */
  fail(by: object, error: Error): void {
    this.#failures.enterWork(this.#failures.number(), { by, from: () => [], to: () => [] }, error);
  }

  /**
   * Waits until every call made so far has been checked by the device.
   * @param asOf the last call that had to do with these things; the present one unless given
   * @throws what the device found wrong with one of the things, or with what it was made from: OutOfMemoryError or
   * GpuValidationError; and DeviceLostError.
   */
  async settled(things: readonly object[], asOf = this.#failures.number()): Promise<void> {
    await this.#checked;
    const errors = things.map((thing) => this.#failures.tell(thing, asOf));
    const error = this.#lost ?? errors.find((told) => told !== undefined);
    if (error instanceof GpuValidationError) throw await this.#unlessLost(error);
    if (error) throw error;
  }

  /**
   * Copies bytes back to the host. Offset and size are multiples of 4.
   * @throws TypeError, RangeError as requireBytes; what `settled` throws of the buffer.
   */
  async read(buffer: GPUBuffer, offset: number, size: number): Promise<ArrayBuffer> {
    this.requireBytes('The buffer to read', buffer, offset, size);
    const staging = this.createBuffer('readback', size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    try {
      const work = { by: staging, from: () => [buffer], to: () => [] };
      this.work('reading back results', work, () => {
        const encoder = this.device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
        this.device.queue.submit([encoder.finish()]);
      });
      await this.settled([staging, buffer]);
      return await this.polling.until(this.mapped(staging, size));
    } finally {
      this.destroyBuffer(staging);
    }
  }

  /**
   * The first bytes of a buffer that can be mapped, once the work submitted on it is done.
   * @throws GpuValidationError where it cannot be mapped, DeviceLostError.
   */
  async mapped(buffer: GPUBuffer, size: number): Promise<ArrayBuffer> {
    try {
      await buffer.mapAsync(GPUMapMode.READ, 0, size);
      const bytes = buffer.getMappedRange(0, size).slice(0);
      buffer.unmap();
      return bytes;
    } catch (cause) {
      throw await this.refusal('reading back results', cause);
    }
  }
}

/** @throws TypeError where the value is no Gpu: a GPUDevice, for one, has no device. */
export function requireGpu(value: Gpu): void {
  if (typeof (value as Partial<Gpu> | null | undefined)?.device === 'object') return;
  throw new TypeError(`gpu must be a Gpu; it is ${shown(value)}. Gpu.of(device) gives one.`);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const refused = (what: string, cause: unknown): Error =>
  new GpuValidationError(`The GPU refused ${what}: ${messageOf(cause)}`, { cause });

function classify(error: GPUError, what: string): Error {
  return error instanceof GPUOutOfMemoryError
    ? new OutOfMemoryError(
        `The GPU ran out of memory while ${what}. Close other pages that use the GPU, or make the problem smaller.`,
      )
    : new GpuValidationError(`The GPU refused ${what}: ${error.message}`);
}
