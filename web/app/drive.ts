import {
  type Computation,
  type Diagnosis,
  type Job,
  type JobError,
  type JobRun,
  type PointsJob,
  hasPoints,
  runsOf,
} from '../../src/experiment/job.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { npyBytes } from '../../src/data/npy.ts';
import { run } from '../../src/experiment/run.ts';
import { filesOf } from '../../src/experiment/spec.ts';
import type { NamedArray } from '../../src/experiment/store-arrays.ts';
import { Gpu, describeAdapter, requestDevice } from '../../src/gpu/device.ts';
import { preferTiles } from '../../src/programs/tile-choice.ts';
import { claims } from '../../src/theory/claims.ts';
import { entryOf, shaderHashes } from '../../src/tuning/shader-hashes.ts';
import { type TileCache, adapterKey, choicesFor } from '../../src/tuning/tile-cache.ts';
import { usualSizes } from '../../src/tuning/trial.ts';
import { tune } from '../../src/tuning/tuner.ts';
import { svgToPng, svgToString } from '../figures/export.ts';
import type { Figure } from '../figures/frame.ts';
import { runFigures } from '../figures/run-figures.ts';
import { claimsFigures, renderClaimsReport } from '../report/claims-report.ts';
import { renderReproductionReport, reproductionFigures } from '../report/reproduction-report.ts';
import { renderRunReport } from '../report/run-report.ts';
import { Mailbox } from './mailbox.ts';

/** Does the job that the command line left in the mailbox of this token, and says when it is done or has failed. */
export async function driveMailbox(token: string): Promise<void> {
  const mailbox = new Mailbox(token);
  try {
    const job = await mailbox.job();
    if (job.kind === 'diagnosis') mailbox.send({ kind: 'diagnosis', diagnosis: await diagnose() });
    else if (job.kind === 'tuning') await driveTuning(job, mailbox);
    else if (hasPoints(job)) await drivePoints(job, mailbox);
    else await driveRuns(job, mailbox);
    mailbox.send({ kind: 'done' });
  } catch (error) {
    mailbox.send({ kind: 'failed', error: describeError(error) });
  }
  await mailbox.close();
}

/** A device that uses the tiles measured on its adapter. */
async function openDevice(tiles: TileCache): Promise<GPUDevice> {
  const device = await requestDevice(navigator.gpu);
  const adapter = adapterKey(describeAdapter(device), navigator.userAgent);
  preferTiles(Gpu.of(device), choicesFor(tiles, adapter, shaderHashes()));
  return device;
}

async function driveTuning(
  { sizes, budget }: Extract<Job, { kind: 'tuning' }>,
  mailbox: Mailbox,
): Promise<void> {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const adapter = adapterKey(gpu.adapter, navigator.userAgent);
  const now = () => performance.now();
  const wanted = sizes.length > 0 ? sizes : usualSizes(gpu.adapter.software);
  for await (const result of tune(gpu, wanted, { budget, now, signal: mailbox.stop })) {
    mailbox.send({ kind: 'tuned', entry: entryOf(adapter, result) });
  }
}

/** Runs that make one report; one that fails ends the job. */
async function driveRuns(job: Exclude<Computation, PointsJob>, mailbox: Mailbox): Promise<void> {
  const device = await openDevice(job.tiles);
  const results = new Map<string, RunResult>();
  for (const item of runsOf(job)) {
    if (mailbox.stop.aborted) break;
    const folder = job.kind === 'run' ? '' : `${item.id}/`;
    const result = await runOne(device, item, folder, mailbox, job.hostMemory);
    results.set(item.id, result);
    sendResult(mailbox, item.id, result);
  }
  mailbox.send({ kind: 'busy', with: drawing });
  // Whatever happens while drawing, the results are on disk.
  await mailbox.deliver();
  const done = (items: JobRun[]) => items.filter(({ id }) => results.has(id));
  if (job.kind === 'run') {
    const result = results.get(job.run.id)!;
    const figures = runFigures(result, undefined, claims);
    await sendReport(mailbox, figures, renderRunReport(result, { figures, texts: claims }));
  } else if (results.size > 0) {
    const reproduction = {
      title: job.title,
      size: job.size,
      runs: done(job.runs).map(({ id, label }) => ({ label, result: results.get(id)! })),
      sweep: {
        label: job.sweep.label,
        results: done(job.sweep.runs).map(({ id }) => results.get(id)!),
      },
    };
    const figures = reproductionFigures(reproduction);
    await sendReport(
      mailbox,
      [...figures.panels, ...figures.comparisons.flatMap((comparison) => comparison.figures)],
      renderReproductionReport(reproduction, { figures }),
    );
  }
}

