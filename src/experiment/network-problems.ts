import { depthOf, hiddenLayers, isTwoLayer } from './network-facts.ts';
import type { NetworkSpec } from './network-spec.ts';

/** What the index tables of a layer hold at most: of 64 × 64 positions and as many taps. */
const mostWindows = 2 ** 24;

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

/** A shape that is not one of points of d inputs. */
export const shapeProblem = (shape: readonly number[], d: number): string =>
  `network.shape is ${shape.join(' × ')}, ${shape.reduce((all, side) => all * side, 1)} numbers, but points have ${d} inputs; give positions first and channels last, so that their product is ${d}.`;
