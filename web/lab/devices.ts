import { requestDevice } from '../../src/gpu/device.ts';

/** After a device was lost, an adapter may take a while to come back: milliseconds before each further request. */
const patience = [250, 1000, 2000, 4000];

/** The engine's device, and the next one when it is lost. */
export class Devices {
  readonly #gpu: GPU | undefined;
  #device: Promise<GPUDevice> | undefined;
  readonly #lost = new WeakSet<GPUDevice>();
  #lostBefore = false;

  constructor(gpu: GPU | undefined) {
    this.#gpu = gpu;
  }

  /** @throws WebGpuUnavailableError where there is no WebGPU or no adapter. */
  get(): Promise<GPUDevice> {
    const wanted = (this.#device ??= this.#request());
    wanted.catch(() => {
      if (this.#device === wanted) this.#device = undefined;
    });
    return wanted;
  }

  /** Whether this one is lost; what fails because of that may fail a moment before it is told. */
  async isLost(device: GPUDevice): Promise<boolean> {
    await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 200))]);
    return this.#lost.has(device);
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
      this.#device = undefined;
    });
    return device;
  }
}
