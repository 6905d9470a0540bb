const nudge = navigator.userAgent.includes('Firefox');

/**
 * Waits until a device has done all that was submitted to it: the end of every measurement, whoever is measured.
 *
 * Firefox looks for finished work every 100 ms and whenever something is submitted (its bug 1870699). So that times
 * mean something there, it is given empty submissions until then.
 */
export async function completion(device: GPUDevice): Promise<void> {
  const done = device.queue.onSubmittedWorkDone().then(() => true);
  while (nudge && !(await Promise.race([done, after(1)]))) {
    device.queue.submit([device.createCommandEncoder().finish()]);
  }
  await done;
}

const after = (milliseconds: number): Promise<false> =>
  new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
