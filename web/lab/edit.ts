import { greatestOf } from '../../src/math/statistics.ts';
import type { Spec, SyntheticSpec } from '../../src/experiment/spec.ts';
import { isRead, scopeOf } from '../../src/experiment/spec-facts.ts';
import { depthOf, isTwoLayer, widthsOf } from '../../src/experiment/network-facts.ts';
import { mostLayers } from '../../src/math/deep/architecture.ts';
import { reasonAgainst } from '../../src/theory/scope.ts';

/** A spec in the making: what the controls change, valid or not. */
export type Draft = Spec;

export type DistributionName = SyntheticSpec['distribution'];
export type TargetKind = Exclude<Spec['target']['kind'], 'labels'>;

/** What each distribution needs beside its sizes. */
const distributions: { [Name in DistributionName]: object } = {
  gaussian: { spectrum: { kind: 'isotropic' } },
  hypercube: {},
  uniform: {},
  sphere: {},
  spiked: { spike: 0.5 },
  'student-t': {},
  uncentred: { shift: 0.5 },
};

const targets: { [Kind in TargetKind]: Extract<Spec['target'], { kind: Kind }> } = {
  'sign-quadratic': { kind: 'sign-quadratic', lambda: 0.5 },
  'sign-linear': { kind: 'sign-linear' },
  hermite: { kind: 'hermite', coefficients: [1, 1, 1] },
  teacher: { kind: 'teacher', width: 16, activation: 'tanh' },
};

export function chooseDistribution(draft: Draft, distribution: DistributionName): void {
  const { data } = draft;
  const sizes = isRead(data) ? { d: 30, n: 600, nTest: 500 } : { d: data.d, n: data.n, nTest: data.nTest };
  draft.data = { distribution, ...sizes, ...distributions[distribution] } as Spec['data'];
  if (draft.target.kind === 'labels') chooseTarget(draft, 'sign-quadratic');
}

export function chooseTarget(draft: Draft, kind: TargetKind): void {
  draft.target = structuredClone(targets[kind]);
  keepSensibleClaims(draft);
}

export function chooseActivation(draft: Draft, activation: string): void {
  const { slope, ...rest } = draft.network;
  draft.network = { ...rest, activation, ...(activation === 'leaky-relu' ? { slope: slope ?? 0.1 } : {}) };
  keepSensibleClaims(draft);
}

/**
 * So many hidden layers, each as wide as the widest: one of a fully-connected network is the network of two layers, which has
 * rates of its own by name. Of a convolutional network the last layer is repeated, or layers are left out. A number that no
 * network has stays in the draft, for parseSpec to say so.
 */
export function chooseDepth(draft: Draft, depth: number): void {
  const { network } = draft;
  if (!(depth >= 1)) return;
  const layered = Number.isInteger(depth) && depth <= mostLayers;
  if (layered && depthOf(network) === depth) return;
  if (draft.kernel !== 'none') draft.kernel = 'both';
  if (network.kind === 'convolutional') {
    if (!layered) return;
    const channels = widthsOf(network);
    const layers = Array.from({ length: depth }, (_, l) => channels[Math.min(l, channels.length - 1)]);
    draft.network = { ...network, channels: layers };
    delete draft.network.depth;
    delete draft.network.gains;
    delete draft.network.pool;
  } else {
    const { activation, slope } = network;
    const shared = {
      activation,
      ...(slope !== undefined && { slope }),
      width: greatestOf(widthsOf(network)),
    };
    if (isTwoLayer(network)) chooseLayers(draft, 'both');
    draft.network = depth === 1 ? shared : { kind: 'deep', depth, ...shared };
  }
  delete draft.training.rates;
  if (isTwoLayer(draft.network)) delete draft.training.linear;
  keepSensibleClaims(draft);
}

/** The rate stays what it was, for every layer that trains. */
export function chooseLayers(draft: Draft, layers: Spec['training']['layers']): void {
  const { eta, eta1, eta2, ...rest } = draft.training;
  const rate = (layers === 'second' ? eta2 : eta1) ?? eta ?? eta1 ?? eta2;
  draft.training = { ...rest, layers, eta: rate };
  keepSensibleClaims(draft);
}

/** One rate for both layers, or one for each. */
export function chooseOwnRates(draft: Draft, own: boolean): void {
  const { eta, eta1, eta2, ...rest } = draft.training;
  draft.training = own
    ? { ...rest, eta1: eta1 ?? eta, eta2: eta2 ?? eta }
    : { ...rest, eta: eta ?? eta1 ?? eta2 };
}

export const hasOwnRates = ({ training }: Draft): boolean =>
  training.eta1 !== undefined || training.eta2 !== undefined;

export function chooseSteps(draft: Draft, steps: number): void {
  const { records } = draft.training;
  draft.training.steps = steps;
  // Steps named one by one may lie beyond the new end.
  if (typeof records === 'object' && 'steps' in records) draft.training.records = 'log';
}

/** A list of claims keeps those that still make sense. */
function keepSensibleClaims(draft: Draft): void {
  if (typeof draft.claims === 'string') return;
  const scope = scopeOf(draft);
  const sensible = draft.claims.filter((wanted) => reasonAgainst(wanted, scope) === null);
  draft.claims = sensible.length > 0 ? sensible : 'none';
}
