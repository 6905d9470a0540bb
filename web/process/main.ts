/**
 * What the page is in a browser, as a process without one. `main.js ADDRESS [ADAPTER]` does the job of the command line that
 * waits at this address; `main.js --diagnosis [ADAPTER]` writes as JSON what it would compute on, and ends.
 */
import '../../src/gpu/symbol-dispose.ts';
import './page-globals.ts';
import { parseHTML } from 'linkedom';
import { diagnose, drive } from '../app/drive.ts';
import { drawIn } from '../figures/sheet.ts';
import { openPainter } from './pictures.ts';
import { openVerifier } from './verifier.ts';
import { openWebGpu } from './webgpu.ts';

const [address, adapter] = process.argv.slice(2);
const runtime = await openWebGpu(adapter);
if (address === '--diagnosis') {
  process.stdout.write(JSON.stringify(await diagnose(runtime)));
} else {
  // Who started this process holds the other end of its input, and is not outlived.
  process.stdin.on('end', () => process.exit(1)).resume();
  drawIn(parseHTML('<!doctype html><html><body></body></html>').document);
  await drive(address, { ...runtime, painter: openPainter, verifier: () => openVerifier(runtime) });
}
// Dawn and a waiting input keep a process from ending by itself.
process.exit(0);
