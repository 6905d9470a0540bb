import { classNumber, classOf, namedClasses } from '../data/image-classes.ts';
import { closest } from '../math/formula/read.ts';
import { reasonAgainst } from '../theory/scope.ts';
import { depthOf, hiddenLayers, isTwoLayer } from './network-facts.ts';
import { networkProblems } from './network-problems.ts';
import { fieldOfOtherKinds } from './network-spec.ts';
import { requirePlain } from './plain-input.ts';
import { recordingProblem } from './record-size.ts';
import { showValue } from './show-value.ts';
import { SpecError, explainIssues } from './spec-error.ts';
import { isRead, scopeOf } from './spec-facts.ts';
import { type DataSpec, type Spec, type TargetSpec, leastRate, mostRate, schema } from './spec-fields.ts';

export type { NetworkSpec } from './network-spec.ts';
export type { DataSpec, FilesSpec, Spec, SpecInput, SyntheticSpec, TargetSpec } from './spec-fields.ts';

/**
 * Validates what a user wrote and fills in the defaults.
 * @throws SpecError naming every wrong field, the value found there and what is allowed.
 */
export function parseSpec(input: unknown): Spec {
  requirePlain(input);
  const parsed = schema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw new SpecError(explainIssues(parsed.error.issues, input, fieldOfOtherKinds));
  const { name, seed, data, target = defaultTarget(data), ...rest } = parsed.data;
  // In the order of the fields, whatever was left out: of one experiment there is one text.
  const spec = { name, seed, data, target, ...rest };
  const problems = [...crossFieldProblems(spec)];
  if (problems.length > 0) throw new SpecError(problems);
  return spec;
}

const hasLabels = (data: DataSpec): boolean =>
  isRead(data) &&
  (data.y !== undefined ||
    (data.distribution === 'files' && (data.classes !== undefined || data.label !== undefined)));

const defaultTarget = (data: DataSpec): TargetSpec =>
  hasLabels(data) ? { kind: 'labels' } : { kind: 'sign-quadratic', lambda: 0.5 };

/** The rules that no single field can express. */
function* crossFieldProblems(spec: Spec): Generator<string> {
  const { data, target, network, training } = spec;
  if (data.distribution === 'gaussian' && data.spectrum.kind === 'values') {
    const { values } = data.spectrum;
    if (values.length !== data.d) {
      yield `data.spectrum.values has ${values.length} entries; it needs one per input, data.d = ${data.d}.`;
    }
  }
  if (isRead(data)) {
    if (target.kind === 'labels' && !hasLabels(data)) {
      yield `target.kind is "labels" but data.y is missing; give data.y a path, or choose another target.`;
    }
    if (
      target.kind === 'labels' &&
      data.y !== undefined &&
      data.xTest !== undefined &&
      data.yTest === undefined
    ) {
      yield `data.xTest is given without data.yTest; give both, or neither.`;
    }
    for (const field of ['y', 'classes', 'label'] as const) {
      if (target.kind !== 'labels' && field in data && data[field as 'y'] !== undefined) {
        yield `data.${field} is given, but target.kind is "${target.kind}", which makes targets of its own; remove one of the two.`;
      }
    }
    if (data.yTest !== undefined && data.xTest === undefined) {
      yield `data.yTest is given without data.xTest; give both, or neither.`;
    }
    if (data.distribution === 'files') yield* imageProblems(data);
  } else if (target.kind === 'labels') {
    yield `target.kind is "labels" but the data is synthetic ("${data.distribution}") and has none; allowed with data.distribution "npy" or "files" only.`;
  }
  if (target.kind === 'hermite' && target.coefficients.every((coefficient) => coefficient === 0)) {
    yield `target.coefficients are all 0, which makes the target 0; give at least one that is not.`;
  }
  if (target.kind === 'teacher') yield* slopeProblems('target', target);
  yield* slopeProblems('network', network);
  yield* networkProblems(network, 'd' in data ? data.d : undefined);
  yield* rateProblems(spec);
  const { records, steps, watched } = training;
  if (typeof records === 'object' && 'steps' in records) {
    const late = records.steps.find((step) => step > steps);
    if (late !== undefined) {
      yield `training.records.steps has ${late}, but the run ends at training.steps = ${steps}.`;
    }
  }
  if (!isRead(data) && typeof watched === 'object') {
    const size = data.nTest > 0 ? data.nTest : data.n;
    const outside = watched.find((point) => point >= size);
    if (outside !== undefined) {
      yield `training.watched has ${outside}, but there are ${size} points to watch, from 0 to ${size - 1}.`;
    }
  }
  const tooMuch = recordingProblem(spec);
  if (tooMuch !== null) yield tooMuch;
  if (!isRead(data) && typeof training.modes === 'object') {
    const beyond = training.modes.find((index) => index > data.d + 2);
    if (beyond !== undefined) {
      yield `training.modes has ${beyond}, but the linear model has data.d + 2 = ${data.d + 2} features, and its kernel no more modes.`;
    }
  }
  if (!isTwoLayer(network)) {
    if (spec.kernel === 'first' || spec.kernel === 'second') {
      yield `kernel is "${spec.kernel}"; of a network of kind "${network.kind}" it is "both", of all layers, or "none".`;
    }
  } else if (training.linear !== undefined) {
    yield `training.linear is given, but refinements of the linear model are for networks of kind "deep" or "convolutional"; remove it.`;
  }
  if (typeof spec.claims === 'string') return;
  for (const wanted of spec.claims) {
    const reason = reasonAgainst(wanted, scopeOf(spec));
    if (reason !== null) yield `claims has ${wanted}, which makes no sense for this experiment: ${reason}.`;
  }
}

