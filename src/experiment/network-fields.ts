import * as z from 'zod/mini';
import { activation, slope } from './activation-field.ts';
import { listOf } from './list-of.ts';
import {
  type NetworkSpec,
  depthOf,
  hiddenLayers,
  isTwoLayer,
  mostLayers,
  shapeProblem,
} from './network-spec.ts';

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

export const twoLayer = z.strictObject({
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

/** What the index tables of a layer hold at most: of 64 × 64 positions and as many taps. */
const mostWindows = 2 ** 24;

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

/** What no single field of a network says; `d`: the inputs of its points, where that is known. */
export function* networkProblems(spec: NetworkSpec, d: number | undefined): Generator<string> {
  if (isTwoLayer(spec)) return;
  const list =
    spec.kind === 'deep' ? spec.widths : typeof spec.channels === 'number' ? undefined : spec.channels;
  const [lists, scalar] = spec.kind === 'deep' ? ['widths', 'width'] : ['channels', 'channels'];
  if (spec.kind === 'deep') {
    if (spec.widths === undefined && spec.width === undefined) {
      yield 'network.widths is missing; give the units of each hidden layer, for example [256, 256], or network.depth and network.width.';
      return;
    }
    if (spec.widths !== undefined && spec.width !== undefined) {
      yield 'network.widths and network.width are both given; give the units of each layer, or one width and network.depth.';
    }
  }
  if (list !== undefined && spec.depth !== undefined && spec.depth !== list.length) {
    yield `network.depth is ${spec.depth}, but network.${lists} has ${list.length} entries; remove one of the two${spec.kind === 'deep' ? `, or give network.${scalar}` : ''}.`;
  }
  const layers = depthOf(spec);
  if (spec.gains !== undefined && spec.gains.length !== layers + 1) {
    yield `network.gains has ${spec.gains.length} entries; a network of ${hiddenLayers(layers)} has ${layers + 1}, the readout's last.`;
  }
  if (spec.kind !== 'convolutional') return;
  const { shape, filter, pool } = spec;
  const size = shape.reduce((all, side) => all * side, 1);
  if (d !== undefined && size !== d) yield shapeProblem(shape, d);
  if (pool !== undefined && pool.length !== layers) {
    yield `network.pool has ${pool.length} entries; it needs one for each hidden layer, of which there ${layers === 1 ? 'is one' : `are ${layers}`}, 1 where nothing is pooled.`;
    return;
  }
  let sides = shape.slice(0, -1);
  const windows = sides.reduce((all, side) => all * side * filter, 1);
  if (windows > mostWindows) {
    yield `network.shape is ${shape.join(' × ')} and network.filter ${filter}: ${windows.toLocaleString('en-US')} pairs of positions and taps, of which a layer has at most ${mostWindows.toLocaleString('en-US')}. Take a smaller filter, or average images first (data.average).`;
    return;
  }
  for (let l = 0; l < layers; l++) {
    const short = sides.find((side) => side < filter);
    if (short !== undefined) {
      yield `network.filter is ${filter}, but layer ${l + 1} has ${short} positions along an axis (${sides.join(' × ')}): its window would see positions twice. Take a filter of at most ${short}${l > 0 ? ', or pool less before it' : ''}.`;
      return;
    }
    const side = pool?.[l] ?? 1;
    const uneven = sides.find((positions) => positions % side !== 0);
    if (uneven !== undefined) {
      yield `network.pool has ${side} after layer ${l + 1}, which does not divide the ${uneven} positions along an axis (${sides.join(' × ')}); take a divisor of ${uneven}.`;
      return;
    }
    sides = sides.map((positions) => positions / side);
  }
}
