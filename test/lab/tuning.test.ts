import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { offeredTiles, preferTiles } from '../../src/programs/tile-choice.ts';
import { entryOf, shaderHash } from '../../src/tuning/shader-hash.ts';
import { adapterKey, choicesFor } from '../../src/tuning/tile-cache.ts';
import { createController } from '../../web/lab/create-controller.ts';
import { LiveController } from '../../web/lab/live-controller.ts';
import type { Command } from '../../web/lab/protocol.ts';
import type { LabController } from '../../web/lab/controller.ts';
import { TileStore } from '../../web/lab/tile-store.ts';
import type { Tuning } from '../../web/lab/tuning.ts';
import { collect } from '../experiment/collect.ts';
import { gpu } from '../gpu-device.ts';
import { long, small } from './small-experiment.ts';

const adapter = adapterKey(gpu.adapter, navigator.userAgent);
const choice = { use: 'forward', shapes: 'short sums, few entries', tile: 'direct-4x4' } as const;
const other = { ...choice, tile: 'direct-16x8' } as const;
/** Of one trial, which ends after it. */
const oneTrial = 50;

let controller: LabController | undefined;
const open = async (spec: SpecInput): Promise<LabController & { tuning: Tuning }> => {
  const opened = (controller = await createController(spec));
  return opened as LabController & { tuning: Tuning };
};
beforeEach(() => localStorage.clear());
afterEach(() => {
  controller?.close();
  controller = undefined;
  preferTiles(gpu, []);
  vi.unstubAllGlobals();
  localStorage.clear();
});

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 50_000, interval: 10 });

test.each(['in a worker', 'beside the page'])('an experiment prefers what is kept, %s', async (where) => {
  if (where === 'beside the page') vi.stubGlobal('Worker', undefined);
  new TileStore().keep(entryOf(adapter, { choice, milliseconds: {} }));
  new TileStore().keep(entryOf('another adapter', { choice: other, milliseconds: {} }));
  const lab = await open(small);
  await until(() => lab.recording.phase === 'ended');
  expect(lab.recording.result!.tiles).toEqual([choice]);
  preferTiles(gpu, [choice]);
  const { result } = await collect(gpu.device, small);
  expect(lab.recording.records).toEqual(result.records);

  lab.tuning.use(false);
  lab.restart();
  await until(() => lab.recording.phase === 'ended');
  expect(lab.recording.result!.tiles).toEqual([]);
});

test('a choice that is made meanwhile is for the next experiment, and a new device has those of the present one', async () => {
  new TileStore().keep(entryOf(adapter, { choice, milliseconds: {} }));
  const lab = await open(small);
  lab.pause();
  await until(() => lab.recording.phase === 'paused');
  lab.tuning.store.keep(entryOf(adapter, { choice: other, milliseconds: {} }));
  lab.loseDevice();
  await until(() => lab.recording.failure !== null);
  await until(() => lab.recording.failure === null);
  lab.play();
  await until(() => lab.recording.phase === 'ended');
  expect(lab.recording.result!.tiles).toEqual([choice]);
  lab.restart();
  await until(() => lab.recording.phase === 'ended');
  expect(lab.recording.result!.tiles).toEqual([other]);
});

test('tuning holds the experiment, keeps what it measures, ends, and lets it go on with the same numbers', async () => {
  const lab = await open(small);
  const { tuning } = lab;
  tuning.start(oneTrial);
  await until(() => tuning.state.kind === 'measuring' && tuning.state.trial !== null);
  const { step } = lab.recording;
  expect(lab.recording.phase).toBe('paused');
  await until(() => tuning.kept.length === 1);
  expect(lab.recording.step).toBe(step);
  const [{ use, milliseconds }] = tuning.kept;
  expect(Object.keys(milliseconds!).sort()).toEqual(offeredTiles(gpu, use).sort());
  await until(() => tuning.state.kind === 'rest');
  expect(tuning.outcome).toMatchObject({ measured: 1, stopped: false, failure: null });
  expect(tuning.outcome!.planned).toBeGreaterThan(1);

  await until(() => lab.recording.phase === 'ended');
  const { result } = await collect(gpu.device, small);
  const planned = new Set(result.records.map((record) => record.step));
  expect(lab.recording.records.filter((record) => planned.has(record.step))).toEqual(result.records);
  expect(lab.recording.result!.tiles).toEqual([]);
  lab.restart();
  await until(() => lab.recording.phase === 'ended');
  expect(lab.recording.result!.tiles).toEqual(choicesFor(new TileStore().cache, adapter, shaderHash));
  expect(lab.recording.result!.tiles).toHaveLength(1);
});

