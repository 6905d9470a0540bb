/**
 * The bench without a browser. `main.js --diagnosis [ADAPTER]` writes as JSON what it would compute on, and ends; `main.js ASKED
 * [ADAPTER]` runs what `ASKED`, an `Asked` as JSON, says, and writes what it has to say and what it measured, one JSON a line.
 */
import '../src/gpu/symbol-dispose.ts';
import '../web/process/page-globals.ts';
import { parseHTML } from 'linkedom';
import { diagnose } from '../web/app/diagnose.ts';
import { drawIn } from '../web/figures/sheet.ts';
import { openWebGpu } from '../web/process/webgpu.ts';
import type { Asked } from './bench.ts';

const [task, adapter] = process.argv.slice(2);
const runtime = await openWebGpu(adapter);
if (task === '--diagnosis') {
  await tell(await diagnose(runtime));
} else {
  // Who started this process holds the other end of its input, and is not outlived.
  process.stdin.on('end', () => process.exit(1)).resume();
  drawIn(parseHTML('<!doctype html><html><body></body></html>').document);
  // The peers look for WebGPU where a page has it, and some of them as soon as they are loaded.
  const navigator = { gpu: runtime.gpu, userAgent: runtime.agent };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  const { runBench } = await import('./bench.ts');
  const measured = await runBench(JSON.parse(task) as Asked, {
    agent: runtime.agent,
    say: (line) => void tell({ say: line }),
    soFar: (...soFar) => tell({ soFar }),
  });
  await tell({ done: measured });
}
// Dawn and a waiting input keep a process from ending by itself.
process.exit(0);

/** Settled once it has gone out. */
function tell(what: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${JSON.stringify(what)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
