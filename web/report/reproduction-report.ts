import type { RunResult } from '../../src/experiment/result.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import { discrepancyChart } from '../figures/charts/discrepancy.ts';
import { lossChart } from '../figures/charts/loss.ts';
import { outputsChart } from '../figures/charts/outputs.ts';
import { dimensionFigure, dimensionSeries, shareLabel } from '../figures/dimension-figure.ts';
import { formatExponent } from '../figures/exponents.ts';
import { formatCount, formatNumber } from '../figures/format.ts';
import type { Figure } from '../figures/frame.ts';
import { discrepancies, peakWithin } from '../figures/measures.ts';
import { timeFigure } from '../figures/run-figures.ts';
import { describeFindings, describeRun, describeStatus, passesOptimumAt } from './describe.ts';
import { type Html, html, notation } from './html.ts';
import { citation, figureRow, keyNumbers, page, preformatted } from './page.ts';
import { browserOption, comparisonTable, conditionsTable, constantsTable, machineList, sweepTable } from './tables.ts';

/** The deck's experiment: runs that differ in layers and activation, and a sweep over d. */
export interface Reproduction {
  title: string;
  /** The first that trains both layers of an erf network makes the panels (a) and (b); else the first of all. */
  runs: { label: string; result: RunResult }[];
  /** One run for each d. */
  sweep: { label: string; results: RunResult[] };
  size: 'small' | 'paper';
}

export interface ReproductionFigures {
  /** The published figure's panels: (a) loss, (b) outputs, (c) discrepancy against d. */
  panels: Figure[];
  /** Loss and discrepancy of every run. */
  comparisons: { label: string; result: RunResult; figures: Figure[] }[];
}

/** Every figure of the reproduction, each with a slug of its own. */
export function reproductionFigures({ runs, sweep }: Reproduction): ReproductionFigures {
  const main = mainRun(runs);
  const compact = { width: 430, height: 320 };
  const slugs = new Set<string>();
  const named = (figure: Figure, prefix: string): Figure => {
    let slug = `${prefix}-${figure.slug}`;
    for (let k = 2; slugs.has(slug); k += 1) slug = `${prefix}-${k}-${figure.slug}`;
    slugs.add(slug);
    return { ...figure, slug };
  };
  const panels = [
    ...(main
      ? [
          timeFigure(main.result, lossChart(main.result), compact),
          ...(main.result.preparation.watched.indices.length > 0
            ? [timeFigure(main.result, outputsChart(main.result), compact)]
            : []),
        ]
      : []),
    ...(sweep.results.length > 0
      ? [dimensionFigure(sweep.results, { share: agreementShare, size: compact })]
      : []),
  ];
  return {
    panels: panels.map((figure, k) => named(figure, `panel-${'abc'[k]}`)),
    comparisons: runs.map(({ label, result }) => ({
      label,
      result,
      figures: [lossChart, discrepancyChart].map((chart) =>
        named(timeFigure(result, chart(result), compact), slugOf(label)),
      ),
    })),
  };
}

const slugOf = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'run';

const mainRun = (runs: Reproduction['runs']): Reproduction['runs'][number] | undefined =>
  runs.find(({ result: { spec } }) => spec.network.activation === 'erf' && spec.training.layers === 'both') ??
  runs[0];

