import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { csvHeader, csvRow } from '../../src/experiment/records-csv.ts';
import type { RunResult, SetMeasures, StepRecord } from '../../src/experiment/result.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { sealedJsonPieces } from '../../src/node/sealed-json.ts';
import { horizon } from '../../src/theory/horizon.ts';

export const savedSpec = parseSpec({
  name: 'NaN',
  data: { distribution: 'gaussian', d: 5, n: 20, nTest: 4 },
  network: { width: 8 },
  training: { eta: 1, steps: 10, watched: 2 },
});

const measures: SetMeasures = {
  networkLoss: 0.5,
  linearLoss: 0.5,
  discrepancy: 0,
  clippedDiscrepancy: 0,
  linearizedLoss: null,
  linearizedDiscrepancy: null,
};

export const savedRecord = (step: number): StepRecord => ({
  step,
  train: measures,
  test: measures,
  movementW: 0.1 * step,
  movementV: 0.2 * step,
  movementBeta: 0.3 * step,
  outputs: { network: [0.1 * step, 1], linear: [0.1 * step, 1], linearized: null },
});

/** What a run of savedSpec wrote that diverged at step 2. */
export const savedRun: RunResult = {
  format: 'first-light/result',
  version: 2,
  provenance: { firstLight: version, environment: null, startedAt: '2026-01-01T00:00:00.000Z' },
  spec: savedSpec,
  adapter: {
    vendor: 'vendor',
    architecture: 'architecture',
    device: '',
    description: '',
    software: true,
    features: [],
    limits: {},
  },
  tiles: [],
  preparation: {
    n: 20,
    nTest: 4,
    d: 5,
    spectrumMoment: 1,
    constants: gaussianConstants({ name: 'erf' }, 1),
    eta1: 1,
    eta2: 1,
    eta: 1,
    horizon: horizon(5, 1),
    largestStableRate: Infinity,
    linearOptimum: 0.2,
    watched: { set: 'test', indices: [0, 1], targets: [1, -1] },
    standardization: null,
    covarianceNorm: null,
    targetSize: 1,
    largestTarget: 1,
  },
  status: { kind: 'diverged', step: 2, model: 'network', loss: NaN },
  records: [savedRecord(0), savedRecord(1)],
  accuracy: null,
  claims: [],
  timings: { preparation: 1, training: 2, claims: 0, gpu: null, perStep: 0.5 },
};

export const sealedText = (value: object): string => [...sealedJsonPieces(value)].join('');

export const savedCsv = (records: readonly StepRecord[]): string =>
  [csvHeader(records[0]), ...records.map(csvRow), ''].join('\n');

/** Writes a folder of a point in which `content` stands for its result. */
export function writePoint(folder: string, content: object | string = savedRun, csv?: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), typeof content === 'string' ? content : sealedText(content));
  writeFileSync(join(folder, 'records.csv'), csv ?? savedCsv(savedRun.records));
  return folder;
}
