import type { ByModel, ModeRecord, Preparation, RunResult, SetMeasures, StepRecord } from './result.ts';

/** A result as result.json has it: parameters, rates and models of a two-layer network each under a name of their own. */
export type ResultDocument = ReturnType<typeof twoLayerDocument>;

/** That of a deep network: they are by name and in lists, as results have them. */
export type DeepDocument = ReturnType<typeof deepDocument>;

/** The versions of result.json that are written, and read: of two layers, and of deep networks. */
export const documentVersions = { twoLayers: 2, deep: 3 } as const;

/** What is written of a result. */
export const documentOf = (result: RunResult): ResultDocument | DeepDocument =>
  result.preparation.deep ? deepDocument(result) : twoLayerDocument(result);

const twoLayerDocument = (result: RunResult) => ({
  format: 'first-light/result' as const,
  version: documentVersions.twoLayers,
  ...result,
  preparation: preparationDocument(result.preparation),
  records: result.records.map(recordDocument),
});

const deepDocument = (result: RunResult) => ({
  format: 'first-light/result' as const,
  version: documentVersions.deep,
  ...result,
});

const isDeep = (document: ResultDocument | DeepDocument): document is DeepDocument =>
  document.version === documentVersions.deep;

/** The result that was written. */
export function resultOf(document: ResultDocument | DeepDocument): RunResult {
  const { provenance, spec, adapter, tiles, status, departure, accuracy, firstLayer, claims, timings } =
    document;
  const same = {
    ...{ provenance, spec, adapter, tiles, status, departure, accuracy },
    ...(firstLayer && { firstLayer }),
    ...{ claims, timings },
  };
  if (isDeep(document)) return { ...same, preparation: document.preparation, records: document.records };
  return {
    ...same,
    preparation: preparationOf(document.preparation),
    records: document.records.map(recordOf),
  };
}

const preparationDocument = ({ n, nTest, d, spectrumMoment, constants, rates, ...same }: Preparation) => ({
  ...{ n, nTest, d, spectrumMoment, constants },
  eta1: rates[0].rate,
  eta2: rates[1].rate,
  ...same,
});

const preparationOf = ({ eta1, eta2, ...same }: ReturnType<typeof preparationDocument>): Preparation => ({
  ...same,
  rates: [
    { parameter: 'W', rate: eta1 },
    { parameter: 'v', rate: eta2 },
  ],
});

const recordDocument = ({ step, train, test, movement, outputs, modes, ...same }: StepRecord) => ({
  step,
  train: measuresDocument(train),
  test: test && measuresDocument(test),
  movementW: movement['W'],
  movementV: movement['v'],
  movementBeta: movement['beta'],
  outputs: orNull(outputs),
  ...(modes && { modes: modesDocument(modes) }),
  ...same,
});

function recordOf(record: ReturnType<typeof recordDocument>): StepRecord {
  const { step, train, test, movementW, movementV, movementBeta, outputs, modes, ...same } = record;
  return {
    step,
    train: measuresOf(train),
    test: test && measuresOf(test),
    movement: { W: movementW, v: movementV, beta: movementBeta },
    outputs: unlessNull(outputs),
    ...(modes && { modes: modesOf(modes) }),
    ...same,
  };
}

const measuresDocument = (measures: SetMeasures) => ({
  networkLoss: measures.losses.network,
  linearLoss: measures.losses.linear,
  discrepancy: measures.discrepancies.linear,
  clippedDiscrepancy: measures.clippedDiscrepancy,
  linearizedLoss: measures.losses['linearized'] ?? null,
  linearizedDiscrepancy: measures.discrepancies['linearized'] ?? null,
  linearSquare: measures.linearSquare,
  kernelDiscrepancy: measures.fromLinear && (measures.fromLinear['linearized'] ?? null),
});

/** Early files of this version do not have the last two. */
const measuresOf = (measures: ReturnType<typeof measuresDocument>): SetMeasures => ({
  losses: unlessNull({
    network: measures.networkLoss,
    linear: measures.linearLoss,
    linearized: measures.linearizedLoss,
  }),
  discrepancies: {
    linear: measures.discrepancy,
    ...ifAny('linearized', measures.linearizedDiscrepancy),
  },
  clippedDiscrepancy: measures.clippedDiscrepancy,
  linearSquare: measures.linearSquare,
  fromLinear:
    measures.kernelDiscrepancy === undefined ? undefined : ifAny('linearized', measures.kernelDiscrepancy),
});

const modesDocument = ({ indices, theory, errors }: ModeRecord) => ({ indices, theory, ...orNull(errors) });

const modesOf = ({ indices, theory, ...errors }: ReturnType<typeof modesDocument>): ModeRecord => ({
  indices,
  theory,
  errors: unlessNull(errors),
});

/** What files have of each model: null of one that did not train. */
interface OrNull<T> {
  network: T;
  linear: T;
  linearized: T | null;
}

const orNull = <T>({ network, linear, linearized = null! }: ByModel<T>): OrNull<T> => ({
  network,
  linear,
  linearized,
});

const unlessNull = <T>({ network, linear, linearized }: OrNull<T>): ByModel<T> => ({
  network,
  linear,
  ...ifAny('linearized', linearized),
});

const ifAny = <T>(key: string, value: T | null): Record<string, T> =>
  value === null ? {} : { [key]: value };
