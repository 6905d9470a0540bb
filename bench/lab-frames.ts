import '../src/gpu/symbol-dispose.ts';
import { sampleRecording } from '../test/lab/sample-recording.ts';
import { sampleResult } from '../test/web/sample-result.ts';
import { Axes } from '../web/lab/views/axes.ts';
import { createViews } from '../web/lab/views/views.ts';

declare global {
  interface Window {
    /** Milliseconds that the views take for a frame in which one record is new, at so many records: median of many. */
    measureFrames: (records: number) => Promise<number>;
  }
}

/** Views that a visitor has in sight together. */
const inSight = ['loss', 'discrepancy', 'outputs', 'movement'];
const frames = 60;

window.measureFrames = async (records) => {
  document.body.replaceChildren();
  const views = createViews(new Axes(), Promise.resolve(null)).filter(({ id }) => inSight.includes(id));
  for (const { view } of views) {
    view.element.style.width = '640px';
    document.body.append(view.element);
  }
  // Steps of a shape that real ones have, however many there are.
  const steps = Array.from({ length: records + frames }, (_, k) => (400 * k) / (records + frames));
  const { records: all } = sampleResult({ steps, linearized: true, targets: [1, -1, 1, -1, 1] });
  const recording = { ...sampleRecording(), records: all.slice(0, records) };
  const draw = (): void => {
    for (const { view } of views) view.draw(recording, recording.records.length - 1);
  };
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  draw();
  await frame();
  const times: number[] = [];
  for (let k = 0; k < frames; k++) {
    recording.records.push(all[records + k]);
    const begun = performance.now();
    draw();
    // With the browser's own work on what was drawn.
    document.body.getBoundingClientRect();
    times.push(performance.now() - begun);
    await frame();
  }
  return times.sort((a, b) => a - b)[frames / 2];
};
