import { trainedLayers } from '../../src/experiment/trained-layers.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import { type ClaimText, isClaimFigure } from '../figures/claim-figures.ts';
import { formatCount, formatNumber } from '../figures/format.ts';
import type { Figure } from '../figures/frame.ts';
import { horizonMarkup, discrepancies, peakWithin } from '../figures/measures.ts';
import { runFigures } from '../figures/run-figures.ts';
import {
  activationLabel,
  describeDeparture,
  describeFiles,
  describeFindings,
  describeRun,
  describeStatus,
  passesOptimumAt,
} from './describe.ts';
import { html, notation } from './html.ts';
import { citation, figureRow, keyNumbers, page, preformatted } from './page.ts';
import { runClaimsSection } from './run-claims.ts';
import { modesTable } from './modes-table.ts';
import {
  browserOption,
  claimsTable,
  conditionsTable,
  constantsTable,
  linearModelsTable,
  machineList,
  recordsTable,
} from './tables.ts';

/**
 * The report of one run: a self-contained HTML document, for screen (light and dark), phone and A4.
 * `figures` are drawn here unless given; `texts` are the statements of the claims it measured, `command` is what the
 * report says reproduces it.
 */
export function renderRunReport(
  result: RunResult,
  {
    texts = [],
    figures = runFigures(result, undefined, texts),
    command = `npx first-light run spec.json${browserOption(result)}`,
  }: { texts?: readonly ClaimText[]; figures?: readonly Figure[]; command?: string } = {},
): string {
  const { spec } = result;
  return page({
    title: spec.name,
    kicker: `First Light · ${activationLabel(spec.network)} network, ${trainedLayers(spec)}, seed ${spec.seed}`,
    lead: html`${describeStatus(result)}
      <p>${describeRun(result)}</p>
      ${describeFiles(result) === null ? null : html`<p>${describeFiles(result)}</p>`}
      <p>${describeFindings(result)}</p>
      ${describeDeparture(result) === null ? null : html`<p>${describeDeparture(result)}</p>`}
      ${headline(result)}`,
    sections: [
      { title: 'What happened', body: figureRow(figures.filter((figure) => !isClaimFigure(figure))) },
      result.preparation.deep
        ? { title: 'Network beside linear models', body: linearModelsTable(result) }
        : {
            title: 'Measured beside what the theory says',
            body: html`${claimsTable(result)} ${conditionsTable(result)}`,
          },
      ...(result.claims.length > 0 ? [runClaimsSection(result, { figures, texts })] : []),
      ...(result.preparation.modes
        ? [
            {
              title: 'Errors along the modes of the linear model',
              body: modesTable(result, result.preparation.modes),
            },
          ]
        : []),
      { title: 'Constants of the linear model', body: constantsTable([{ label: spec.name, result }]) },
      { title: 'Selected records', body: recordsTable(result) },
      {
        title: 'To reproduce this',
        body: html`<p>
            Save the spec below as <code>spec.json</code>, then (the same adapter gives the same digits,
            another one the same to float32’s rounding):
          </p>
          ${preformatted(command)} ${preformatted(JSON.stringify(spec, null, 2))} ${machineList(result)}`,
      },
      { title: 'To cite', body: citation },
    ],
  });
}

function headline(result: RunResult) {
  const { horizon, linearOptimum } = result.preparation;
  const train = peakWithin(result, discrepancies.train, agreementShare);
  const passes = passesOptimumAt(result);
  const last = result.records.at(-1);
  return keyNumbers([
    {
      value: formatNumber(train?.value),
      words: html`largest training discrepancy, ${notation(`*t* ≤ ½ ${horizonMarkup(result.preparation)}`)}`,
    },
    {
      value: formatNumber(horizon),
      words: html`horizon ${notation(`*T*/*c* = ${horizonMarkup(result.preparation)}`)}, in steps`,
    },
    ...(linearOptimum === null
      ? []
      : [
          {
            value: passes === null ? 'not passed' : notation(`*t* = ${formatCount(passes)}`),
            words: html`where the network passes the linear optimum, ${formatNumber(linearOptimum)}`,
          },
        ]),
    ...(last
      ? [
          {
            value: html`<span class="network">${formatNumber(last.train.losses.network)}</span> and
              <span class="linear">${formatNumber(last.train.losses.linear)}</span>`,
            words: html`last training loss of <span class="network">network</span> and
              <span class="linear">linear model</span>`,
          },
        ]
      : []),
  ]);
}
