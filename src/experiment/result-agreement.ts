import * as z from 'zod/mini';
import { gaussianConstants } from '../math/gaussian-constants.ts';
import { greatestOf } from '../math/statistics.ts';
import { claimNumbers } from '../theory/claim.ts';
import { deepHorizon } from '../theory/horizon.ts';
import { recordSteps } from './record-steps.ts';
import { isTwoLayer } from './network-spec.ts';
import { type DeepDocument, type ResultDocument, resultOf } from './result-document.ts';
import type { RunResult, RunStatus, SetMeasures } from './result.ts';
import { type Spec, activationOf, isRead, ratesOf } from './spec.ts';
import { requestedClaims } from './requested-claims.ts';

/** Any number: of a run that diverged some are not finite. */
const real = z.custom<number>((value) => typeof value === 'number');
const count = z.int().check(z.minimum(0));
const reals = z.array(real);

const measures = z.object({
  networkLoss: real,
  linearLoss: real,
  discrepancy: real,
  clippedDiscrepancy: real,
  linearizedLoss: z.nullable(real),
  linearizedDiscrepancy: z.nullable(real),
});

/** Of a deep network: by model. */
const deepMeasures = z.object({
  losses: z.record(z.string(), real),
  discrepancies: z.record(z.string(), real),
  clippedDiscrepancy: real,
});

/** What is read of a result's document, for a summary, a report or a document of claims. */
const shape = z.object({
  provenance: z.object({
    firstLight: z.string(),
    environment: z.nullable(z.string()),
    startedAt: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
  }),
  adapter: z.object({
    vendor: z.string(),
    architecture: z.string(),
    device: z.string(),
    description: z.string(),
  }),
  preparation: z.object({
    n: z.int().check(z.minimum(1)),
    nTest: count,
    d: z.int().check(z.minimum(1)),
    spectrumMoment: z.number().check(z.minimum(0)),
    constants: z.record(z.string(), real),
    eta1: z.number(),
    eta2: z.number(),
    eta: z.number(),
    horizon: real,
    largestStableRate: z.nullable(real),
    linearOptimum: z.nullable(real),
    watched: z.object({
      set: z.enum(['test', 'train']),
      indices: z.array(count),
      targets: z.array(z.number()),
    }),
    standardization: z.nullable(
      z.object({ mean: z.array(z.number()), scale: z.number().check(z.positive()) }),
    ),
    files: z.optional(
      z.object({
        format: z.string(),
        shape: z.nullable(z.array(count).check(z.length(3))),
        average: z.int().check(z.minimum(1)),
        prepare: z.string(),
        classes: z.nullable(
          z.array(
            z.object({
              class: z.union([z.number(), z.string()]),
              number: z.number(),
              label: z.literal([1, -1]),
              train: count,
              test: count,
            }),
          ),
        ),
        whitened: z.nullable(z.object({ components: count, rank: count })),
        meanInnerProduct: z.number(),
        normSpread: z.number().check(z.minimum(0)),
      }),
    ),
    largestTarget: z.number().check(z.minimum(0)),
  }),
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('completed') }),
    z.object({ kind: z.literal('stopped'), step: count }),
    z.object({
      kind: z.literal('diverged'),
      step: z.int().check(z.minimum(1)),
      model: z.enum(['network', 'linear model', 'linearized network']),
      loss: real,
    }),
  ]),
  records: z.array(
    z.object({
      step: count,
      train: measures,
      test: z.nullable(measures),
      movementW: real,
      movementV: real,
      movementBeta: real,
      outputs: z.object({ network: reals, linear: reals, linearized: z.nullable(reals) }),
    }),
  ),
  accuracy: z.nullable(z.object({ step: count, points: count, outputs: real, loss: real })),
  claims: z.array(
    z.object({
      claim: z.literal(claimNumbers),
      conditions: z.array(z.object({ hypothesis: z.string(), verdict: z.string(), remark: z.string() })),
      quantities: z.array(
        z.object({
          key: z.string(),
          symbol: z.string(),
          value: real,
          error: z.nullable(real),
          bound: z.nullable(z.object({ symbol: z.string(), value: real })),
          relation: z.string(),
          constant: real,
          remark: z.string(),
        }),
      ),
      series: z.array(z.object({ key: z.string(), symbol: z.string(), x: reals, y: reals })),
      fields: z.array(z.object({ key: z.string(), symbol: z.string(), side: count, values: reals })),
      verdict: z.string(),
      silent: z.boolean(),
      remark: z.string(),
    }),
  ),
  timings: z.object({
    preparation: real,
    training: real,
    claims: real,
    gpu: z.nullable(real),
    perStep: real,
  }),
});

