import './page-globals.ts';
import { text } from 'node:stream/consumers';
import { parseHTML } from 'linkedom';
import type { Drawing, Drawn } from '../../src/experiment/drawing.ts';
import { fromWire } from '../../src/experiment/job.ts';
import { drive } from '../app/drive.ts';
import { drawIn } from '../figures/sheet.ts';
import { openPainter } from './pictures.ts';
import { redraw } from './redraw.ts';
import { openVerifier } from './verifier.ts';
import { openWebGpu } from './webgpu.ts';

drawIn(parseHTML('<!doctype html><html><body></body></html>').document);

/** Does the job that waits at an address, on the adapter of this name where one is given. */
export async function doJob(address: string, adapter?: string): Promise<void> {
  const runtime = await openWebGpu(adapter);
  // Who started this process holds the other end of its input, and is not outlived.
  process.stdin.on('end', () => process.exit(1)).resume();
  await drive(address, { ...runtime, painter: openPainter, verifier: () => openVerifier(runtime) });
}

/** Draws the figures that the input says. */
export const drawInput = async (): Promise<Drawn> => redraw(fromWire(await text(process.stdin)) as Drawing);
