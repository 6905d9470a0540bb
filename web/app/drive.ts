import {
  type Computation,
  type Job,
  type JobRun,
  type PointsJob,
  hasPoints,
  runsOf,
} from '../../src/experiment/job.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { npyBytes } from '../../src/data/npy.ts';
import { stateFile, stateFrom } from '../../src/experiment/stopped-state.ts';
import { run } from '../../src/experiment/run.ts';
import { filesOf } from '../../src/experiment/spec-facts.ts';
import type { VerificationChoice, VerificationEvent } from '../../src/experiment/verification.ts';
import type { NamedArray } from '../../src/experiment/store-arrays.ts';
import { Gpu, describeAdapter, requestDevice } from '../../src/gpu/device.ts';
import { claims } from '../../src/theory/claims.ts';
import { takeMeasuredTiles } from '../../src/tuning/measured-tiles.ts';
import { entryOf } from '../../src/tuning/shader-hash.ts';
import { type TileCache, adapterKey } from '../../src/tuning/tile-cache.ts';
import { usualSizes } from '../../src/tuning/trial.ts';
import { tune } from '../../src/tuning/tuner.ts';
import { svgToString } from '../figures/export.ts';
import type { Figure } from '../figures/frame.ts';
import { runFigures } from '../figures/run-figures.ts';
import { claimsFigures, renderClaimsReport } from '../report/claims-report.ts';
import { renderReproductionReport, reproductionFigures } from '../report/reproduction-report.ts';
import { renderRunReport } from '../report/run-report.ts';
import { describeError, diagnose } from './diagnose.ts';
import { Mailbox } from './mailbox.ts';

/** What a job needs of where it is done: a page of a browser, or a process without one. */
export interface Surroundings {
  /** WebGPU, if there is any. */
  gpu: GPU | undefined;
  /** The browser or runtime with its version, for what is written of a run. */
  agent: string;
  /** What draws figures as PNG files, or why nothing here does; asked for when there is something to draw. */
  painter: () => Promise<Painter | string>;
  /** What verifies that programs keep their bounds here; loaded when there is something to verify. */
  verifier: () => Promise<Verifier>;
}

/** Verifies, and ends early once the signal is aborted. */
export type Verifier = (
  choice: VerificationChoice,
  signal: AbortSignal,
  tell: (event: VerificationEvent) => void,
) => Promise<void>;

/** Draws a figure as a PNG. */
export type Painter = (svg: SVGSVGElement) => Promise<BlobPart>;

/** A job under way. */
interface Work extends Surroundings {
  mailbox: Mailbox;
}

/** Does the job that the command line left in the mailbox at this address, and says when it is done or has failed. */
export async function drive(address: string, surroundings: Surroundings): Promise<void> {
  const mailbox = new Mailbox(address);
  const work = { ...surroundings, mailbox };
  try {
    const job = await mailbox.job();
    if (job.kind === 'diagnosis') mailbox.send({ kind: 'diagnosis', diagnosis: await diagnose(work) });
    else if (job.kind === 'tuning') await driveTuning(job, work);
    else if (job.kind === 'verification') await driveVerification(job, work);
    else if (hasPoints(job)) await drivePoints(job, work);
    else await driveRuns(job, work);
    mailbox.send({ kind: 'done' });
  } catch (error) {
    mailbox.send({ kind: 'failed', error: describeError(error) });
  }
  await mailbox.close();
}

/** A device that uses the tiles measured on its adapter. */
async function openDevice(tiles: TileCache, { gpu, agent }: Work): Promise<GPUDevice> {
  const device = await requestDevice(gpu);
  await takeMeasuredTiles(Gpu.of(device), tiles, agent);
  return device;
}

async function driveTuning(
  { sizes, budget }: Extract<Job, { kind: 'tuning' }>,
  { mailbox, agent, ...work }: Work,
): Promise<void> {
  const gpu = Gpu.of(await requestDevice(work.gpu));
  const adapter = adapterKey(gpu.adapter, agent);
  const now = () => performance.now();
  const wanted = sizes.length > 0 ? sizes : usualSizes(gpu.adapter.software);
  for await (const result of tune(gpu, wanted, { budget, now, signal: mailbox.stop })) {
    mailbox.send({ kind: 'tuned', entry: entryOf(adapter, result) });
  }
}

