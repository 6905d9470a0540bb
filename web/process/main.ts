/**
 * What the page is in a browser, as a process without one. `main.js ADDRESS [ADAPTER]` does the job of the command line that
 * waits at this address; `main.js --diagnosis [ADAPTER]` writes as JSON what it would compute on, and ends; `main.js --figures`
 * draws what its input says, and writes it as JSON.
 */
import '../../src/gpu/symbol-dispose.ts';
import './page-globals.ts';
import { text } from 'node:stream/consumers';
import { parseHTML } from 'linkedom';
import type { Drawing } from '../../src/experiment/drawing.ts';
import { fromWire } from '../../src/experiment/job.ts';
import { diagnose } from '../app/diagnose.ts';
import { drive } from '../app/drive.ts';
import { drawIn } from '../figures/sheet.ts';
import { openPainter } from './pictures.ts';
import { redraw } from './redraw.ts';
import { openVerifier } from './verifier.ts';
import { openWebGpu } from './webgpu.ts';

const [task, adapter] = process.argv.slice(2);
drawIn(parseHTML('<!doctype html><html><body></body></html>').document);
if (task === '--figures') {
  await written(JSON.stringify(await redraw(fromWire(await text(process.stdin)) as Drawing)));
} else if (task === '--diagnosis') {
  process.stdout.write(JSON.stringify(await diagnose(await openWebGpu(adapter))));
} else {
  const runtime = await openWebGpu(adapter);
  // Who started this process holds the other end of its input, and is not outlived.
  process.stdin.on('end', () => process.exit(1)).resume();
  await drive(task, { ...runtime, painter: openPainter, verifier: () => openVerifier(runtime) });
}
// Dawn and a waiting input keep a process from ending by itself.
process.exit(0);

/** Settled once all of a text has gone out: a pipe takes a part at a time. */
function written(all: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(all, (error) => (error ? reject(error) : resolve()));
  });
}
