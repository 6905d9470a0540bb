import type { ClaimSummary, ClaimsGroup } from '../../src/experiment/claims-document.ts';
import type { Claim, ClaimMeasurement, ClaimNumber, Series } from '../../src/theory/claim.ts';
import { fieldFigure } from './field-figure.ts';
import type { Figure, FigureSize } from './frame.ts';
import { notationToText } from './notation.ts';
import { seriesFigure } from './series-figure.ts';
import { sweepCurve, sweepFigure, variableSymbol } from './sweep-figure.ts';

/** A figure, and what it belongs to: a claim and, over a suite, a group of runs. */
export interface ClaimFigure extends Figure {
  claim: ClaimNumber;
  group: string | null;
}

/** What figures and reports say of a claim. */
export type ClaimText = Pick<Claim, 'number' | 'slug' | 'title' | 'statement' | 'measures' | 'source'>;

export const isClaimFigure = (figure: Figure): figure is ClaimFigure => 'claim' in figure;

/** What a group's runs show of a claim: its quantities against the variable, then curves and fields of the last run. */
export function summaryFigures(
  summary: ClaimSummary,
  group: ClaimsGroup,
  text: ClaimText,
  size?: FigureSize,
): ClaimFigure[] {
  const slug = `${slugOf(text)}-${group.slug}`;
  const shown = drawnRun(summary, group);
  return [
    ...sweepFigures(summary, group, text, slug, size),
    ...clockFigures(summary, group, text, slug, size),
    ...(shown ? runFiguresOf(shown.measurement, text, { slug, of: shown.label, before: '', size }) : []),
  ].map((figure) => ({ ...figure, claim: summary.claim, group: group.slug }));
}

/** The curves and fields of all that one run measured. */
export function measurementFigures(
  measurements: readonly ClaimMeasurement[],
  texts: readonly ClaimText[],
  size?: FigureSize,
): ClaimFigure[] {
  return measurements.flatMap((measurement) => {
    const text = textOf(texts, measurement.claim);
    const before = `Claim ${measurement.claim}. `;
    return runFiguresOf(measurement, text, { slug: slugOf(text), of: '', before, size }).map((figure) => ({
      ...figure,
      claim: measurement.claim,
      group: null,
    }));
  });
}

/** A claim's text, or its bare number where nobody gave one. */
export const textOf = (texts: readonly ClaimText[], number: ClaimNumber): ClaimText =>
  texts.find((text) => text.number === number) ?? {
    number,
    slug: '',
    title: `Claim ${number}`,
    statement: '',
    measures: '',
    source: '',
  };

const slugOf = ({ number, slug }: ClaimText): string =>
  ['claim', String(number).padStart(2, '0'), slug].filter(Boolean).join('-');

/** One point is in the table already, and none is no figure. */
const isCurve = ({ x }: Series): boolean => x.length > 1;

/** The run whose curves and fields are drawn: the first seed at the last value of the variable. */
function drawnRun({ claim, at }: ClaimSummary, { variable, points }: ClaimsGroup) {
  return points
    .filter(({ values }) => variable === null || values[variable] === at)
    .flatMap(({ claims, label }) => (claims ?? []).map((measurement) => ({ measurement, label })))
    .find(
      ({ measurement }) =>
        measurement.claim === claim && (measurement.series.some(isCurve) || measurement.fields.length > 0),
    );
}

function sweepFigures(
  summary: ClaimSummary,
  group: ClaimsGroup,
  text: ClaimText,
  slug: string,
  size: FigureSize | undefined,
): Figure[] {
  const { variable } = group;
  if (variable === null) return [];
  const judged = summary.quantities.filter(({ verdict }) => verdict !== null);
  const curves = (judged.length > 0 ? judged : summary.quantities)
    .map((quantity) => sweepCurve(group, summary, quantity))
    .filter(({ measured }) => new Set(measured.map(({ x }) => x)).size > 1);
  const panels = panelsOf(curves, (curve) => curve.summary.boundSymbol ?? '');
  return panels.map((panel, k) =>
    sweepFigure(panel, {
      variable,
      slug: `${slug}-against-${variable}${panels.length > 1 ? `-${k + 1}` : ''}`,
      title: `${notationToText(text.title)}: against ${notationToText(variableSymbol(variable))}, ${notationToText(group.title)}`,
      size,
    }),
  );
}

/** What is measured on the clock τ, for every value of the variable: the axis on which depths share a horizon. */
function clockFigures(
  { claim }: ClaimSummary,
  { variable, points, title }: ClaimsGroup,
  text: ClaimText,
  slug: string,
  size: FigureSize | undefined,
): Figure[] {
  if (variable === null) return [];
  const drawn = new Map<number | string, readonly Series[]>();
  for (const { values, claims } of points) {
    const measured = claims?.find((measurement) => measurement.claim === claim);
    const onClock = measured?.series.filter(({ axis, bound }) => axis === 'clock' && bound !== null) ?? [];
    // The first seed of each value.
    if (onClock.length > 0 && !drawn.has(values[variable])) drawn.set(values[variable], onClock);
  }
  if (drawn.size < 2) return [];
  const keys = [...new Set([...drawn.values()].flatMap((series) => series.map(({ key }) => key)))];
  return keys.flatMap((key) => {
    const curves = [...drawn].flatMap(([value, series]) =>
      series
        .filter((one) => one.key === key)
        .map((one) => ({ ...one, symbol: `${variableSymbol(variable)} = ${value}`, bound: null })),
    );
    // A value at which it was not measured has no curve.
    if (curves.length < 2) return [];
    const { symbol } = [...drawn.values()].flat().find((one) => one.key === key)!;
    const figure = seriesFigure(curves, {
      slug: `${slug}-${fileName(key)}-by-${variable}`,
      title: `${notationToText(text.title)}: ${notationToText(symbol)} by ${notationToText(variableSymbol(variable))}`,
      of: '',
      measured: symbol,
      before: `${title}. `,
      size,
    });
    return [figure];
  });
}

function runFiguresOf(
  { series, fields }: ClaimMeasurement,
  text: ClaimText,
  { slug, of, before, size }: { slug: string; of: string; before: string; size: FigureSize | undefined },
): Figure[] {
  const title = notationToText(text.title);
  const together = ({ axis, bound }: Series): string => `${axis} ${bound?.symbol ?? ''}`;
  return [
    ...panelsOf(series.filter(isCurve), together).map((panel) =>
      seriesFigure(panel, {
        slug: `${slug}-${fileName(panel[0].key)}`,
        title: `${title}: ${notationToText(panel[0].symbol)}`,
        of,
        before,
        size,
      }),
    ),
    ...fields.map((field) =>
      fieldFigure(field, {
        slug: `${slug}-${fileName(field.key)}`,
        title: `${title}: ${notationToText(field.symbol)}`,
        of,
        before,
        width: size?.width,
      }),
    ),
  ];
}

/** What has the same key goes into one panel. */
function panelsOf<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const keys = [...new Set(items.map(key))];
  return keys.map((one) => items.filter((item) => key(item) === one));
}

/** Keys have underscores, file names hyphens. */
const fileName = (key: string): string => key.replaceAll('_', '-');