test('it is stopped, and what was measured stays; one that was paused before stays so', async () => {
  const lab = await open(long);
  const { tuning } = lab;
  lab.pause();
  await until(() => lab.recording.phase === 'paused');
  tuning.start(60_000);
  await until(() => tuning.kept.length > 0);
  tuning.stop();
  await until(() => tuning.state.kind === 'rest');
  expect(tuning.outcome).toMatchObject({ measured: tuning.kept.length, stopped: true, failure: null });
  expect(new TileStore().cache.entries).toEqual(structuredClone(tuning.kept));
  expect(lab.recording.phase).toBe('paused');
  tuning.forget();
  expect(tuning.kept).toEqual([]);
  // After its end too it can be tuned.
  lab.open(small);
  await until(() => lab.recording.phase === 'ended');
  tuning.start(oneTrial);
  await until(() => tuning.kept.length === 1);
});

/** A controller whose engine only hears. */
function unanswered(): { lab: LiveController; heard: Command[] } {
  const heard: Command[] = [];
  const line = { send: (command: Command) => void heard.push(command), close: () => undefined };
  return { lab: new LiveController(line, small), heard };
}
const result = { choice, milliseconds: {} };

test('one that fails says why, and keeps what came before', () => {
  const { lab, heard } = unanswered();
  lab.tuning.start(1000);
  expect(heard.at(-1)).toEqual({ kind: 'pause', run: 1 });
  lab.receive({ kind: 'held', run: 1, step: 0 });
  expect(heard.at(-1)).toEqual({ kind: 'tune', budget: 1000, sizes: [] });
  lab.receive({ kind: 'tuned', entry: entryOf(adapter, result) });
  const failure = { name: 'OutOfMemoryError', message: 'There is no memory.' };
  lab.receive({ kind: 'tuning-ended', failure });
  expect(lab.tuning.outcome).toMatchObject({ measured: 1, failure: failure.message });
  expect(new TileStore().cache.entries).toHaveLength(1);
  expect(heard.at(-1)).toEqual({ kind: 'play', run: 1 });
});

test('stopped before the experiment stands, nothing is timed', () => {
  const { lab, heard } = unanswered();
  lab.tuning.start(1000);
  lab.tuning.stop();
  expect(heard.at(-1)).toEqual({ kind: 'play', run: 1 });
  lab.receive({ kind: 'held', run: 1, step: 0 });
  expect(heard.some(({ kind }) => kind === 'tune')).toBe(false);
});

test('another experiment ends it, and is not played for its sake', () => {
  const { lab, heard } = unanswered();
  lab.tuning.start(1000);
  lab.receive({ kind: 'held', run: 1, step: 0 });
  lab.restart();
  expect(heard.slice(-2).map(({ kind }) => kind)).toEqual(['stop-tuning', 'open']);
  lab.receive({ kind: 'tuning-ended', failure: null });
  expect(lab.tuning.outcome).toMatchObject({ stopped: true });
  expect(heard.at(-1)).toMatchObject({ kind: 'open' });
});

test('an engine that is gone ends it', () => {
  const { lab } = unanswered();
  lab.tuning.start(1000);
  lab.receive({ kind: 'held', run: 1, step: 0 });
  lab.receive({ kind: 'broken', failure: { name: 'Error', message: 'The worker failed.' } });
  expect(lab.tuning.state.kind).toBe('rest');
  expect(lab.tuning.outcome!.failure).toMatch(/worker failed/);
});
