import { type ColourScale, colourScale } from '../../figures/diverging.ts';
import { type Axis, linearTicks } from '../../figures/ticks.ts';
import type { Snapshot, Stage } from '../recording.ts';
import { targetScale } from './target-scale.ts';

/** Outputs of both models on points of one set, with their targets. */
export interface Outputs {
  set: 'training' | 'test';
  network: Float32Array;
  linear: Float32Array;
  targets: Float32Array;
}

/** The network's outputs against the linear model's, a dot a point in the colour of its target. */
export interface Scatter {
  /** What is drawn larger and on top first: the test points, where there are any. */
  outputs: readonly Outputs[];
  /** Of both directions. */
  axis: Axis;
  scale: ColourScale;
}

/** @param tested whether there is a test set */
export function scatterOf(snapshot: Snapshot | undefined, stage: Stage | null, tested: boolean): Scatter {
  const outputs = snapshot && stage ? outputsOf(snapshot, stage, tested) : [];
  // At least the size of most targets, so that the axes stand still while the outputs grow into them.
  const scale = targetScale(stage?.targets ?? new Float32Array());
  const shown = outputs.flatMap(({ network, linear }) => [network, linear]);
  const reach = 1.08 * Math.max(scale.greatest, colourScale('linear', ...shown).greatest);
  const domain: [number, number] = [-reach, reach];
  return { outputs, axis: { label: '', type: 'linear', domain, ticks: linearTicks(...domain) }, scale };
}

function outputsOf(
  { network, linear, train }: Snapshot,
  { targets, trainTargets }: Stage,
  tested: boolean,
): Outputs[] {
  const main: Outputs = { set: tested ? 'test' : 'training', network, linear, targets };
  return train && trainTargets ? [main, { set: 'training', ...train, targets: trainTargets }] : [main];
}

export const labels = {
  x: 'linear model’s output\u2002*f*_{lin,*t*}(*x*)',
  y: 'network’s output\u2002*f*_{*t*}(*x*)',
} as const;
