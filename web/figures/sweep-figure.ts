import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import type { ClaimSummary, ClaimsGroup, QuantitySummary } from '../../src/experiment/claims-document.ts';
import { fitPowerLaw } from '../../src/math/power-law.ts';
import { boundAt } from '../../src/theory/alpha.ts';
import { withPowers } from '../../src/theory/verdict.ts';
import { paddedDomain, separated } from './axes.ts';
import type { Key } from './charts/chart.ts';
import { boundLook } from './charts/claim-series.ts';
import { formatExponent } from './exponents.ts';
import { formatGiven } from './format.ts';
import { type Figure, type FigureSize, defaultSize, drawBaseline, drawFrame, finishFigure } from './frame.ts';
import { labelSize, textWidth } from './svg.ts';
import { logTicks } from './ticks.ts';
import { hueOf, inPrint } from './palette.ts';

interface Point {
  x: number;
  y: number;
  /** The seed, by which the fit takes its intercepts. */
  series?: number | string;
}

/** One quantity over the runs of a sweep: what was measured and the claim's right-hand side. */
export interface SweepCurve {
  summary: QuantitySummary;
  measured: Point[];
  bound: Point[];
}

/** What a group varies, as its figures and tables write it. */
export const variableSymbol = (variable: string): string =>
  ({ d: '*d*', n: '*n*', width: '*m*', eta: '*η*', depth: '*L*', filter: '*q*', channels: '*C*' })[
    variable
  ] ?? variable;

const variableLabel = (variable: string): string =>
  ({
    d: 'input dimension\u2002*d*',
    n: 'training points\u2002*n*',
    width: 'network width\u2002*m*',
    eta: 'rate\u2002*η*',
    depth: 'hidden layers\u2002*L*',
    filter: 'taps of a side of the filter\u2002*q*',
    channels: 'channels\u2002*C*',
  })[variable] ?? variable;

/** A quantity's positive values over a group: a log–log figure has no place for others. */
export function sweepCurve(group: ClaimsGroup, claim: ClaimSummary, summary: QuantitySummary): SweepCurve {
  const measured: Point[] = [];
  const bound: Point[] = [];
  for (const { values, claims } of group.points) {
    const x = values[group.variable!];
    if (typeof x !== 'number' || !(x > 0)) continue;
    const measurement = claims?.find((other) => other.claim === claim.claim);
    for (const quantity of measurement?.quantities ?? []) {
      if (quantity.key !== summary.key) continue;
      if (quantity.value > 0 && Number.isFinite(quantity.value)) {
        measured.push({ x, y: quantity.value, series: values['seed'] ?? 0 });
      }
      const right = boundAt(quantity.bound, measurement!.sizes.d, summary.alpha) ?? 0;
      if (right > 0 && Number.isFinite(right)) bound.push({ x, y: right });
    }
  }
  return { summary, measured, bound };
}

/**
 * Quantities with one right-hand side (or none) against the group's variable on log–log axes: a dot a run, the means
 * over seeds joined, the fitted power broad and pale beneath, the right-hand side with constant 1 dashed.
 */
