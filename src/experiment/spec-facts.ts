import { splitMember } from '../data/member.ts';
import { shown } from '../gpu/arguments.ts';
import { type Activation, activationNames } from '../math/activation-names.ts';
import type { Scope } from '../theory/claim.ts';
import { greatestOf } from '../math/statistics.ts';
import { deepScopeOf, depthOf, isTwoLayer } from './network-facts.ts';
import type { DataSpec, FilesSpec, Spec } from './spec-fields.ts';

// What a spec that was checked says, where its fields leave it to be worked out. Who runs one needs no schema.

/** What parseSpec leaves in every spec, whatever was left out. */
const always = {
  spec: ['name', 'seed', 'data', 'target', 'network', 'training', 'kernel', 'claims'],
  training: ['layers', 'steps', 'records', 'watched'],
} as const;

/** @throws TypeError where the value is no spec as parseSpec gives one, but one as it is written, or none. */
export function requireParsed(spec: Spec): void {
  const advice = 'parseSpec(…) gives one: it checks what is written and fills in what is left out.';
  if (Object(spec) !== spec) {
    throw new TypeError(`spec must be a spec that was parsed; it is ${shown(spec)}. ${advice}`);
  }
  const missing =
    always.spec.find((field) => !Object.hasOwn(spec, field)) ??
    always.training.find((field) => !Object.hasOwn(spec.training, field));
  if (missing === undefined) return;
  throw new TypeError(`spec must be a spec that was parsed; it has no ${missing}. ${advice}`);
}

/** The activation a part of a spec names, with its slope where it has one. */
export function activationOf({
  activation: text,
  slope: left,
}: {
  activation: string;
  slope?: number;
}): Activation {
  const name = activationNames.find((known) => known === text);
  if (!name) return { name: 'formula', formula: text };
  return name === 'leaky-relu' ? { name, slope: left! } : { name };
}

/** Whether the data is read from files, so that its sizes are known only then. */
export const isRead = <Data extends { distribution: string }>(
  data: Data,
): data is Extract<Data, { distribution: 'npy' | 'files' }> =>
  data.distribution === 'npy' || data.distribution === 'files';

/** The files of a spec, each with the field that names it; of a list, with its number there. */
export function filesOf(data: DataSpec): { field: string; file: string }[] {
  if (!isRead(data)) return [];
  return (['x', 'y', 'xTest', 'yTest'] as const).flatMap((field) => {
    const named = data[field];
    if (named === undefined) return [];
    if (typeof named === 'string') return [{ field, file: fileOf(data, named) }];
    return named.map((path, k) => ({ field: `${field}.${k}`, file: fileOf(data, path) }));
  });
}

const fileOf = (data: FilesSpec, path: string): string =>
  data.distribution === 'npy' ? path : splitMember(path).file;

/** What a spec says of which claims make sense for it. */
export function scopeOf({ data, target, network, training: { layers } }: Spec): Scope {
  return {
    activation: activationOf(network),
    layers: { first: layers !== 'second', second: layers !== 'first' },
    tested: isRead(data) ? data.xTest !== undefined : data.nTest > 0,
    targetDirections: target.kind !== 'teacher' && target.kind !== 'labels',
    deep: deepScopeOf(network),
  };
}

/** Which layers train, in words: "both layers", "all layers", "the readout alone", "layers 1, 3 of 3". */
export function trainedLayers(spec: Spec): string {
  if (isTwoLayer(spec.network)) {
    return { first: 'first layer', second: 'second layer', both: 'both layers' }[spec.training.layers];
  }
  const rates = ratesOf(spec);
  const trained = rates.flatMap((rate, l) => (rate > 0 ? [l + 1] : []));
  if (trained.length === rates.length) return 'all layers';
  if (trained.length > 1) return `layers ${trained.join(', ')} of ${rates.length}`;
  return trained[0] === rates.length ? 'the readout alone' : `layer ${trained[0]} of ${rates.length} alone`;
}

/** How many times training.eta the greatest rate is, which is η beside the theory. */
export const greatestMultiple = ({ training: { rates } }: Pick<Spec, 'training'>): number =>
  greatestOf(rates ?? [1]);

/** The rates of a spec, layer by layer, the readout's last; one at rest has rate 0. */
export function ratesOf({ network, training: { layers, eta, eta1, eta2, rates } }: Spec): number[] {
  if (rates) return rates.map((multiple) => multiple * eta!);
  if (!isTwoLayer(network)) return Array<number>(depthOf(network) + 1).fill(eta!);
  return [layers === 'second' ? 0 : (eta1 ?? eta)!, layers === 'first' ? 0 : (eta2 ?? eta)!];
}
