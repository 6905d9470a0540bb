import '../src/gpu/symbol-dispose.ts';
import { npyBytes } from '../src/data/npy.ts';
import { type ProblemOptions, loadProblem } from '../src/experiment/problem.ts';
import { parseSpec } from '../src/experiment/parse-spec.ts';
import { CommandStream } from '../src/gpu/command-stream.ts';
import { Gpu, requestDevice } from '../src/gpu/device.ts';

declare global {
  interface Window {
    /** Milliseconds from the request for a .npy file of training inputs until they are on the device, standardized. */
    measureLoading: (path: string) => Promise<number>;
  }
}

type Open = NonNullable<ProblemOptions['open']>;

/** A .npy file of so small a size that what it takes is compiling. */
const small: Open = async () => {
  const bytes: BlobPart[] = [];
  for await (const chunk of npyBytes([2, 3], [Float32Array.of(1, 2, 3, 3, 2, 1)])) bytes.push(chunk);
  return await new Blob(bytes).arrayBuffer();
};

window.measureLoading = async (path) => {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const spec = parseSpec({
    data: { distribution: 'npy', x: path },
    network: { width: 2 },
    training: { eta: 1, steps: 1 },
  });
  const load = async (open: Open) => {
    using stream = new CommandStream(gpu);
    const problem = await loadProblem(gpu, stream, spec, { open });
    await stream.finish();
    await gpu.device.queue.onSubmittedWorkDone();
    problem[Symbol.dispose]();
  };
  await load(small);
  const begun = performance.now();
  await load(async (file) => (await fetch(file)).body!);
  return performance.now() - begun;
};