export function sweepFigure(
  curves: readonly SweepCurve[],
  {
    variable,
    slug,
    title,
    size = defaultSize,
  }: { variable: string; slug: string; title: string; size?: FigureSize },
): Figure {
  const symbol = variableSymbol(variable);
  const drawn = curves.map((curve, k) => ({
    ...curve,
    means: meansOf(curve.measured),
    fit: curve.summary.fit ? fitPowerLaw(withPowers(curve.measured, variable)) : null,
    colour: curves.length > 1 ? hueOf(k) : ('discrepancy' as const),
  }));
  const { boundSymbol, claimed } = curves[0].summary;
  const bound = meansOf(curves[0].bound);
  const points = [...drawn.flatMap(({ measured }) => measured), ...bound];
  const values = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const x = paddedDomain(values, 1.5);
  const y = paddedDomain(
    points.map((point) => point.y),
    4,
  );
  const single = curves.length === 1;
  const power = (what: { exponent: number; standardError: number | null }): string =>
    `∝ ${symbol}^{${formatExponent(what)}}`;
  // The power is exact where the right-hand side is one, and its logarithms are not worth an error.
  const claim = claimed ? boundPower(claimed.exponent, symbol) : '';
  const fits = (label: string): boolean => textWidth(label, labelSize) + 40 < size.width;
  const legend: Key[] = drawn.map(({ summary, fit, colour }) => {
    const name = single ? 'measured' : summary.symbol;
    const long = fit ? `${name}\u2002${power(fit)}` : name;
    return { label: fits(long) ? long : name, colour, width: 1.8, dots: 3 };
  });
  if (bound.length > 0) {
    const long = claim ? `${boundSymbol!}\u2002${claim}` : boundSymbol!;
    legend.push({ label: fits(long) ? long : boundSymbol!, ...boundLook });
  }
  const along = {
    label: variableLabel(variable),
    type: 'log',
    domain: x,
    ticks: separated(values).map((value) => ({ at: value, label: formatGiven(value) })),
  } as const;
  const at = { x: 'x', y: 'y' } as const;
  const canvas = drawFrame({
    size,
    legend,
    x: along,
    y: {
      label: single ? curves[0].summary.symbol : 'measured',
      type: 'log',
      domain: y,
      ticks: logTicks(...y),
    },
    marks: [
      ...drawn.flatMap(({ fit, measured, colour }) => {
        if (!fit) return [];
        const ends = [leastOf(measured.map((p) => p.x)), greatestOf(measured.map((p) => p.x))];
        const line = ends.map((end) => ({ x: end, y: fit.factor * end ** fit.exponent }));
        return [Plot.line(line, { ...at, stroke: inPrint(colour), strokeWidth: 7, strokeOpacity: 0.2 })];
      }),
      ...(bound.length > 1
        ? [
            Plot.line(bound, {
              ...at,
              stroke: inPrint(boundLook.colour),
              strokeWidth: boundLook.width,
              strokeDasharray: boundLook.dash,
            }),
          ]
        : []),
      ...(bound.length === 1 ? [Plot.dot(bound, { ...at, r: 4, stroke: inPrint(boundLook.colour) })] : []),
      ...drawn.map(({ means, colour }) =>
        Plot.line(means, { ...at, stroke: inPrint(colour), strokeWidth: 1.8 }),
      ),
      ...drawn.map(({ measured, colour }) =>
        Plot.dot(measured, {
          ...at,
          r: 3,
          stroke: inPrint('paper'),
          strokeWidth: 0.8,
          fill: inPrint(colour),
        }),
      ),
    ],
  });
  drawBaseline(canvas, along);
  const powers = drawn.flatMap(({ summary, fit }) =>
    fit ? [`${single ? '' : `${summary.symbol} `}${power(fit)}`] : [],
  );
  return finishFigure(
    canvas,
    slug,
    title,
    `${single ? curves[0].summary.symbol : 'Measured values'} against ${symbol}: a dot a run, the line through their means${
      powers.length > 0 ? `; broad and pale, the fitted power (${powers.join(', ')})` : ''
    }.${
      bound.length > 0
        ? ` Dashed: ${boundSymbol!}, the right-hand side with its constant taken as 1${claim ? `, ${claim}` : ''}.`
        : ''
    }`,
  );
}

/** Nothing for one that does not depend on the variable: its formula says so. */
const boundPower = (exponent: number, symbol: string): string =>
  Math.abs(exponent) < 0.005 ? '' : `∝ ${symbol}^{${formatExponent({ exponent, standardError: null })}}`;

function meansOf(points: readonly Point[]): Point[] {
  const values = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  return values.map((x) => {
    const here = points.filter((point) => point.x === x);
    return { x, y: here.reduce((sum, point) => sum + point.y, 0) / here.length };
  });
}