/** The report of `reproduce`: self-contained HTML with the published figure's panels first. */
export function renderReproductionReport(
  reproduction: Reproduction,
  { figures = reproductionFigures(reproduction) }: { figures?: ReproductionFigures } = {},
): string {
  const { title, runs, sweep, size } = reproduction;
  const main = mainRun(runs);
  const command = `npx first-light reproduce${size === 'paper' ? ' --size paper' : ''}${main ? browserOption(main.result) : ''}`;
  return page({
    title,
    kicker: `First Light · ${size === 'paper' ? 'at the size of the published figure' : 'at a small size'}`,
    lead: html`${runs.map(({ label, result }) => {
        const status = describeStatus(result);
        return status
          ? html`<h3>${label}</h3>
              ${status}`
          : null;
      })}
      ${figureRow(figures.panels, { letters: 'abc', wide: true })}
      <p>${describeSweep(sweep.results)}</p>
      ${main ? headline(main.result, sweep.results) : null}`,
    sections: [
      ...(main
        ? [
            {
              title: 'What was run, and what came out',
              body: html`<p>${describeRun(main.result)}</p>
                <p>${describeFindings(main.result)}</p>`,
            },
          ]
        : []),
      {
        title: 'Measured beside what the theory says',
        body: html`${comparisonTable(runs, passesOptimumAt)}
        ${
          main
            ? html`<h3>Hypotheses: ${main.label}</h3>
                ${conditionsTable(main.result)}`
            : null
        }
        ${
          sweep.results.length > 0
            ? html`<h3>Sweep over the dimension: ${sweep.label}</h3>
                <p class="note above">
                  Largest discrepancies over
                  ${notation(`1 ≤ *t* ≤ ${shareLabel(agreementShare)}*d* log *d*/*η*`)}.
                </p>
                ${sweepTable(sweep.results, agreementShare)}`
            : null
        }`,
      },
      {
        title: 'Other layers, other activations',
        body: html`<p>Loss, and mean squared discrepancy of network and linear model, of every run.</p>
          ${figures.comparisons.map(
            ({ label, figures: row }) =>
              html`<h3>${label}</h3>
                ${figureRow(row, { captions: false })}`,
          )}`,
      },
      { title: 'Constants of the linear models', body: constantsTable(runs) },
      {
        title: 'To reproduce this',
        body: html`${preformatted(command)}
        ${runs.map(
          ({ label, result }) =>
            html`<h3>${label}</h3>
              ${preformatted(wrapJson(JSON.stringify(result.spec)))}`,
        )}
        ${main ? machineList(main.result) : null}`,
      },
      { title: 'To cite', body: citation },
    ],
  });
}

/** Breaks one-line JSON before its top-level fields. */
const wrapJson = (json: string): string =>
  json.replaceAll(/,"(data|target|network|training|kernel)":/g, ',\n "$1":');

function describeSweep(results: readonly RunResult[]): Html {
  const [train, test] = dimensionSeries(results, agreementShare);
  const points = train.points;
  if (!train.fit || points.length < 3) {
    return html`The sweep has too few dimensions to say how the discrepancy depends on ${notation('*d*')}.`;
  }
  const fits = [train, test].flatMap(({ set, fit }) => (fit ? [{ set, fit }] : []));
  const falls = fits.every(({ fit }) => fit.exponent + 2 * (fit.standardError ?? 0) < 0);
  const ends = [points[0], points.at(-1)!];
  return html`Over the dimension, from ${notation(`*d* = ${formatCount(ends[0].x)}`)} to
  ${formatCount(ends[1].x)}, the largest discrepancy up to ${notation('½ *d* log *d*/*η*')} went from
  ${formatNumber(ends[0].y)} to ${formatNumber(ends[1].y)} on the training points; fitted
  ${fits.map(
    ({ set, fit }, k) => html`${k > 0 ? ' and ' : ''}${notation(`∝ *d*^{${formatExponent(fit)}}`)} (${set})`,
  )}.
  ${
    falls
      ? 'It falls with the dimension, as the theorem says.'
      : 'A fall with the dimension, which the theorem says for large enough sizes, is not established by these points.'
  }`;
}

function headline(result: RunResult, sweep: readonly RunResult[]): Html {
  const { linearOptimum } = result.preparation;
  const train = peakWithin(result, discrepancies.train, agreementShare);
  const passes = passesOptimumAt(result);
  const fit = dimensionSeries(sweep, agreementShare)[0].fit;
  return keyNumbers([
    {
      value: formatNumber(train?.value),
      words: html`largest training discrepancy, ${notation('*t* ≤ ½ *d* log *d*/*η*')}`,
    },
    {
      value: passes === null ? 'not passed' : notation(`*t* = ${formatCount(passes)}`),
      words: html`where the network passes the linear optimum, ${formatNumber(linearOptimum)}`,
    },
    {
      value: fit ? formatExponent(fit) : '—',
      words: html`fitted exponent of ${notation('*d*')} in the training discrepancy`,
    },
  ]);
}
