import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { csvHeader, csvRow } from '../../src/experiment/records-csv.ts';
import { documentOf } from '../../src/experiment/result-document.ts';
import type { RunResult, SetMeasures, StepRecord } from '../../src/experiment/result.ts';
import { parseSpec } from '../../src/experiment/parse-spec.ts';
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
  losses: { network: 0.5, linear: 0.5 },
  discrepancies: { linear: 0 },
  clippedDiscrepancy: 0,
};

export const savedRecord = (step: number): StepRecord => ({
  step,
  train: measures,
  test: measures,
  movement: { W: 0.1 * step, v: 0.2 * step, beta: 0.3 * step },
  outputs: { network: [0.1 * step, 1], linear: [0.1 * step, 1] },
});

/** What a run of savedSpec wrote that diverged at step 2. */
export const savedRun: RunResult = {
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
    rates: [
      { parameter: 'W', rate: 1 },
      { parameter: 'v', rate: 1 },
    ],
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

/** As it is in result.json. */
export const savedDocument = documentOf(savedRun);

export const sealedText = (value: object): string => [...sealedJsonPieces(value)].join('');

export const savedCsv = (records: readonly StepRecord[]): string =>
  [csvHeader(records[0]), ...records.map(csvRow), ''].join('\n');

/** Writes a folder of a point in which `content` stands for its result. */
export function writePoint(folder: string, content: object | string = savedDocument, csv?: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), typeof content === 'string' ? content : sealedText(content));
  writeFileSync(join(folder, 'records.csv'), csv ?? savedCsv(savedRun.records));
  return folder;
}
