import { claims } from '../../../src/theory/claims.ts';
import { discrepancyChart } from '../../figures/charts/discrepancy.ts';
import { lossChart } from '../../figures/charts/loss.ts';
import { modesChart } from '../../figures/charts/modes.ts';
import { movementChart } from '../../figures/charts/movement.ts';
import { outputsChart } from '../../figures/charts/outputs.ts';
import type { TimeChart } from '../../figures/charts/over-time.ts';
import { shellCharts, shellWords } from '../../figures/charts/shells.ts';
import { measurementFigures } from '../../figures/claim-figures.ts';
import { drawChart } from '../../figures/draw-chart.ts';
import { fieldFigure } from '../../figures/field-figure.ts';
import { firstLayerFigure } from '../../figures/first-layer-figure.ts';
import { formatCount } from '../../figures/format.ts';
import { type Figure, defaultSize, finishFigure } from '../../figures/frame.ts';
import { timeFigure } from '../../figures/run-figures.ts';
import type {
  KernelSnapshot,
  Recording,
  ShellSnapshot,
  Snapshot,
  SpectrumSnapshot,
  Stage,
} from '../recording.ts';
import { cloudChart, kernelCloud } from './kernel-cloud.ts';
import { kernelFigures } from './kernel-figure.ts';
import { measuredAt } from './measured-kernels.ts';
import { sliceKinds, sliceMaps } from './model-maps.ts';
import { scatterFigure } from './scatter-figure.ts';
import { errorsAlong, snapshotAt } from './snapshots.ts';
import { spectrumChart } from './spectrum-chart.ts';

/** What is on the screen as figures that stand alone, on white; figures/export.ts makes files of them. */
export function figuresOf(recording: Recording, cursor: number): Figure[] {
  const { preparation, records, stage, result, claims: measured } = recording;
  const snapshot = snapshotAt(recording, cursor);
  const kernels = measuredAt('kernels', recording, cursor);
  const spectrum = measuredAt('spectrum', recording, cursor);
  const shells = measuredAt('shell', recording, cursor);
  const run = { preparation, records, status: result?.status ?? { kind: 'completed' } } as const;
  const runs = preparation !== null && records.length > 0;
  const overTime = (chart: TimeChart): Figure[] => (runs ? [timeFigure(run, chart)] : []);
  return [
    ...[lossChart(run), discrepancyChart(run)].flatMap(overTime),
    ...(preparation?.watched.indices.length ? overTime(outputsChart(run)) : []),
    ...(stage && snapshot
      ? [scatterFigure(snapshot, stage, preparation?.nTest !== 0), ...sliceFigures(snapshot, stage)]
      : []),
    ...(shells ? shellFigures(shells, preparation?.horizon ?? Infinity) : []),
    ...(kernels ? [cloudFigure(kernels), ...kernelFigures(kernels)] : []),
    ...(spectrum ? [spectrumFigure(spectrum, preparation?.d ?? 0)] : []),
    ...(stage?.modes ? overTime(modesChart(run, stage.modes, errorsAlong(recording))) : []),
    ...overTime(movementChart(run)),
    ...measurementFigures(measured, claims),
    ...(result?.firstLayer ? [firstLayerFigure(result.firstLayer)] : []),
  ];
}

function spectrumFigure(spectrum: SpectrumSnapshot, d: number): Figure {
  return finishFigure(
    drawChart(spectrumChart(spectrum, d), defaultSize),
    'spectrum',
    'Largest eigenvalues of the kernels',
    `The largest eigenvalues of *Θ*/*n* and *K*/*n* at *t* = ${formatCount(spectrum.step)}.`,
  );
}

function shellFigures({ step, shells }: ShellSnapshot, horizon: number): Figure[] {
  const { share, sizes } = shellCharts(shells);
  const words = shellWords(shells, step, horizon);
  return [
    finishFigure(
      drawChart(share, defaultSize),
      'shell-share',
      'Difference of the outputs off the shell',
      words,
    ),
    finishFigure(
      drawChart(sizes, defaultSize),
      'shell-sizes',
      'Outputs of both models off the shell',
      `Root mean squares of the outputs and of their difference at *t* = ${formatCount(step)} on random directions of every radius.`,
    ),
  ];
}

function cloudFigure(kernels: KernelSnapshot): Figure {
  return finishFigure(
    drawChart(cloudChart(kernelCloud(kernels)), defaultSize),
    'kernel-cloud',
    'Kernel entries against inner products',
    `Every pair of the first ${formatCount(kernels.points)} training points at *t* = ${formatCount(kernels.step)}: the entry of the network’s kernel and of the linear model’s against the inner product of the inputs.`,
  );
}

/** All three in the colours of the targets, as on the page. */
function sliceFigures(snapshot: Snapshot, stage: Stage): Figure[] {
  const { scale, values } = sliceMaps(snapshot, stage);
  return sliceKinds.map(({ key, name, symbol }, k) =>
    fieldFigure(
      { key, symbol, ...stage.slice, values: Array.from(values[k]) },
      {
        slug: `slice-${key}`,
        title:
          key === 'difference' ? 'Difference of the outputs on a plane' : `Outputs of the ${name} on a plane`,
        of: '',
        before: `At *t* = ${formatCount(snapshot.step)}: `,
        colours: scale,
      },
    ),
  );
}
