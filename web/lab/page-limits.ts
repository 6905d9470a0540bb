/** What a page takes on; the command line takes what the device can. */
export const pageLimits = {
  n: 50_000,
  nTest: 20_000,
  d: 2048,
  width: 8192,
  steps: 100_000,
  /** Multiply-adds of one pass of the training points through two layers, n · d · m. */
  work: 5e9,
  /** The same of all layers of a deep network: wide layers on wide ones keep a GPU busier than those on few inputs. */
  deepWork: 5e11,
  /** Bytes on the device: past them, browsers end the process that all their pages share the GPU in. */
  memory: 4 * 2 ** 30,
} as const;
