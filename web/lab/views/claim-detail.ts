import type { Claim, ClaimMeasurement, Quantity } from '../../../src/theory/claim.ts';
import { formatGiven, formatNumber } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import { relationSigns } from '../../figures/relations.ts';
import { claimCharts } from './claim-series.ts';
import { htmlElement, htmlMarked } from './html-element.ts';

/** A claim in full: the statement, what is measured, on what conditions, every quantity, its curves. */
export function claimDetail(claim: Claim, measurement: ClaimMeasurement | undefined, why: string): Node[] {
  const charts = claimCharts(measurement?.series ?? []);
  return [
    htmlMarked('p', 'claim-statement', notationToHtml(claim.statement)),
    htmlMarked('p', 'claim-source', notationToHtml(claim.source)),
    htmlMarked('p', '', `<b>What is measured.</b> ${notationToHtml(claim.measures)}`),
    ...(measurement ? measured(measurement) : [htmlMarked('p', 'claim-why', notationToHtml(why))]),
    ...(charts.length > 0 ? [htmlElement('div', 'claim-charts', ...charts)] : []),
  ];
}

function measured({ conditions, quantities, remark }: ClaimMeasurement): Node[] {
  return [
    ...(remark ? [htmlMarked('p', 'claim-why', notationToHtml(remark))] : []),
    ...(conditions.length > 0
      ? [
          table(
            ['Condition', 'Here', '', ''],
            conditions.map(({ hypothesis, here, verdict, remark: why }) => [
              notationToHtml(hypothesis),
              here ? notationToHtml(`${here.symbol} = ${formatNumber(here.value)}`) : '',
              `<span class="word word-${conditionLooks[verdict]}">${verdict}</span>`,
              notationToHtml(why),
            ]),
          ),
        ]
      : []),
    ...(quantities.length > 0
      ? [
          table(
            ['Quantity', 'Measured', 'Right-hand side', 'Ratio', 'Constant granted'],
            quantities.map(quantityCells),
          ),
        ]
      : []),
  ];
}

const conditionLooks = {
  met: 'holds',
  'not met': 'fails',
  borderline: 'open',
  'not known': 'unmet',
} as const;

function quantityCells({ symbol, value, error, bound, relation, constant, remark }: Quantity): string[] {
  const under = (html: string): string => `<span class="under">${html}</span>`;
  return [
    notationToHtml(symbol) + (remark ? under(notationToHtml(remark)) : ''),
    formatNumber(value) + (error === null ? '' : under(`± ${formatNumber(error, 2)}`)),
    bound
      ? `${relationSigns[relation]} ${formatNumber(bound.value)}${under(notationToHtml(bound.symbol))}`
      : '—',
    bound ? formatNumber(value / bound.value, 2) : '—',
    bound && relation !== 'beside' ? formatGiven(constant) : '—',
  ];
}

function table(heads: readonly string[], rows: readonly string[][]): HTMLElement {
  const headed = heads.map((text) => htmlElement(text === '' ? 'td' : 'th', '', text));
  const head = htmlElement('tr', '', ...headed);
  const body = rows.map((cells) => htmlElement('tr', '', ...cells.map((cell) => htmlMarked('td', '', cell))));
  const box = htmlElement(
    'div',
    'claim-table',
    htmlElement('table', '', htmlElement('thead', '', head), htmlElement('tbody', '', ...body)),
  );
  // What scrolls sideways has to be reached by the keyboard, too.
  box.tabIndex = 0;
  return box;
}
