import { requestDevice } from '../../src/gpu/device.ts';
import {
  GpuValidationError,
  OutOfMemoryError,
  ShaderError,
  WebGpuUnavailableError,
  clause,
} from '../../src/gpu/errors.ts';

/** After a device was lost, an adapter may take a while to come back: milliseconds before each further request. */
const patience = [250, 1000, 2000, 4000];

/** The engine's device, and the next one when it is lost or has failed. */
export class Devices {
  readonly #gpu: GPU | undefined;
  #device: Promise<GPUDevice> | undefined;
  readonly #lost = new WeakMap<GPUDevice, GPUDeviceLostInfo>();
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

  /**
   * Why this one is lost, in the browser's words; undefined where it is not. What fails because of that may fail a moment before
   * it is told.
   */
  async lossOf(device: GPUDevice): Promise<string | undefined> {
    await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 200))]);
    const lost = this.#lost.get(device);
    return lost && (clause(lost.message) || `reason: ${lost.reason}`);
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
    try {
      return this.#watch(await requestDevice(this.#gpu));
    } catch (error) {
      if (!this.#lostBefore || !(error instanceof WebGpuUnavailableError)) throw error;
      throw new WebGpuUnavailableError(
        'The browser lost the GPU and gives this page no other, as browsers do where it ended several times, often for want of memory. Make the experiment smaller and copy its link; then reload the page, or restart the browser.',
        { cause: error },
      );
    }
  }

  #watch(device: GPUDevice): GPUDevice {
    void device.lost.then((info) => {
      this.#lost.set(device, info);
      this.#lostBefore = true;
    });
    return device;
  }
}
