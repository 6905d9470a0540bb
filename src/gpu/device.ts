import { DeviceLostError, GpuValidationError, OutOfMemoryError, WebGpuUnavailableError } from './errors.ts';
import { Speed } from './speed.ts';

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
const usefulFeatures = ['timestamp-query', 'subgroups', 'shader-f16'] as const;

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
] as const;

/**
 * A device with the adapter's real limits and the optional features that serve.
 * @throws WebGpuUnavailableError where there is no WebGPU or no adapter.
 */
export async function requestDevice(gpu: GPU | undefined): Promise<GPUDevice> {
  if (!gpu) {
    throw new WebGpuUnavailableError(
      'This browser has no WebGPU (navigator.gpu is missing). Use a current Chrome, Edge, Firefox or Safari, and open the page from https:// or http://localhost.',
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new WebGpuUnavailableError(
      'This browser has WebGPU but found no adapter: no GPU that it supports, or hardware acceleration is switched off.',
    );
  }
  return adapter.requestDevice({
    requiredFeatures: usefulFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(usefulLimits.map((limit) => [limit, adapter.limits[limit]])),
  });
}

export function describeAdapter(device: GPUDevice): AdapterDescription {
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

/**
 * While the GPU is waited for, an empty submission goes out this often. Firefox sees that work is done at the next
 * submission, and without one only on a poll every 100 ms; elsewhere short waits are over before the first, and long ones
 * hardly notice.
 */
const nudgeMilliseconds = 4;

/**
 * One device with what every user of it shares: the count of live buffers, compiled programs (see program.ts), and
 * the first error the device reported, which every `settled` from then on throws. Nothing is ever computed past an
 * error unseen: every readback settles first. After an error, go on with a new device.
 */
export class Gpu {
  static readonly #known = new WeakMap<GPUDevice, Gpu>();

  /** The one Gpu of a device. */
  static of(device: GPUDevice): Gpu {
    let gpu = Gpu.#known.get(device);
    if (!gpu) Gpu.#known.set(device, (gpu = new Gpu(device)));
    return gpu;
  }

  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  /** Filled by program.ts: one compiled program per WGSL text. */
  readonly programs = new Map<string, Promise<unknown>>();
  /** Bind group layout of the uniform parameters, the same for every program (group 1). */
  readonly parametersLayout: GPUBindGroupLayout;

  /** As measured by every command stream. */
  readonly speed = new Speed();

  readonly #live = new Map<GPUBuffer, number>();
  readonly #pending = new Set<Promise<void>>();
  #awaited = 0;
  #nudge: ReturnType<typeof setInterval> | undefined;
  #failure: Error | undefined;

  private constructor(device: GPUDevice) {
    this.device = device;
    this.adapter = describeAdapter(device);
    this.parametersLayout = device.createBindGroupLayout({
      label: 'parameters',
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'uniform', hasDynamicOffset: true },
        },
      ],
    });
    void device.lost.then(({ reason, message }) => {
      this.#failure ??= new DeviceLostError(
        `The GPU device was lost (${reason}): ${message || 'no message'}. Start again with a new device; a smaller problem helps if the GPU ran out of memory or time.`,
      );
    });
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#failure ??= classify(error, 'GPU work');
    });
  }

  get liveBuffers(): number {
    return this.#live.size;
  }

  get liveBytes(): number {
    return [...this.#live.values()].reduce((sum, size) => sum + size, 0);
  }

  /** A zero-filled buffer, counted until `destroyBuffer`. */
  createBuffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.guard(`allocating ${size} bytes for ${label}`, () =>
      this.device.createBuffer({ label, size, usage }),
    );
    this.#live.set(buffer, size);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer): void {
    if (this.#live.delete(buffer)) buffer.destroy();
  }

  /** Runs GPU calls so that their errors, reported later by the device, name `what` was being done. */
  guard<T>(what: string, calls: () => T): T {
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    try {
      return calls();
    } finally {
      for (const scope of [this.device.popErrorScope(), this.device.popErrorScope()])
        this.#watch(scope, what);
    }
  }

  #watch(scope: Promise<GPUError | null>, what: string): void {
    const check = scope.then(
      (error) => {
        if (error) this.#failure ??= classify(error, what);
      },
      () => undefined, // the device is lost; device.lost says so
    );
    this.#pending.add(check);
    void check.then(() => this.#pending.delete(check));
  }

  /**
   * Waits until every call made so far has been checked by the device.
   * @throws the first error the device reported: DeviceLostError, OutOfMemoryError or GpuValidationError.
   */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure) throw this.#failure;
  }

  /** Awaits what resolves when the GPU has done its work, and has the browser look for it. */
  async promptly<T>(work: Promise<T>): Promise<T> {
    if (this.#awaited++ === 0) {
      this.#nudge = setInterval(() => this.device.queue.submit([]), nudgeMilliseconds);
    }
    try {
      return await work;
    } finally {
      if (--this.#awaited === 0) clearInterval(this.#nudge);
    }
  }

  /** Copies bytes back to the host. Offset and size are multiples of 4. */
  async read(buffer: GPUBuffer, offset: number, size: number): Promise<ArrayBuffer> {
    const staging = this.createBuffer('readback', size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    try {
      this.guard('reading back results', () => {
        const encoder = this.device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
        this.device.queue.submit([encoder.finish()]);
      });
      await this.settled();
      await this.promptly(staging.mapAsync(GPUMapMode.READ)).catch(async (cause: unknown) => {
        // A lost device rejects the mapping first and says so a moment later.
        await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 1000))]);
        await this.settled();
        throw cause;
      });
      await this.settled();
      return staging.getMappedRange().slice(0);
    } finally {
      this.destroyBuffer(staging);
    }
  }
}

function classify(error: GPUError, what: string): Error {
  return error instanceof GPUOutOfMemoryError
    ? new OutOfMemoryError(
        `The GPU ran out of memory while ${what}. Close other pages that use the GPU, or make the problem smaller.`,
      )
    : new GpuValidationError(`The GPU refused ${what}: ${error.message}`);
}
