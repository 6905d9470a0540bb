import { claims } from '../../../src/theory/claims.ts';
import { measurementFigures } from '../../figures/claim-figures.ts';
import { fieldFigure } from '../../figures/field-figure.ts';
import { firstLayerFigure } from '../../figures/first-layer-figure.ts';
import type { StepRecord } from '../../../src/experiment/result.ts';
import { formatCount } from '../../figures/format.ts';
import type { Figure } from '../../figures/frame.ts';
import { modesFigure } from '../../figures/mode-figure.ts';
import { discrepancyFigure, lossFigure, movementFigure, outputsFigure } from '../../figures/run-figures.ts';
import type { Recording, Snapshot, Stage } from '../recording.ts';
import { cloudFigure, kernelFigures } from './kernel-figure.ts';
import { measuredAt } from './measured-kernels.ts';
import { snapshotAt, snapshotUpTo } from './recorded.ts';
import { scatterFigure } from './scatter-figure.ts';
import { spectrumFigure } from './spectrum-figure.ts';

/** What is on the screen as figures that stand alone, on white; figures/export.ts makes files of them. */
export function figuresOf(recording: Recording, cursor: number): Figure[] {
  const { preparation, records, stage, result, claims: measured } = recording;
  const snapshot = snapshotAt(recording, cursor);
  const kernels = measuredAt('kernels', recording, cursor);
  const spectrum = measuredAt('spectrum', recording, cursor);
  const status = result?.status ?? { kind: 'completed' };
  const curves = preparation && records.length > 0 ? { preparation, records, status } : null;
  return [
    ...(curves ? [lossFigure(curves), discrepancyFigure(curves)] : []),
    ...(curves && curves.preparation.watched.indices.length > 0 ? [outputsFigure(curves)] : []),
    ...(stage && snapshot ? [scatterFigure(snapshot, stage), ...sliceFigures(snapshot, stage)] : []),
    ...(kernels ? [cloudFigure(kernels), ...kernelFigures(kernels)] : []),
    ...(spectrum ? [spectrumFigure(spectrum)] : []),
    ...(curves && stage?.modes ? [modesFigure(curves, stage.modes, errorsAt(recording.snapshots))] : []),
    ...(curves ? [movementFigure(curves)] : []),
    ...measurementFigures(measured, claims),
    ...(result?.firstLayer ? [firstLayerFigure(result.firstLayer)] : []),
  ];
}

/** Of the last snapshot taken up to a record. */
const errorsAt =
  (snapshots: readonly Snapshot[]) =>
  ({ step }: StepRecord): Snapshot['modes'] =>
    snapshotUpTo(snapshots, step)?.modes;

function sliceFigures({ step, slice: { network, linear } }: Snapshot, { slice }: Stage): Figure[] {
  const difference = network.map((value, k) => value - linear[k]);
  return [
    { key: 'network', symbol: '*f*_{*t*}', values: network, title: 'Outputs of the network on a plane' },
    {
      key: 'linear',
      symbol: '*f*_{lin,*t*}',
      values: linear,
      title: 'Outputs of the linear model on a plane',
    },
    {
      key: 'difference',
      symbol: '*f*_{*t*} − *f*_{lin,*t*}',
      values: difference,
      title: 'Difference of the outputs on a plane',
    },
  ].map(({ key, symbol, values, title }) =>
    fieldFigure(
      { key, symbol, ...slice, values: Array.from(values) },
      { slug: `slice-${key}`, title, of: '', before: `At *t* = ${formatCount(step)}: ` },
    ),
  );
}
