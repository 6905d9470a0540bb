import * as z from 'zod/mini';
import { mostLayers } from '../math/deep/architecture.ts';
import { activation, slope } from './activation-spec.ts';
import { listOf } from './list-of.ts';

const count = z.int().check(z.minimum(1));
/** Units or channels of both towers together, as many of each. */
const paired = z.int().check(z.minimum(2), z.multipleOf(2));
const shared = {
  activation: z._default(activation, 'erf'),
  slope,
};
const gains = z.optional(
  listOf(z.number().check(z.gt(0), z.maximum(1e3))).check(
    z.minLength(2),
    z.describe(
      "s_1 … s_{L+1}, the readout's last; 1 unless given, of (leaky) ReLU with two hidden layers or more √2, and 1 for the readout",
    ),
  ),
);
const depth = z.optional(z.int().check(z.minimum(1), z.maximum(mostLayers), z.describe('hidden layers')));

const twoLayer = z.strictObject({
  kind: z.optional(z.literal('two-layer')),
  width: paired.check(z.describe('hidden units, m')),
  ...shared,
});

const deep = z.strictObject({
  kind: z.literal('deep'),
  widths: z.optional(
    listOf(paired).check(
      z.minLength(1),
      z.maxLength(mostLayers),
      z.describe('units of each hidden layer, both towers together'),
    ),
  ),
  depth,
  width: z.optional(paired.check(z.describe('units of all `depth` hidden layers'))),
  ...shared,
  gains,
});

const convolutional = z.strictObject({
  kind: z.literal('convolutional'),
  shape: listOf(count).check(
    z.minLength(2),
    z.maxLength(3),
    z.describe('positions first, channels last: [P, C] on a ring, [height, width, C] on a torus'),
  ),
  channels: z
    .union([paired, listOf(paired).check(z.minLength(1), z.maxLength(mostLayers))], {
      error: 'it must be an even number, or a list of even numbers, one for each hidden layer',
    })
    .check(z.describe('channels of each hidden layer, both towers together; or of all `depth` of them')),
  depth,
  filter: z._default(count, 3).check(z.describe('taps along each axis')),
  pool: z.optional(
    listOf(count).check(
      z.minLength(1),
      z.describe('side of the blocks of positions whose mean follows each hidden layer; 1 for none'),
    ),
  ),
  readout: z
    ._default(z.enum(['flat', 'mean']), 'flat')
    .check(z.describe("a weight for each position and channel, or for each channel's mean over positions")),
  ...shared,
  gains,
});

/** The network of a spec: two layers unless its kind is given (THEORY.md, section 1; THEORY-DEEP.md, sections a and b). */
export const network = z.discriminatedUnion('kind', [twoLayer, deep, convolutional]);

/** What to do about a field of a network that is one of networks of other kinds. */
export function fieldOfOtherKinds([part, key, ...rest]: readonly PropertyKey[]): string | undefined {
  if (part !== 'network' || rest.length > 0) return undefined;
  const kinds = Object.entries({ 'two-layer': twoLayer, deep, convolutional }).flatMap(([kind, { shape }]) =>
    Object.hasOwn(shape, key) ? [`"${kind}"`] : [],
  );
  return kinds.length > 0 ? `it is one of networks of network.kind ${kinds.join(' or ')}` : undefined;
}

export type NetworkSpec = z.output<typeof network>;
export type TwoLayerSpec = z.output<typeof twoLayer>;
export type DeepSpec = Exclude<NetworkSpec, TwoLayerSpec>;
