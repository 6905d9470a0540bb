import type { ModeRecord, RunResult, StepRecord } from '../../src/experiment/result.ts';
import { isTwoLayer } from '../../src/experiment/network-facts.ts';
import { ballRadius } from '../../src/theory/horizon.ts';
import { type ClaimText, measurementFigures } from './claim-figures.ts';
import { firstLayerFigure } from './first-layer-figure.ts';
import { formatNumber } from './format.ts';
import {
  type Canvas,
  type Figure,
  type FigureSize,
  type LegendItem,
  axisLabelRise,
  dashes,
  defaultSize,
  finishFigure,
} from './frame.ts';
import { networkFigure } from './network-figure.ts';
import { drawText, svgElement } from './svg.ts';
import { discrepancies, distanceOf, drawnPoints, finite, horizonMarkup } from './measures.ts';
import { alignmentFigure, modesFigure } from './mode-figure.ts';
import { hueOf, hues, palette } from './palette.ts';
import { type Curves, type Series, drawTimePlot } from './time-plot.ts';

/**
 * The linear model is a broad line beneath, the network a fine one on top: where they agree, both are seen.
 */
const styles = {
  linear: { stroke: palette.linear.light, strokeWidth: 4.5, strokeOpacity: 0.6 },
  linearized: { stroke: palette.linearized.light, strokeWidth: 2 },
  network: { stroke: palette.network.light, strokeWidth: 1.8 },
} as const;

const inkKey = (label: string, dash?: string): LegendItem => ({
  label,
  stroke: palette.ink.light,
  strokeWidth: 1.6,
  dash,
});

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
  return [
    lossFigure(result, size),
    ...(result.preparation.watched.indices.length > 0 ? [outputsFigure(result, size)] : []),
    discrepancyFigure(result, size),
    movementFigure(result, size),
    ...(result.preparation.modes
      ? [modesFigure(result, result.preparation.modes, ({ modes }) => modes && alongOf(modes), size)]
      : []),
    ...(result.records.some(({ alignment }) => alignment) ? [alignmentFigure(result, size)] : []),
    ...measurementFigures(result.claims, texts, size),
    ...(result.firstLayer ? [firstLayerFigure(result.firstLayer)] : []),
    ...(isTwoLayer(network) ? [] : [networkFigure(network, result.preparation.d)]),
  ];
}

const alongOf = ({ errors: { network, linear } }: ModeRecord) => ({
  network: network.along,
  linear: linear.along,
});

/** Training and test loss of network, linear model and, where it was trained, linearized network against t. */
export function lossFigure(result: Curves, size: FigureSize = defaultSize): Figure {
  const models = modelsOf(result);
  const sets = setsOf(result);
  const series = models.flatMap((model): Series[] =>
    sets.map((set) => ({
      ...styles[model],
      dash: dashes[set],
      measure: (record) => finite(record[set]?.losses[model]),
    })),
  );
  const { linearOptimum } = result.preparation;
  const rules =
    linearOptimum === null
      ? []
      : [
          {
            at: linearOptimum,
            label: `linear optimum ${formatNumber(linearOptimum)}`,
            stroke: palette.linear.light,
          },
        ];
  const canvas = drawTimePlot({
    result,
    size,
    series,
    rules,
    legend: [...modelKeys(models), ...setKeys(sets)],
    y: { label: 'loss\u2002‖*u* − *y*‖²/(2*n*)', scale: 'auto' },
  });
  return finishFigure(
    canvas,
    'loss',
    'Loss of the network and of the linear model',
    `Loss of the network${models.length > 2 ? ', of its linearization' : ''} and of the linear model against the step *t*${
      sets.length > 1 ? ', on training (solid) and test points (dashed)' : ' on the training points'
    }.${
      linearOptimum === null
        ? ''
        : linearOptimum === 0
          ? ' The least training loss that any linear model on these features can reach is 0.'
          : ' The thin horizontal line is the least training loss that any linear model on these features can reach.'
    }${horizonNote(result)}`,
  );
}

