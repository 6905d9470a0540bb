import type * as z from 'zod/mini';
import { type DeepArchitecture, fullyConnected, heGains, unitGains } from '../math/deep/architecture.ts';
import { greatestOf, leastOf } from '../math/statistics.ts';
import type { DeepScope } from '../theory/claim.ts';
import type { network, twoLayer } from './network-fields.ts';

/** Deeper networks than any that was trained by gradient descent. */
export const mostLayers = 100;
export type NetworkSpec = z.output<typeof network>;
export type TwoLayerSpec = z.output<typeof twoLayer>;
export type DeepSpec = Exclude<NetworkSpec, TwoLayerSpec>;

export const isTwoLayer = (spec: NetworkSpec): spec is TwoLayerSpec =>
  spec.kind === undefined || spec.kind === 'two-layer';

/** So many layers; of a draft that nobody has checked yet as many as there may be. */
const layersOf = (depth = 1): number => Math.max(0, Math.min(mostLayers, Math.floor(depth) || 0));

/** Units or channels of each hidden layer, both towers together. */
export function widthsOf(spec: NetworkSpec): number[] {
  switch (spec.kind) {
    case 'deep':
      return spec.widths ?? Array<number>(layersOf(spec.depth)).fill(spec.width!);
    case 'convolutional':
      return typeof spec.channels === 'number'
        ? Array<number>(layersOf(spec.depth)).fill(spec.channels)
        : spec.channels;
    default:
      return [spec.width];
  }
}

/** In words, for messages. */
export const hiddenLayers = (count: number): string => `${count} hidden layer${count === 1 ? '' : 's'}`;

/** L, hidden layers. */
export const depthOf = (spec: NetworkSpec): number => widthsOf(spec).length;

/** Units of the widest hidden layer. */
export const widthOf = (spec: NetworkSpec): number => greatestOf(widthsOf(spec));

/**
 * One tower of a deep network on d inputs. Gains are 1 unless given; of (leaky) ReLU with two hidden layers or more √2, which keeps
 * E φ² from layer to layer: with one it is the two-layer network, whose gain is 1.
 */
export function architectureOf(spec: DeepSpec, d: number): DeepArchitecture {
  const widths = widthsOf(spec);
  const halves = widths.map((width) => width / 2);
  const piecewise = spec.activation === 'relu' || spec.activation === 'leaky-relu';
  const gains = spec.gains ?? (piecewise && widths.length > 1 ? heGains : unitGains)(widths.length);
  if (spec.kind === 'deep') return fullyConnected(d, halves, gains);
  const { shape, filter, pool, readout } = spec;
  return {
    positions: shape.slice(0, -1),
    channels: shape[shape.length - 1],
    layers: halves.map((channels, l) => ({ channels, taps: filter, pool: pool?.[l] ?? 1 })),
    readout,
    gains,
  };
}

/** What claims ask of the shape of a network of any depth; null of two layers. */
export function deepScopeOf(spec: NetworkSpec): DeepScope | null {
  if (isTwoLayer(spec)) return null;
  const widths = widthsOf(spec);
  if (spec.kind === 'deep') return { depth: widths.length, narrowest: leastOf(widths), convolution: null };
  const { shape, filter, pool, readout } = spec;
  const axes = shape.length - 1;
  const taps = filter ** axes;
  let positions = shape.slice(0, -1).reduce((all, side) => all * side, 1);
  const units = widths.map((channels, l) => {
    const here = positions * channels;
    positions /= (pool?.[l] ?? 1) ** axes;
    return here;
  });
  const pooled = pool?.some((side) => side > 1) ?? false;
  const window = taps * shape[axes];
  return { depth: widths.length, narrowest: leastOf(units), convolution: { window, taps, pooled, readout } };
}

/** A shape that is not one of points of d inputs. */
export const shapeProblem = (shape: readonly number[], d: number): string =>
  `network.shape is ${shape.join(' × ')}, ${shape.reduce((all, side) => all * side, 1)} numbers, but points have ${d} inputs; give positions first and channels last, so that their product is ${d}.`;
