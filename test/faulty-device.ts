/** Calls on a device that can be made to fail. */
export const failingCalls = ['createBuffer', 'createComputePipelineAsync', 'mapAsync', 'submit'] as const;
export type FailingCall = (typeof failingCalls)[number];

/** Ways in which each call fails: in the call itself, by a rejection, or as the device reports it later. */
export const faults = {
  createBuffer: ['throws', 'out of memory', 'invalid'],
  createComputePipelineAsync: ['rejects', 'throws'],
  mapAsync: ['rejects', 'throws'],
  submit: ['throws', 'invalid', 'internal'],
} as const satisfies Record<FailingCall, readonly string[]>;
export type Fault = (typeof faults)[FailingCall][number];

/** What one call does in the place of its work. */
type Plan = { call: FailingCall; k: number } & ({ fault: Fault } | { instead: () => void });

/**
 * A real device with the k-th of its calls failing: what it reports comes from the browser's own error scopes, or where no
 * adapter does so on demand, looks as if it did.
 */
export class FaultyDevice {
  readonly device: GPUDevice;
  readonly #createBuffer: GPUDevice['createBuffer'];
  readonly #popErrorScope: GPUDevice['popErrorScope'];
  #plan: Plan | undefined;
  #counts = new Map<FailingCall, number>();
  /** Errors to report as if the next error scopes for them had caught them. */
  #reports: GPUError[] = [];
  readonly #scopes: GPUErrorFilter[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
    this.#createBuffer = device.createBuffer.bind(device);
    this.#popErrorScope = device.popErrorScope.bind(device);
    const pushErrorScope = device.pushErrorScope.bind(device);
    device.pushErrorScope = (filter) => {
      this.#scopes.push(filter);
      pushErrorScope(filter);
    };
    device.popErrorScope = () => this.#pop();
    device.createBuffer = (descriptor) => this.#buffer(descriptor);
    const compile = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = (descriptor) =>
      this.#through(
        'createComputePipelineAsync',
        () => compile(descriptor),
        () => Promise.reject(new GPUPipelineError('the driver stumbled', { reason: 'internal' })),
      );
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    queue.submit = (commands) => {
      // Empty ones only have the browser look whether work is done: how many there are, time decides.
      if ([...commands].length === 0) submit([]);
      else
        this.#through(
          'submit',
          () => submit(commands),
          (fault) => this.#report(fault),
        );
    };
  }

  /** Plans for the k-th call from now on, from 1, to fail; or nothing. */
  plan(plan?: Plan): void {
    this.#plan = plan;
    this.#counts = new Map();
    this.#reports = [];
  }

  /** Calls since the last plan. */
  count(call: FailingCall): number {
    return this.#counts.get(call) ?? 0;
  }

  get failed(): boolean {
    return this.#plan !== undefined && this.count(this.#plan.call) >= this.#plan.k;
  }

  #through<T>(call: FailingCall, work: () => T, fail: (fault: Fault) => T): T {
    const count = this.count(call) + 1;
    this.#counts.set(call, count);
    const plan = this.#plan;
    if (plan?.call !== call || plan.k !== count) return work();
    if ('instead' in plan) {
      plan.instead();
      return work();
    }
    if (plan.fault === 'throws') throw new TypeError('the browser stumbled');
    return fail(plan.fault);
  }

  #buffer(descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = this.#through(
      'createBuffer',
      () => this.#createBuffer(descriptor),
      (fault) => {
        const invalid = { ...descriptor, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE };
        if (fault === 'invalid') return this.#createBuffer(invalid);
        this.device.pushErrorScope('validation');
        const buffer = this.#createBuffer(invalid);
        void this.device.popErrorScope();
        this.#report(fault);
        return buffer;
      },
    );
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = (...range) =>
      this.#through(
        'mapAsync',
        () => map(...range),
        () => Promise.reject(new DOMException('the driver stumbled', 'OperationError')),
      );
    return buffer;
  }

  #report(fault: Fault): void {
    if (fault === 'invalid') {
      this.#createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
    } else if (fault === 'out of memory') this.#reports.push(new GPUOutOfMemoryError('no more memory'));
    else this.#reports.push(new GPUInternalError('the driver stumbled'));
  }

  async #pop(): Promise<GPUError | null> {
    const filter = this.#scopes.pop();
    const popped = this.#popErrorScope();
    const index = this.#reports.findIndex(
      (error) => filter === (error instanceof GPUOutOfMemoryError ? 'out-of-memory' : 'internal'),
    );
    const report = index < 0 ? null : this.#reports.splice(index, 1)[0];
    return (await popped) ?? report;
  }
}
