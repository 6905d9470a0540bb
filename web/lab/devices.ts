import { requestDevice } from '../../src/gpu/device.ts';
import { GpuValidationError, OutOfMemoryError, ShaderError } from '../../src/gpu/errors.ts';

/** After a device was lost, an adapter may take a while to come back: milliseconds before each further request. */
const patience = [250, 1000, 2000, 4000];

/** The engine's device, and the next one when it is lost or has failed. */
export class Devices {
  readonly #gpu: GPU | undefined;
  #device: Promise<GPUDevice> | undefined;
  readonly #lost = new WeakSet<GPUDevice>();
  #lostBefore = false;

  constructor(gpu: GPU | undefined) {
    this.#gpu = gpu;
  }

  /** @throws WebGpuUnavailableError where there is no WebGPU, no adapter or no device. */
  get(): Promise<GPUDevice> {
    if (this.#device) return this.#device;
    const wanted = this.#request();
    const leave = () => {
      if (this.#device === wanted) this.#device = undefined;
    };
    this.#device = wanted;
    void wanted.then((device) => device.lost, leave).then(leave);
    return wanted;
  }

  /** Whether this one is lost; what fails because of that may fail a moment before it is told. */
  async isLost(device: GPUDevice): Promise<boolean> {
    await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 200))]);
    return this.#lost.has(device);
  }

  /**
   * Where the error is the device's, who asks for one from now on gets another: what made it fail, such as memory that
   * others took, may be over, and is not to outlast the experiment.
   */
  async leaveAfter(error: unknown, device: GPUDevice): Promise<void> {
    if (
      !(
        error instanceof OutOfMemoryError ||
        error instanceof GpuValidationError ||
        error instanceof ShaderError
      )
    ) {
      return;
    }
    const present = this.#device;
    if ((await present?.catch(() => undefined)) === device && this.#device === present)
      this.#device = undefined;
  }

  /** Loses the present one on purpose. */
  async lose(): Promise<void> {
    (await this.#device)?.destroy();
  }

  async #request(): Promise<GPUDevice> {
    for (const wait of this.#lostBefore ? patience : []) {
      try {
        return this.#watch(await requestDevice(this.#gpu));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return this.#watch(await requestDevice(this.#gpu));
  }

  #watch(device: GPUDevice): GPUDevice {
    void device.lost.then(() => {
      this.#lost.add(device);
      this.#lostBefore = true;
    });
    return device;
  }
}
