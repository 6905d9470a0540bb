import type * as z from 'zod/mini';
import { splitMember } from '../data/member.ts';
import { type Activation, activationNames } from '../math/activation-names.ts';
import type { Scope } from '../theory/claim.ts';
import { deepScopeOf, depthOf, isTwoLayer } from './network-spec.ts';
import type { schema, target } from './spec-fields.ts';

/** A spec as a user writes it: JSON in which every field with a default may be left out. */
export type SpecInput = z.input<typeof schema>;
/** A validated spec with every default filled in. */
export type Spec = z.output<typeof schema> & { target: TargetSpec };
export type DataSpec = Spec['data'];
/** Data that is read, not drawn. */
export type FilesSpec = Extract<DataSpec, { distribution: 'npy' | 'files' }>;
export type SyntheticSpec = Exclude<DataSpec, FilesSpec>;
export type TargetSpec = z.output<typeof target>;
export type { NetworkSpec } from './network-spec.ts';

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

/** The rates of a spec, layer by layer, the readout's last; one at rest has rate 0. */
export function ratesOf({ network, training: { layers, eta, eta1, eta2, rates } }: Spec): number[] {
  if (rates) return rates.map((multiple) => multiple * eta!);
  if (!isTwoLayer(network)) return Array<number>(depthOf(network) + 1).fill(eta!);
  return [layers === 'second' ? 0 : (eta1 ?? eta)!, layers === 'first' ? 0 : (eta2 ?? eta)!];
}
