import type { ChosenModes, StepRecord } from '../../src/experiment/result.ts';
import { greatestOf } from '../../src/math/statistics.ts';
import { formatCount, formatNumber } from './format.ts';
import { type Figure, type FigureSize, type LegendItem, defaultSize, finishFigure } from './frame.ts';
import { finite } from './measures.ts';
import { drawnModes, leastShare, shareLeft, theoryLeft } from './mode-shares.ts';
import { hueOf, palette } from './palette.ts';
import { type Curves, type Series, drawTimePlot } from './time-plot.ts';

/** Errors along chosen modes at one step, ⟨u_k, e⟩/√n. */
export interface ErrorsAlong {
  network: readonly number[];
  linear: readonly number[];
}

/** What is left of the error along each mode over time: network, linear model, and (1 − ηλ_k)^t. */
export function modesFigure(
  result: Curves,
  chosen: ChosenModes,
  errorsAt: (record: StepRecord) => ErrorsAlong | undefined,
  size: FigureSize = defaultSize,
): Figure {
  const { eta } = result.preparation;
  const places = drawnModes(chosen);
  const left = (model: keyof ErrorsAlong, place: number) => (record: StepRecord) =>
    shareLeft(errorsAt(record)?.[model][place], chosen.initial[place]);
  const theory = { stroke: palette.ink.light, strokeWidth: 1.1, dash: '2 2.5' };
  const series = places.flatMap((place, k): Series[] => [
    { stroke: hueOf(k), strokeWidth: 5, strokeOpacity: 0.35, measure: left('linear', place) },
    { ...theory, measure: ({ step }) => theoryLeft(chosen.eigenvalues[place], eta, step) },
    { stroke: hueOf(k), strokeWidth: 1.9, measure: left('network', place) },
  ]);
  const legend: LegendItem[] = [
    ...places.map((place, k) => ({
      label: `*k* = ${formatCount(chosen.indices[place])}`,
      stroke: hueOf(k),
      strokeWidth: 2.4,
    })),
    { label: 'network', stroke: palette.ink.light, strokeWidth: 1.9 },
    { label: 'linear', stroke: palette.ink.light, strokeWidth: 5, strokeOpacity: 0.35 },
    { label: '(1 − *ηλ*_{*k*})^{*t*}', ...theory },
  ];
  const canvas = drawTimePlot({
    result,
    size,
    series,
    legend,
    y: { label: 'error left along mode *k*\u2002|⟨*u*_{*k*}, *e*(*t*)⟩/⟨*u*_{*k*}, *e*(0)⟩|', scale: 'log' },
  });
  const omitted = chosen.indices.length - places.length;
  return finishFigure(
    canvas,
    'modes',
    'Errors along the eigendirections of the linear model’s kernel',
    `What is left of the error on the training points along eigendirections *u*_{*k*} of *K*, of eigenvalues ${places
      .map((place) => `*λ*_{${chosen.indices[place]}} = ${formatNumber(chosen.eigenvalues[place])}`)
      .join(
        ', ',
      )} of *K*/*n*: network (fine), linear model (broad) and the theory’s (1 − *ηλ*_{*k*})^{*t*} (dotted). Below ${formatNumber(leastShare)} nothing is drawn.${
      omitted > 0
        ? ` ${formatCount(omitted)} of the ${formatCount(chosen.indices.length)} modes measured are not drawn, for want of room or of an error at the start.`
        : ''
    }`,
  );
}

/** Alignment of the network's kernel with the targets and with the kernel at t = 0, over time. */
export function alignmentFigure(result: Curves, size: FigureSize = defaultSize): Figure {
  const curves: (Series & { label: string })[] = [
    {
      label: 'with *Θ*(0)',
      stroke: palette.linearized.light,
      strokeWidth: 2,
      measure: ({ alignment }) => finite(alignment?.start.value),
    },
    {
      label: 'with the targets *y*',
      stroke: palette.network.light,
      strokeWidth: 2,
      dash: '6 3',
      measure: ({ alignment }) => finite(alignment?.target.value),
    },
  ];
  const canvas = drawTimePlot({
    result,
    size,
    series: curves,
    legend: curves,
    y: { label: 'alignment of *Θ*(*t*)', scale: 'linear', include: [0, 1.1] },
  });
  const errors = result.records.flatMap(({ alignment }) =>
    alignment ? [finite(alignment.start.error), finite(alignment.target.error)] : [],
  );
  const largest = Math.max(0, greatestOf(errors.filter(Number.isFinite)));
  return finishFigure(
    canvas,
    'alignment',
    'Alignment of the network’s kernel',
    `Alignment of the kernel that drives the network with the one at *t* = 0, ⟨*Θ*(*t*), *Θ*(0)⟩_{F}/(‖*Θ*(*t*)‖_{F}‖*Θ*(0)‖_{F}), and with the targets, *y*ᵀ*Θy*/(‖*Θ*‖_{F}‖*y*‖²); 1 is the most there can be.${
      largest > 0
        ? ` Estimated by probe vectors, with standard errors of at most ${formatNumber(largest, 2)}.`
        : ''
    }`,
  );
}
