import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Drawing, Drawn } from '../experiment/drawing.ts';
import { toWire } from '../experiment/job.ts';

/** The built program that draws without a browser, beside the built command line. */
const processFile = fileURLToPath(new URL('../process/main.js', import.meta.url));

/** Has figures drawn again, in a process of Node's: no browser is asked for, and no GPU. */
export async function redraw(drawing: Drawing): Promise<Drawn> {
  const child = spawn(process.execPath, [processFile, '--figures'], { stdio: 'pipe' });
  // Where it ends early, its words say why.
  child.stdin.on('error', () => undefined).end(toWire(drawing));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, drawn, words] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`The figures could not be drawn: ${words.trim() || `exit code ${code}`}`);
  return JSON.parse(drawn) as Drawn;
}