async function driveVerification(choice: VerificationChoice, { mailbox, verifier }: Work): Promise<void> {
  const verify = await verifier();
  await verify(choice, mailbox.stop, (event) => mailbox.send({ kind: 'verifying', event }));
}

/** Runs that make one report; one that fails ends the job. */
async function driveRuns(job: Exclude<Computation, PointsJob>, work: Work): Promise<void> {
  const { mailbox } = work;
  const device = await openDevice(job.tiles, work);
  const results = new Map<string, RunResult>();
  for (const item of runsOf(job)) {
    if (mailbox.stop.aborted) break;
    const folder = job.kind === 'run' ? '' : `${item.id}/`;
    const result = await runOne(device, item, folder, work, job.hostMemory);
    results.set(item.id, result);
    sendResult(mailbox, item.id, result);
  }
  const paint = await beginDrawing(work);
  // Whatever happens while drawing, the results are on disk.
  await mailbox.deliver();
  const done = (items: JobRun[]) => items.filter(({ id }) => results.has(id));
  if (job.kind === 'run') {
    const result = results.get(job.run.id)!;
    const figures = runFigures(result, undefined, claims);
    await sendReport(mailbox, paint, figures, renderRunReport(result, { figures, texts: claims }));
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
      paint,
      [...figures.panels, ...figures.comparisons.flatMap((comparison) => comparison.figures)],
      renderReproductionReport(reproduction, { figures }),
    );
  }
}

/** Points of their own: one that fails is reported, and the next gets a device that has seen no error. */
async function drivePoints(job: PointsJob, work: Work): Promise<void> {
  const { mailbox } = work;
  let device: GPUDevice | undefined;
  for (;;) {
    const item = await mailbox.next();
    if (item === null || mailbox.stop.aborted) break;
    device ??= await openDevice(job.tiles, work);
    try {
      const result = await runOne(device, item, `${item.id}/`, work, job.hostMemory);
      sendResult(mailbox, item.id, result);
    } catch (error) {
      mailbox.send({ kind: 'run-failed', run: item.id, error: describeError(error) });
      device.destroy();
      device = undefined;
    }
  }
  device?.destroy();
  if (job.kind === 'claims') await sendClaimsReport(work);
}

async function sendClaimsReport(work: Work): Promise<void> {
  const { mailbox } = work;
  const paint = await beginDrawing(work);
  const document = await mailbox.claims();
  const figures = claimsFigures(document, claims);
  await sendReport(mailbox, paint, figures, renderClaimsReport(document, { figures, texts: claims }));
}

async function runOne(
  device: GPUDevice,
  { id, spec, arrays, from }: JobRun,
  folder: string,
  { mailbox, agent }: Work,
  hostMemory: number,
): Promise<RunResult> {
  const { data } = spec;
  const state = from && (await stateFrom((await mailbox.input(id, 'state')).body!, stateFile(from.step)));
  const events = run(device, spec, {
    signal: mailbox.stop,
    environment: agent,
    // A software adapter has the machine's memory; what a GPU has, nobody tells.
    ...(describeAdapter(device).software ? { memoryLimit: hostMemory } : {}),
    open: async (path) => {
      const { field } = filesOf(data).find(({ file }) => file === path)!;
      return (await mailbox.input(id, field)).body!;
    },
    ...(from && state && { from: { ...from, state } }),
    // Of points, each is run as a whole.
    ...(folder === '' && {
      onStop: (step: number, learned: Float32Array<ArrayBuffer>) =>
        mailbox.sendFile(stateFile(step), npyBytes([learned.length], [learned])),
    }),
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

/** Says what takes time now; resolves to what draws pictures, if anything does. */
async function beginDrawing({ mailbox, painter }: Work): Promise<Painter | undefined> {
  const found = await painter();
  const missing = typeof found === 'string' ? ` Figures are drawn as SVG alone: ${found}` : '';
  mailbox.send({ kind: 'busy', with: `Drawing the figures and the report.${missing}` });
  return typeof found === 'string' ? undefined : found;
}

async function sendReport(
  mailbox: Mailbox,
  paint: Painter | undefined,
  figures: readonly Figure[],
  report: string,
): Promise<void> {
  for (const { slug, svg } of figures) {
    await mailbox.sendFile(`figures/${slug}.svg`, [svgToString(svg)]);
    if (paint) await mailbox.sendFile(`figures/${slug}.png`, [await paint(svg)]);
  }
  await mailbox.sendFile('report.html', [report]);
}