/** Outputs on the watched points: network solid, linear model dashed, one hue a point, targets at the right edge. */
export function outputsFigure(result: Curves, size: FigureSize = defaultSize): Figure {
  const { watched } = result.preparation;
  const points = drawnPoints(watched.indices.length);
  const series = points.flatMap((point): Series[] => [
    {
      stroke: hueOf(point),
      strokeWidth: 1.6,
      dash: '4.5 3',
      measure: (record) => finite(record.outputs.linear[point]),
    },
    { stroke: hueOf(point), strokeWidth: 2, measure: (record) => finite(record.outputs.network[point]) },
  ]);
  const lettered = points.length <= hues.length;
  const canvas = drawTimePlot({
    result,
    size,
    series,
    legend: [{ ...inkKey('network'), strokeWidth: 2 }, inkKey('linear model', '4.5 3')],
    y: {
      label: 'output on watched points',
      scale: 'linear',
      include: points.map((point) => watched.targets[point]).filter(Number.isFinite),
    },
    marginRight: lettered ? 86 : 30,
  });
  drawTargets(canvas, points, watched.targets, lettered);
  if (lettered) {
    drawText(canvas.svg, 'targets', {
      x: canvas.right + 9,
      y: canvas.top - axisLabelRise,
      size: 11.5,
      fill: palette.muted.light,
    });
  }
  return finishFigure(
    canvas,
    'outputs',
    'Outputs on watched points over time',
    `Outputs of the network (solid) and of the linear model (dashed) on ${
      points.length === 1 ? `one ${watched.set} point` : `${points.length} ${watched.set} points`
    }${points.length < watched.indices.length ? ` of the ${watched.indices.length} that were watched, spread evenly among them` : ''}, one hue a point; ${points.length === 1 ? 'its target' : 'their targets'}${
      lettered ? ` *y*_{${points.length === 1 ? '1' : '*i*'}}` : ''
    } stand${points.length === 1 ? 's' : ''} at the right edge.${horizonNote(result)}`,
  );
}

/** Target values at the right edge, those too close to tell apart side by side. */
function drawTargets(
  canvas: Canvas,
  points: readonly number[],
  targets: readonly number[],
  lettered: boolean,
): void {
  const apart = lettered ? 13 : 5;
  const step = lettered ? 15 : 4;
  const columns = lettered ? 5 : 4;
  const placed = points
    .map((point) => ({ y: canvas.y(targets[point]), point }))
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y || a.point - b.point);
  let row = -Infinity;
  let place = 0;
  for (const { y, point } of placed) {
    if (y - row >= apart) [row, place] = [y, 0];
    const fill = hueOf(point);
    const x = canvas.right + 9 + step * (place % columns);
    const rule = {
      x1: canvas.right,
      x2: canvas.right + 6,
      y1: y,
      y2: y,
      stroke: lettered ? fill : palette.ink.light,
    };
    canvas.svg.append(svgElement('line', rule));
    if (lettered) {
      const below = 13 * Math.floor(place / columns);
      drawText(canvas.svg, `*y*_{${point + 1}}`, { x, y: y + 4 + below, fill, bold: true });
    } else {
      canvas.svg.append(svgElement('circle', { cx: x + 2, cy: y, r: 2.4, fill }));
    }
    place += 1;
  }
}

/** Mean squared discrepancy of network and linear model over time, on train, test and test clipped at 1. */
export function discrepancyFigure(result: Curves, size: FigureSize = defaultSize): Figure {
  const stroke = palette.discrepancy.light;
  const sets = setsOf(result);
  // Where no square passes 1 the clipped curve is the other one again.
  const clips = result.records.some(
    ({ test }) => test && test.clippedDiscrepancy !== test.discrepancies.linear,
  );
  const series: Series[] = [
    { stroke, strokeWidth: 2, measure: discrepancies.train },
    ...(sets.includes('test')
      ? [{ stroke, strokeWidth: 2, dash: dashes.test, measure: discrepancies.test }]
      : []),
    ...(clips
      ? [{ stroke, strokeWidth: 2, dash: dashes.clippedTest, measure: discrepancies.clippedTest }]
      : []),
  ];
  const legend: LegendItem[] = [
    { label: 'train', stroke, strokeWidth: 2 },
    ...(sets.includes('test') ? [{ label: 'test', stroke, strokeWidth: 2, dash: dashes.test }] : []),
    ...(clips
      ? [{ label: 'test, each point clipped at 1', stroke, strokeWidth: 2, dash: dashes.clippedTest }]
      : []),
  ];
  const linearized = modelsOf(result).includes('linearized');
  if (linearized) {
    const { stroke: green } = styles.linearized;
    series.push({
      ...styles.linearized,
      measure: (record) => finite(record.train.discrepancies['linearized']),
    });
    legend.push({ label: 'to the linearized network, train', stroke: green, strokeWidth: 2 });
  }
  const refinements = refinementsOf(result);
  for (const [k, key] of refinements.entries()) {
    const style = { stroke: styles.linear.stroke, strokeWidth: 1.8, dash: refinementDashes[k] };
    series.push({ ...style, measure: (record) => finite(record.train.discrepancies[key]) });
    legend.push({ label: `to the ${key} linear model, train`, ...style });
  }
  const canvas = drawTimePlot({
    result,
    size,
    series,
    legend,
    y: { label: 'mean squared discrepancy\u2002⟨(*f*_{*t*} − *f*_{lin,*t*})²⟩', scale: 'log' },
  });
  const startsEqual = result.records.some(
    ({ step, train }) => step === 0 && train.discrepancies.linear === 0,
  );
  return finishFigure(
    canvas,
    'discrepancy',
    'Discrepancy of the network and the linear model over time',
    `Mean squared difference of the network’s and the linear model’s outputs, on training points (solid)${
      sets.length > 1
        ? clips
          ? ', test points (dashed) and test points with each square clipped at 1 (dotted)'
          : ' and test points (dashed; no square passed 1, so clipping changes nothing)'
        : ''
    }${linearized ? '; in green, the same difference to the linearized network' : ''}${
      refinements.length > 0 ? `; in orange, to the linear model ${refinements.join(' and ')}` : ''
    }.${startsEqual ? ' At *t* = 0 it is exactly 0 (open triangle).' : ''}${horizonNote(result)}`,
  );
}

