/**
 * The most bytes of buffers that are alive on a device at a time, beyond those that were there when it began to watch;
 * for any library, by its calls of createBuffer and destroy. Buffers that a library keeps from earlier work and takes
 * up again do not show.
 */
export class DeviceMemory {
  peak = 0;
  #live = 0;
  readonly #device: GPUDevice;
  readonly #create: GPUDevice['createBuffer'];

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = this.#create(descriptor);
      this.#live += buffer.size;
      this.peak = Math.max(this.peak, this.#live);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        this.#live -= buffer.size;
        buffer.destroy = destroy;
        destroy();
      };
      return buffer;
    };
  }

  stop(): void {
    this.#device.createBuffer = this.#create;
  }
}
