import { models } from '../../figures/charts/looks.ts';
import { type ColourScale, colourScale } from '../../figures/diverging.ts';
import type { ColourName } from '../../figures/palette.ts';
import type { KernelSnapshot, Snapshot, Stage } from '../recording.ts';
import { targetScale } from './target-scale.ts';

/** What is pictured of one model, or of how they differ. */
export interface MapKind {
  key: 'network' | 'linear' | 'difference';
  name: string;
  /** Markup of notation.ts. */
  symbol: string;
  colour: ColourName;
}

const kindsOf = (network: string, linear: string): readonly MapKind[] => [
  { key: 'network', name: models.network.name, symbol: network, colour: models.network.colour },
  { key: 'linear', name: models.linear.name, symbol: linear, colour: models.linear.colour },
  { key: 'difference', name: 'difference', symbol: `${network} − ${linear}`, colour: 'discrepancy' },
];

export const sliceKinds = kindsOf('*f*_{*t*}', '*f*_{lin,*t*}');
export const kernelKinds = kindsOf('*Θ*', '*K*');

/** Network, linear model and their difference over the same cells, all three in one scale of colours. */
export interface ModelMaps {
  /** Cells of a side. */
  side: number;
  scale: ColourScale;
  /** In the order of the kinds, row by row. */
  values: readonly Float32Array[];
}

/** Outputs on a plane; the colours are those of the targets, the same at every step. */
export const sliceMaps = (
  { slice: { network, linear } }: Snapshot,
  { slice, targets }: Stage,
): ModelMaps => ({
  side: slice.side,
  scale: targetScale(targets),
  values: beside(network, linear),
});

export const kernelMaps = ({ points, theta, linear }: KernelSnapshot): ModelMaps => ({
  side: points,
  scale: colourScale('root', theta, linear),
  values: beside(theta, linear),
});

const beside = (network: Float32Array, linear: Float32Array): Float32Array[] => [
  network,
  linear,
  network.map((value, k) => value - linear[k]),
];
