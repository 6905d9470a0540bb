import { svgMarkup } from '../../figures/markup.ts';
import type { Figure } from '../../figures/frame.ts';
import { discrepancyChart } from '../../figures/charts/discrepancy.ts';
import { lossChart } from '../../figures/charts/loss.ts';
import { timeFigure } from '../../figures/run-figures.ts';
import type { Recording } from '../recording.ts';
import { scatterFigure } from '../views/scatter-figure.ts';
import { snapshotAt } from '../views/snapshots.ts';

/** Frames of a film and how fast they go: some ten seconds. */
const film = { frames: 120, rate: 12, width: 1280, height: 720 } as const;

/** Records that a film shows, at most so many, the first and the last among them. */
export function filmRecords(count: number, most: number = film.frames): number[] {
  const frames = Math.min(count, most);
  return Array.from({ length: frames }, (_, k) =>
    frames === 1 ? 0 : Math.round((k * (count - 1)) / (frames - 1)),
  );
}

/**
 * A recording as a film (WebM): losses, discrepancy and outputs, a frame a record.
 * @throws Error where there is nothing to show, or the browser makes no such films.
 */
export async function filmOf(recording: Recording, tell: (share: number) => void): Promise<Blob> {
  const { preparation, stage, records } = recording;
  if (!preparation || !stage || records.length < 2)
    throw new Error('There is nothing to film yet; wait for the first steps.');
  if (!('MediaRecorder' in globalThis) || !MediaRecorder.isTypeSupported('video/webm'))
    throw new Error('This browser does not record WebM; Chrome, Edge and Firefox do.');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [film.width, film.height];
  const context = canvas.getContext('2d')!;
  const frames: Blob[] = [];
  // All are drawn before the first is filmed: the recorder's clock is the wall's.
  for (const last of filmRecords(records.length)) {
    const curves = {
      preparation,
      records: records.slice(0, last + 1),
      status: { kind: 'completed' },
    } as const;
    const snapshot = snapshotAt(recording, last);
    const figures = [
      timeFigure(curves, lossChart(curves)),
      timeFigure(curves, discrepancyChart(curves)),
      ...(snapshot ? [scatterFigure(snapshot, stage, preparation.nTest > 0)] : []),
    ];
    await drawFrame(context, figures);
    frames.push(await pictureOf(canvas));
    tell(last / (records.length - 1));
  }
  return record(canvas, context, frames);
}

/** The curves at the left, one above the other, and the dots at the right. */
async function drawFrame(context: CanvasRenderingContext2D, figures: readonly Figure[]): Promise<void> {
  const [width, half] = [film.width / 2, film.height / 2];
  context.fillStyle = 'white';
  context.fillRect(0, 0, film.width, film.height);
  const places = [
    [0, 0, width, half],
    [0, half, width, half],
    [width, 0, width, film.height],
  ];
  for (const [k, { svg }] of figures.entries()) {
    const [x, y, most, tall] = places[k];
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgMarkup(svg))}`;
    await image.decode();
    const scale = Math.min(most / image.width, tall / image.height);
    const [across, down] = [scale * image.width, scale * image.height];
    context.drawImage(image, x + (most - across) / 2, y + (tall - down) / 2, across, down);
  }
}

/** A frame as PNG: a hundred of them as they are would be hundreds of megabytes. */
const pictureOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('The browser could not draw a frame.')),
    );
  });

async function record(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  frames: readonly Blob[],
): Promise<Blob> {
  const recorder = new MediaRecorder(canvas.captureStream(film.rate), {
    mimeType: 'video/webm',
    videoBitsPerSecond: 6e6,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
  recorder.start();
  for (const picture of frames) {
    const shown = new Promise((resolve) => setTimeout(resolve, 1000 / film.rate));
    const frame = await createImageBitmap(picture);
    context.drawImage(frame, 0, 0);
    frame.close();
    await shown;
  }
  recorder.stop();
  await ended;
  return new Blob(parts, { type: 'video/webm' });
}
