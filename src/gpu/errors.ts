/** No device, no adapter, or no navigator.gpu at all. */
export class WebGpuUnavailableError extends Error {
  override readonly name = 'WebGpuUnavailableError';
}

/** The browser or the driver took the device away; everything on it is gone. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** The device could not allocate a buffer that its limits allow. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
}

/** The device refused a call, or did not do what it was asked: a fault of ours or of the driver, not of the user. */
export class GpuValidationError extends Error {
  override readonly name = 'GpuValidationError';
}

/** A shader did not compile; the message carries the compiler's own, with line numbers. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
}

/** A problem that passes the device's limits, found before anything is allocated. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** What others say, as a part of a sentence of ours: without the full stop that they may end with. */
export const clause = (said: unknown): string =>
  (said instanceof Error ? said.message : String(said)).trim().replace(/\.+$/, '');

/** Bytes as a TooLargeError says them. */
export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