const deepShape = z.extend(shape, {
  preparation: z.extend(z.omit(shape.shape.preparation, { eta1: true, eta2: true }), {
    rates: z.array(z.object({ parameter: z.string(), rate: z.number() })),
    deep: z.object({
      gains: z.optional(reals),
      k0: real,
      k1: real,
      k2: real,
      gamma: z.optional(real),
      clock: real,
      kernelNorm: z.nullable(z.object({ value: real, error: real })),
      stableRate: z.nullable(real),
    }),
  }),
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('completed') }),
    z.object({ kind: z.literal('stopped'), step: count }),
    z.object({
      kind: z.literal('diverged'),
      step: z.int().check(z.minimum(1)),
      model: z.string(),
      loss: real,
    }),
  ]),
  records: z.array(
    z.object({
      step: count,
      train: deepMeasures,
      test: z.nullable(deepMeasures),
      movement: z.record(z.string(), real),
      outputs: z.record(z.string(), reals),
    }),
  ),
});

/**
 * Why this cannot be the result of a run of this spec to its end, in a few words; null where all that can be computed
 * from the spec, and all that is said twice, agrees.
 */
export function disagreement(document: ResultDocument | DeepDocument, spec: Spec): string | null {
  const { error } = (isTwoLayer(spec.network) ? shape : deepShape).safeParse(document);
  if (error) return `${error.issues[0].path.join('.')} is not what a run writes`;
  for (const [holds, words] of agreements(resultOf(document), spec)) if (!holds) return words;
  return null;
}

function* agreements(result: RunResult, spec: Spec): Generator<[holds: boolean, words: string]> {
  const { preparation, status, records, claims } = result;
  const { data, training } = spec;
  const rates = ratesOf(spec);
  const { n, nTest, d, watched, standardization } = preparation;
  if (isRead(data)) {
    yield [nTest > 0 === (data.xTest !== undefined), 'it has another test set than its spec'];
    // Where principal components are learned, there are more inputs than they.
    const inputs = standardization?.mean.length ?? 0;
    yield [preparation.files?.whitened ? inputs >= d : inputs === d, 'its means are not one an input'];
    yield [
      data.distribution === 'npy'
        ? preparation.files === undefined
        : preparation.files?.prepare === data.prepare &&
          preparation.files.average === data.average &&
          (preparation.files.classes === null) === (data.classes === undefined),
      'its files were prepared otherwise',
    ];
  } else {
    yield [n === data.n && nTest === data.nTest && d === data.d, 'its sizes are not those of its spec'];
    yield [standardization === null, 'its spec has no data to be rescaled'];
  }
  const eta = greatestOf(rates);
  yield [
    sameNumbers(
      preparation.rates.map(({ rate }) => rate),
      rates,
    ) &&
      preparation.eta === eta &&
      close(preparation.horizon, deepHorizon(d, eta, preparation.deep?.k1 ?? 1)),
    'its rates are not those of its spec',
  ];
  const constants = gaussianConstants(activationOf(spec.network), preparation.spectrumMoment);
  yield [
    Object.entries(constants).every(([name, value]) =>
      close((preparation.constants as unknown as Record<string, number>)[name], value as number),
    ),
    'its constants are not those of its activation',
  ];

  const size = nTest > 0 ? nTest : n;
  const points =
    typeof training.watched === 'number'
      ? Array.from({ length: Math.min(training.watched, size) }, (_, point) => point)
      : training.watched;
  yield [
    watched.set === (nTest > 0 ? 'test' : 'train') &&
      watched.targets.length === points.length &&
      sameNumbers(watched.indices, points),
    'its watched points are not those of its spec',
  ];

  const steps = recordSteps(spec);
  if (status.kind === 'diverged') {
    yield [status.step <= training.steps, 'it diverged after its end'];
    yield [training.linearized || status.model !== 'linearized network', 'what diverged was not trained'];
  }
  const planned = steps.filter((step) => ran(status, step));
  yield [
    sameNumbers(
      records.map(({ step }) => step),
      planned,
    ),
    'its records are not those of the steps that it ran',
  ];
  const beside = new Set(training.linear?.filter((key) => key !== 'theory'));
  const models = (training.linearized ? 3 : 2) + beside.size;
  const curves = ({ losses, discrepancies }: SetMeasures) =>
    Object.keys(losses).length === models && Object.keys(discrepancies).length === models - 1;
  yield [
    records.every(
      ({ train, test, outputs }) =>
        (test !== null) === nTest > 0 &&
        curves(train) &&
        (test === null || curves(test)) &&
        Object.keys(outputs).length === models &&
        Object.values(outputs).every((values) => values!.length === points.length),
    ),
    'its records do not have what its spec asks for',
  ];
  yield [
    records.every(({ train }) => Number.isFinite(train.losses.network) && train.losses.network >= 0),
    'its losses are none',
  ];
  yield [
    sameNumbers(
      claims.map(({ claim }) => claim),
      requestedClaims(spec).map(({ number }) => number),
    ),
    'its claims are not those of its spec',
  ];
}

/** Whether a step was recorded where it was to be: one that was stopped at is, one at which a loss left every bound is not. */
const ran = (status: RunStatus, step: number): boolean =>
  status.kind === 'completed' || (status.kind === 'stopped' ? step <= status.step : step < status.step);

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, k) => value === b[k]);

const close = (a: number | undefined, b: number): boolean =>
  a !== undefined && (Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
