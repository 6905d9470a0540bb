import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import type { Drawing, Drawn } from '../experiment/drawing.ts';
import { withNumbers } from '../experiment/json-text.ts';
import { documentVersions } from '../experiment/result-document.ts';
import type { BrowserName } from './browser-find.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { OutputFolder } from './output-folder.ts';
import { printPdf } from './pdf.ts';
import { redraw } from './redraw.ts';
import { oneLine } from './text.ts';
import { emit, note, tellFiles, warn } from './voice.ts';

/** CSS pixels to an inch, and what else a length may be told in. */
const pixels = { in: 96, cm: 96 / 2.54, mm: 96 / 25.4, pt: 96 / 72, px: 1 } as const;
/** Of height to width, as in reports. */
const usualRatio = 330 / 480;
/** Below it, a legend has no room; above it nobody prints. */
const [leastPixels, mostPixels] = [150, 5000];

export interface FiguresFlags {
  figureSize?: { width: number; height: number };
  font?: string;
  pdf: boolean;
  out?: string;
  browser: BrowserName;
}

/**
 * Reads "3.25in", or with its height "3.25in x 2.5in", as CSS pixels.
 * @throws RangeError where it is no size
 */
export function parseFigureSize(text: string): { width: number; height: number } {
  const sides = text.split(/\s*[x×]\s*/).map(lengthOf);
  const [width, height = Math.round(width * usualRatio)] = sides;
  const fits = (side: number): boolean => side >= leastPixels && side <= mostPixels;
  if (sides.length > 2 || !fits(width) || !fits(height)) {
    throw new RangeError(
      `It must be a width such as 3.25in, or width and height such as 3.25inx2.5in (in, cm, mm, pt or px), each from ${leastPixels}px to ${mostPixels}px.`,
    );
  }
  return { width, height };
}

/** In CSS pixels; NaN where it is no length. */
function lengthOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(in|cm|mm|pt|px)?$/.exec(text.trim());
  if (!found) return NaN;
  const [, number, unit = 'px'] = found;
  return Math.round(Number(number) * pixels[unit as keyof typeof pixels]);
}

/** `first-light figures DIR`: draws the figures of a run or of claims again. Nothing is computed. */
export async function figuresCommand(folder: string, flags: FiguresFlags): Promise<void> {
  const drawing = drawingOf(resolve(folder));
  const drawn = await redraw({ ...drawing, size: flags.figureSize, font: flags.font });
  const printed = flags.pdf ? await printPdf(drawn.figures, flags.browser, note) : undefined;
  const output = await OutputFolder.reserve(flags.out ?? folder, { explicit: true, say: note });
  emit({ event: 'folder', path: output.path, runs: 0 });
  for (const [name, bytes] of filesOf(drawn, printed)) {
    await output.receive(`figures/${name}`, { offset: 0, last: true, bytes: once(bytes) });
  }
  output.close();
  if (drawn.withoutPng !== null) warn(`There are no PNG files: ${drawn.withoutPng}`);
  const kinds = ['SVG', ...(drawn.withoutPng === null ? ['PNG'] : []), ...(printed ? ['PDF'] : [])];
  tellFiles(output.path, [['figures/', `every figure as ${kinds.join(', ')}`]]);
}

function* filesOf(
  { figures }: Drawn,
  printed: ReadonlyMap<string, Uint8Array> | undefined,
): Generator<[name: string, bytes: Uint8Array]> {
  for (const { slug, svg, png } of figures) {
    yield [`${slug}.svg`, Buffer.from(svg)];
    if (png !== null) yield [`${slug}.png`, Buffer.from(png, 'base64')];
    const pdf = printed?.get(slug);
    if (pdf) yield [`${slug}.pdf`, pdf];
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** What a folder has to be drawn. */
function drawingOf(folder: string): Drawing {
  const result = join(folder, 'result.json');
  if (existsSync(result)) {
    const document = readDocument(result, 'first-light/result', Object.values(documentVersions));
    return { kind: 'run', document } as Drawing;
  }
  const claims = join(folder, 'claims.json');
  if (existsSync(claims)) {
    const document = readDocument(claims, 'first-light/claims', [2]) as unknown as ClaimsDocument;
    return { kind: 'claims', document };
  }
  throw new CommandError(
    exitCode.input,
    `${folder} has no result.json and no claims.json; name the folder of a run, of a point of a sweep, or of claims.`,
  );
}

/** @throws CommandError where the file is damaged, or of another version than this First Light draws. */
function readDocument(file: string, format: string, versions: readonly number[]): Record<string, unknown> {
  let document: Record<string, unknown> | null;
  try {
    document = withNumbers(JSON.parse(readFileSync(file, 'utf8'))) as Record<string, unknown> | null;
  } catch (error) {
    throw new CommandError(exitCode.input, `${file} cannot be read: ${oneLine(messageOf(error))}`);
  }
  if (document?.['format'] !== format || !versions.includes(document['version'] as number)) {
    throw new CommandError(
      exitCode.input,
      `${file} is of format ${String(document?.['format'])}, version ${String(document?.['version'])}; this First Light draws ${format}, version ${versions.join(' or ')}. Run it again.`,
    );
  }
  return document;
}
