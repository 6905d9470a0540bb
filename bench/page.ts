import '../src/gpu/symbol-dispose.ts';
import { Gpu, requestDevice } from '../src/gpu/device.ts';
import { type BenchCase } from './case.ts';
import { kernelProducts } from './cases/kernel-products.ts';

const cases: readonly BenchCase[] = [kernelProducts];

/** To bench/run.js, which listens to the console. */
const tell = (bench: object): void => console.log(JSON.stringify({ bench }));

try {
  const wanted = new URLSearchParams(location.search).getAll('case');
  const unknown = wanted.find((name) => !cases.some((known) => known.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no case ${unknown}; there are ${cases.map(({ name }) => name).join(', ')}.`);
  }
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const { description, vendor, architecture } = gpu.adapter;
  const adapter = description || `${vendor} ${architecture}`;
  for (const { name, what, run } of cases) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    tell({ line: `\n${name} on ${adapter}: ${what}\n` });
    const rows = await run(gpu, (line) => tell({ line }));
    tell({ result: { case: name, what, adapter, userAgent: navigator.userAgent, rows } });
  }
  tell({ done: true });
} catch (error) {
  tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
