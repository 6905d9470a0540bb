import { expect, test } from 'vitest';
import {
  type ResultDocument,
  documentOf as documentOfAny,
  resultOf,
} from '../../src/experiment/result-document.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { sampleFirstLayer } from '../web/sample-first-layer.ts';
import { sampleResult } from '../web/sample-result.ts';

test.each([
  ['of network and linear model', sampleResult()],
  ['with the linearized network, modes and alignment', sampleResult({ linearized: true, modes: true })],
  ['with images of the first layer', { ...sampleResult(), firstLayer: sampleFirstLayer([2, 2, 1]) }],
  ['of the second layer alone, without a test set', sampleResult({ layers: 'second', test: false })],
])('a result %s is read as it was written', (_, result) => {
  expect(resultOf(documentOf(result))).toEqual(result);
});

/** Of two layers, as the sample is. */
const documentOf = (result: RunResult) => documentOfAny(result) as ResultDocument;

test('files have parameters, rates and models by the names they always had', () => {
  const { format, version, preparation, records } = documentOf(sampleResult({ steps: [0, 4] }));
  expect({ format, version }).toEqual({ format: 'first-light/result', version: 2 });
  expect(preparation).toMatchObject({ eta1: 5, eta2: 5, eta: 5 });
  expect(preparation).not.toHaveProperty('rates');
  expect(Object.keys(records[1])).toEqual([
    'step',
    'train',
    'test',
    'movementW',
    'movementV',
    'movementBeta',
    'outputs',
  ]);
  expect(records[1].train).toEqual({
    networkLoss: 0.5 * Math.exp(-4 / 60),
    linearLoss: 0.257 + 0.243 * Math.exp(-0.5),
    discrepancy: 4e-4,
    clippedDiscrepancy: 3.6e-4,
    linearizedLoss: null,
    linearizedDiscrepancy: null,
    linearSquare: 0.45 * (1 - Math.exp(-0.4)),
    kernelDiscrepancy: null,
  });
  expect(records[1].outputs.linearized).toBeNull();
});

test('an early file, without the squares that departures are made of, is read', () => {
  const written = documentOf(sampleResult({ linearized: true }));
  const early = written.records.map(({ train, ...record }) => {
    const { linearSquare, kernelDiscrepancy, ...rest } = train;
    expect([linearSquare, kernelDiscrepancy]).not.toContain(undefined);
    return { ...record, train: rest };
  });
  const { records } = resultOf({ ...written, records: early } as never);
  expect(records[3].train.losses['linearized']).toBeGreaterThan(0);
  expect(records[3].train.fromLinear).toBeUndefined();
  expect(documentOf({ ...sampleResult(), records }).records.map(({ train }) => train)).toEqual(
    early.map(({ train }) => train),
  );
});