function* slopeProblems(
  field: 'network' | 'target',
  { activation: name, slope: given }: { activation: string; slope?: number | undefined },
): Generator<string> {
  if (name === 'leaky-relu' && given === undefined) {
    yield `${field}.slope is missing; "leaky-relu" needs its slope on z < 0, for example 0.1.`;
  }
  if (name !== 'leaky-relu' && given !== undefined) {
    yield `${field}.slope is ${given}, but only "leaky-relu" has a slope; ${field}.activation is "${name}".`;
  }
}

function* rateProblems({ network, training }: Spec): Generator<string> {
  const { layers, eta, eta1, eta2, rates } = training;
  if (rates !== undefined) {
    const count = depthOf(network) + 1;
    if (rates.length !== count) {
      yield `training.rates has ${rates.length} entries; a network of ${hiddenLayers(count - 1)} has ${count}, the readout's last.`;
    }
    if (rates.every((multiple) => multiple === 0)) {
      yield `training.rates are all 0, so that nothing trains; give at least one that is not.`;
    }
    if (eta1 !== undefined || eta2 !== undefined || layers !== 'both') {
      yield `training.rates gives every layer its rate; remove ${layers === 'both' ? 'training.eta1 and training.eta2' : 'training.layers'}, or training.rates.`;
      return;
    }
    if (eta === undefined) {
      yield `training.eta is missing; give the rate that training.rates are multiples of.`;
      return;
    }
    const outside = rates.find(
      (multiple) => multiple > 0 && (multiple * eta < leastRate || multiple * eta > mostRate),
    );
    if (outside !== undefined) {
      yield `training.rates has ${outside}, which makes a rate of ${outside * eta} with training.eta = ${eta}; rates must be from ${leastRate} to ${mostRate.toExponential()}, or 0.`;
    }
  }
  if (!isTwoLayer(network)) {
    if (layers !== 'both' || eta1 !== undefined || eta2 !== undefined) {
      yield `training.${layers === 'both' ? 'eta1 and training.eta2 are' : 'layers is'} for two-layer networks; a network of kind "${network.kind}" has training.rates, a multiple of training.eta for each layer.`;
    }
    if (eta === undefined)
      yield `training.eta is missing; give the rate that training.rates are multiples of.`;
    return;
  }
  const trains = { eta1: layers !== 'second', eta2: layers !== 'first' };
  for (const field of ['eta1', 'eta2'] as const) {
    if (training[field] !== undefined && !trains[field]) {
      yield `training.${field} is ${training[field]}, but training.layers is "${layers}", which leaves that layer at rest.`;
    }
    if (trains[field] && training[field] === undefined && eta === undefined) {
      yield `training.${field} is missing; give training.eta (one rate for every trained layer) or training.${field}.`;
    }
  }
  if (eta !== undefined && (eta1 !== undefined || !trains.eta1) && (eta2 !== undefined || !trains.eta2)) {
    yield `training.eta is ${eta}, but the rates of its own for every trained layer leave it unused; remove it.`;
  }
}

/** What is wrong with two classes; those of a table may have any names. */
function* classProblems(classes: readonly (number | string)[], ofTable: boolean): Generator<string> {
  const shown = `data.classes is [${classes.map(showValue).join(', ')}]`;
  const twice = `${shown}, which is one class twice; name two.`;
  if (ofTable) {
    if (String(classes[0]).trim() === String(classes[1]).trim()) yield twice;
    return;
  }
  for (const [k, given] of classes.entries()) {
    if (typeof given === 'number' ? Number.isInteger(given) : classOf(given)) continue;
    const known = namedClasses.flatMap(({ names }) => names);
    const near = typeof given === 'string' ? closest(given, known) : undefined;
    yield `data.classes.${k} is ${showValue(given)}; it must be a number, or one of ${known.map((name) => `"${name}"`).join(', ')}${near ? ` (did you mean "${near}"?)` : ''}. Other words are classes where data.label names a column of a table.`;
    return;
  }
  if (classNumber(classes[0]) === classNumber(classes[1])) yield twice;
  const sets = classes.map((given) => typeof given === 'string' && classOf(given)!.classes.set);
  if (sets[0] && sets[1] && sets[0] !== sets[1]) {
    yield `${shown}, of which the first is of ${sets[0]} and the second of ${sets[1]}; name two of one set.`;
  }
}

/** What is wrong with fields of files that can be told without them. */
function* imageProblems(data: Extract<DataSpec, { distribution: 'files' }>): Generator<string> {
  const { classes, label, shape, average, prepare, components, xTest, yTest, y, nTest } = data;
  if (classes) yield* classProblems(classes, label !== undefined);
  if (label !== undefined && y !== undefined) {
    yield `data.label is ${showValue(label)}, a column of data.x, and data.y is a file; give one of the two.`;
  }
  const uneven = shape?.slice(0, 2).find((side) => side % average !== 0);
  if (uneven !== undefined) {
    yield `data.average is ${average}, which does not divide data.shape = [${shape!.join(', ')}]; take a divisor of height and width.`;
  }
  if (components !== undefined && prepare !== 'whitened') {
    yield `data.components is ${components}, but data.prepare is "${prepare}"; only "whitened" keeps some directions.`;
  }
  if (nTest !== undefined && xTest === undefined) {
    yield `data.nTest is ${nTest}, but data.xTest is missing; give data.xTest a path, or leave out data.nTest.`;
  }
  if (yTest !== undefined && y === undefined) {
    yield `data.yTest is given without data.y; give both, or neither.`;
  }
}