const drawing = 'Drawing the figures and the report.';

/** Points of their own: one that fails is reported, and the next gets a device that has seen no error. */
async function drivePoints(job: PointsJob, mailbox: Mailbox): Promise<void> {
  let device: GPUDevice | undefined;
  for (;;) {
    const item = await mailbox.next();
    if (item === null || mailbox.stop.aborted) break;
    device ??= await openDevice(job.tiles);
    try {
      const result = await runOne(device, item, `${item.id}/`, mailbox, job.hostMemory);
      sendResult(mailbox, item.id, result);
    } catch (error) {
      mailbox.send({ kind: 'run-failed', run: item.id, error: describeError(error) });
      device.destroy();
      device = undefined;
    }
  }
  device?.destroy();
  if (job.kind === 'claims') await sendClaimsReport(mailbox);
}

async function sendClaimsReport(mailbox: Mailbox): Promise<void> {
  mailbox.send({ kind: 'busy', with: drawing });
  const document = await mailbox.claims();
  const figures = claimsFigures(document, claims);
  await sendReport(mailbox, figures, renderClaimsReport(document, { figures, texts: claims }));
}

async function runOne(
  device: GPUDevice,
  { id, spec, arrays }: JobRun,
  folder: string,
  mailbox: Mailbox,
  hostMemory: number,
): Promise<RunResult> {
  const { data } = spec;
  const events = run(device, spec, {
    signal: mailbox.stop,
    environment: navigator.userAgent,
    // A software adapter has the machine's memory; what a GPU has, nobody tells.
    ...(describeAdapter(device).software ? { memoryLimit: hostMemory } : {}),
    open: async (path) => {
      const { field } = filesOf(data).find(({ file }) => file === path)!;
      return (await mailbox.input(id, field)).body!;
    },
    ...(arrays
      ? {
          onArray: ({ name, shape, chunks }: NamedArray) =>
            mailbox.sendFile(`${folder}arrays/${name}.npy`, npyBytes(shape, chunks)),
        }
      : {}),
  });
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value;
    const event = value.kind === 'computed' ? { ...value, result: withoutRecords(value.result) } : value;
    mailbox.send({ kind: 'event', run: id, event });
  }
}

const sendResult = (mailbox: Mailbox, run: string, result: RunResult): void =>
  mailbox.send({ kind: 'result', run, result: withoutRecords(result) });

/** The records have gone before it, as they came. */
const withoutRecords = (result: RunResult): RunResult => ({ ...result, records: [] });

async function sendReport(mailbox: Mailbox, figures: readonly Figure[], report: string): Promise<void> {
  for (const { slug, svg } of figures) {
    await mailbox.sendFile(`figures/${slug}.svg`, [svgToString(svg)]);
    await mailbox.sendFile(`figures/${slug}.png`, [await svgToPng(svg)]);
  }
  await mailbox.sendFile('report.html', [report]);
}

/** What this browser has to offer. */
async function diagnose(): Promise<Diagnosis> {
  const found = { userAgent: navigator.userAgent, webGpu: 'gpu' in navigator };
  try {
    const device = await requestDevice(navigator.gpu);
    const adapter = describeAdapter(device);
    device.destroy();
    return { ...found, adapter, error: null };
  } catch (error) {
    return { ...found, adapter: null, error: describeError(error) };
  }
}

function describeError(error: unknown): JobError {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: 'Error', message: String(error) };
}
