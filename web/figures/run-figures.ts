import type { ModeRecord, RunResult } from '../../src/experiment/result.ts';
import { isTwoLayer } from '../../src/experiment/network-facts.ts';
import { alignmentChart } from './charts/alignment.ts';
import { discrepancyChart } from './charts/discrepancy.ts';
import { lossChart } from './charts/loss.ts';
import { modesChart } from './charts/modes.ts';
import { movementChart } from './charts/movement.ts';
import { outputsChart } from './charts/outputs.ts';
import { type TimeChart, horizonWords, overTime } from './charts/over-time.ts';
import type { Run } from './charts/run.ts';
import { type ClaimText, measurementFigures } from './claim-figures.ts';
import { drawChart } from './draw-chart.ts';
import { firstLayerFigure } from './first-layer-figure.ts';
import { type Figure, type FigureSize, defaultSize, finishFigure } from './frame.ts';
import { networkFigure } from './network-figure.ts';

/**
 * The figures of one run, in the order of the report; outputs only where points were watched, then those of the claims
 * it measured, under the names that `texts` has for them, and the first layer's weights where they are images.
 */
export function runFigures(
  result: RunResult,
  size: FigureSize = defaultSize,
  texts: readonly ClaimText[] = [],
): Figure[] {
  const { network } = result.spec;
  const { watched, modes, d } = result.preparation;
  return [
    ...[
      lossChart(result),
      ...(watched.indices.length > 0 ? [outputsChart(result)] : []),
      discrepancyChart(result),
      movementChart(result),
      ...(modes ? [modesChart(result, modes, (record) => record.modes && alongOf(record.modes))] : []),
      ...(result.records.some(({ alignment }) => alignment) ? [alignmentChart(result)] : []),
    ].map((chart) => timeFigure(result, chart, size)),
    ...measurementFigures(result.claims, texts, size),
    ...(result.firstLayer ? [firstLayerFigure(result.firstLayer)] : []),
    ...(isTwoLayer(network) ? [] : [networkFigure(network, d)]),
  ];
}

/** A chart over the steps of a run as a figure. */
export function timeFigure(run: Run, chart: TimeChart, size: FigureSize = defaultSize): Figure {
  const { slug, title, caption } = chart;
  const canvas = drawChart(overTime(run, chart), size);
  return finishFigure(canvas, slug, title, caption() + horizonWords(run));
}

const alongOf = ({ errors: { network, linear } }: ModeRecord) => ({
  network: network.along,
  linear: linear.along,
});
