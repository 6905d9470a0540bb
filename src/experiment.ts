/**
 * Whole experiments, `first-light/experiment`: specs and sweeps, the run that measures them, the data that they read, the
 * documents that are kept of them, and the tuner.
 *
 *     const device = await requestDevice(navigator.gpu);
 *     const { records } = await resultOfRun(run(device, parseSpec(json)));
 */
import './gpu/symbol-dispose.ts';

export { requestDevice } from './gpu/device.ts';
export { type Spec, type SpecInput, parseSpec } from './experiment/spec.ts';
export { SpecError } from './experiment/spec-error.ts';
export { parseSweep, type Sweep, type SweepInput, type SweepPoint } from './experiment/sweep.ts';
export { presets, type Preset } from './experiment/presets.ts';
export { shippedSweeps, type ShippedSweep } from './experiment/shipped-sweeps.ts';
export { resultOfRun, run, type RunOptions } from './experiment/run.ts';
export type { NamedArray } from './experiment/store-arrays.ts';
export type { OpenArray } from './experiment/user-arrays.ts';
export type { Gate } from './experiment/gate.ts';
export type { RunEvent, RunResult, StepRecord } from './experiment/result.ts';
export {
  type DeepDocument,
  type ResultDocument,
  documentOf,
  resultOf,
} from './experiment/result-document.ts';
export { csvHeader, csvRow } from './experiment/records-csv.ts';
export { claimsSuite } from './experiment/claims-suite.ts';
export { summarizeClaims } from './experiment/claims-summary.ts';
export { summarizeSweep } from './experiment/sweep-summary.ts';
export type { ClaimsDocument } from './experiment/claims-document.ts';
export { type ByteSource, type DataFile, type Format, readDataFile } from './data/format.ts';
export type { StoredArray } from './data/stored-array.ts';
export { npyBytes, npyHeader } from './data/npy.ts';
export { DataError } from './data/data-error.ts';
export { type TrialPlan, type TuningOptions, type TuningResult, tune } from './tuning/tuner.ts';
export { type ExperimentSizes, usualSizes } from './tuning/trial.ts';
export { entryOf, shaderHash } from './tuning/shader-hash.ts';
export { takeMeasuredTiles } from './tuning/measured-tiles.ts';
export {
  type ShaderHash,
  type TileCache,
  type TileCacheEntry,
  adapterKey,
  choicesFor,
  withChoice,
  withoutAdapter,
} from './tuning/tile-cache.ts';
export { parseTileCache, tileCacheText } from './tuning/tile-cache-text.ts';