/** How far the parameters moved from their initial values, beside R = √(d log d). */
export function movementFigure(result: Curves, size: FigureSize = defaultSize): Figure {
  const { d, rates } = result.preparation;
  const readout = rates.at(-1)?.parameter;
  const curves: (Series & { label: string })[] = [
    ...rates
      .filter(({ rate }) => rate > 0)
      .map(({ parameter }) => ({
        stroke: palette.network.light,
        strokeWidth: 1.8,
        ...(parameter === readout && { marker: 'hollow' as const }),
        label: distanceOf(parameter, '(*t*)'),
        measure: ({ movement }: StepRecord) => finite(movement[parameter]),
      })),
    {
      stroke: palette.linear.light,
      strokeWidth: 1.8,
      label: 'linear model: ‖*β*(*t*)‖',
      measure: ({ movement }) => finite(movement['beta']),
    },
  ];
  const radius = ballRadius(d);
  const canvas = drawTimePlot({
    result,
    size,
    series: curves,
    legend: curves,
    rules:
      radius > 0
        ? [
            {
              at: radius,
              label: `*R* = √(*d* log *d*) = ${formatNumber(radius)}`,
              stroke: palette.muted.light,
            },
          ]
        : [],
    y: { label: 'distance from initialization', scale: 'log' },
  });
  return finishFigure(
    canvas,
    'movement',
    'Distance of the parameters from their initial values',
    `Distance of the network’s parameters from their initial values, and of the linear model’s from 0; *R* = √(*d* log *d*) is the radius within which the theory keeps the kernel fixed (without its constant).${horizonNote(result)}`,
  );
}

function horizonNote({ preparation, records }: Curves): string {
  const last = records.at(-1)?.step ?? 0;
  const { horizon } = preparation;
  if (!(horizon > 0)) return '';
  return horizon <= 3 * Math.max(last, 1)
    ? ` *T*/*c* = ${horizonMarkup(preparation)} is the theorem’s horizon without its constant *c*.`
    : ` The theorem’s horizon without its constant, *T*/*c* = ${horizonMarkup(preparation)} = ${formatNumber(horizon)}, lies far beyond the last record.`;
}

/** Linear models that trained beside the theory's. */
const refinementsOf = ({ records }: Curves): string[] =>
  Object.keys(records[0]?.train.discrepancies ?? {}).filter(
    (key) => key !== 'linear' && key !== 'linearized',
  );

const refinementDashes = ['5 3', '2 2.5'];

type Model = 'linear' | 'linearized' | 'network';

/** From the bottom of the drawing to its top. */
function modelsOf({ records }: Curves): Model[] {
  const linearized = records.some(({ train }) => Number.isFinite(finite(train.losses['linearized'])));
  return linearized ? ['linear', 'linearized', 'network'] : ['linear', 'network'];
}

const setsOf = ({ records }: Curves): ('train' | 'test')[] =>
  records.some(({ test }) => test !== null) ? ['train', 'test'] : ['train'];

const names = { network: 'network', linear: 'linear model', linearized: 'linearized network' } as const;
const modelKeys = (models: Model[]): LegendItem[] =>
  [...models].reverse().map((model) => ({ ...styles[model], label: names[model] }));
const setKeys = (sets: ('train' | 'test')[]): LegendItem[] =>
  sets.length > 1 ? [inkKey('train'), inkKey('test', dashes.test)] : [inkKey('train')];
