/**
 * The most bytes at a time of buffers that a device's programs were given while it watched: for any library, by its
 * calls of createBindGroup and destroy, whether the buffers were made now or kept from earlier work.
 */
export class DeviceMemory {
  peak = 0;
  #bytes = 0;
  readonly #bound = new Set<GPUBuffer>();
  readonly #device: GPUDevice;
  readonly #create: GPUDevice['createBindGroup'];

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#create = device.createBindGroup.bind(device);
    device.createBindGroup = (descriptor) => {
      for (const { resource } of descriptor.entries) {
        if (resource instanceof GPUBuffer) this.#add(resource);
        else if ('buffer' in resource) this.#add(resource.buffer);
      }
      return this.#create(descriptor);
    };
  }

  #add(buffer: GPUBuffer): void {
    if (this.#bound.has(buffer)) return;
    this.#bound.add(buffer);
    this.#bytes += buffer.size;
    this.peak = Math.max(this.peak, this.#bytes);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      if (this.#bound.delete(buffer)) this.#bytes -= buffer.size;
      buffer.destroy = destroy;
      destroy();
    };
  }

  stop(): void {
    this.#device.createBindGroup = this.#create;
  }
}
