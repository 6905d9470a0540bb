import type { ClaimSummary, ClaimsGroup, QuantitySummary } from '../../src/experiment/claims-document.ts';
import type { FittedPower } from '../../src/math/power-law.ts';
import type { ClaimMeasurement, Condition, Relation } from '../../src/theory/claim.ts';
import type { ClaimText } from '../figures/claim-figures.ts';
import { formatExponent } from '../figures/exponents.ts';
import { formatCount, formatGiven, formatMean, formatNumber } from '../figures/format.ts';
import { relationSigns } from '../figures/relations.ts';
import { variableSymbol } from '../figures/sweep-figure.ts';
import { deciding, verdictLabel } from './claim-verdicts.ts';
import { type Html, html, notation, prose } from './html.ts';
import { type Column, table } from './tables.ts';

/** A claim's summary with what it is of. */
export interface ClaimRow {
  summary: ClaimSummary;
  group: ClaimsGroup;
  text: ClaimText;
}

/** A second, quieter line in a cell. */
const under = (line: Html | string): Html => html`<span class="under">${line}</span>`;

const exponent = (power: FittedPower | null): string => (power ? formatExponent(power) : '—');

/** "< 0" where the claim names no power; without an error, since a right-hand side is known. */
function claimedExponent({ relation, claimed, fit }: QuantitySummary, variable: string | null): string {
  if (relation === 'beside') return '—';
  if (relation === 'falls' && variable === 'd' && fit) return '< 0';
  if (relation === 'does not grow' && variable === 'd' && fit) return '≤ 0';
  return claimed ? formatExponent({ ...claimed, standardError: null }) : '—';
}

/** Rows under a head for each claim. */
function claimsTable(
  heads: readonly { head: Html | string; numeric?: boolean }[],
  bodies: readonly { head: Html; rows: readonly (readonly (Html | string)[])[] }[],
  note?: Html,
): Html {
  const kind = (column: number): Html => (heads[column].numeric ? html` class="number"` : html``);
  return html`<div class="table" tabindex="0">
    <table class="claims">
      <thead>
        <tr>
          ${heads.map(({ head }, column) => html`<th scope="col" ${kind(column)}>${head}</th>`)}
        </tr>
      </thead>
      ${bodies.map(
        ({ head, rows }) =>
          html`<tbody>
            <tr class="claim-head">
              <th class="claim" scope="rowgroup" colspan="${heads.length}">${head}</th>
            </tr>
            ${rows.map(
              (cells) =>
                html`<tr>
                  ${cells.map((cell, column) =>
                    column === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(column)}>${cell}</td>`,
                  )}
                </tr>`,
            )}
          </tbody>`,
      )}
    </table>
    ${note ? html`<p class="note">${note}</p>` : null}
  </div>`;
}

const claimHead = ({ number, title }: ClaimText, linked: boolean): Html => {
  const words = html`<b>${number}</b>${prose(title)}`;
  return linked ? html`<a href="#claim-${number}">${words}</a>` : words;
};

/** Every claim in every setting by the quantity that decides; `remarks` adds why. */
export function summaryTable(rows: readonly ClaimRow[], { remarks = false } = {}): Html {
  const claims = [...new Set(rows.map(({ summary }) => summary.claim))];
  return claimsTable(
    [
      { head: 'Setting and quantity' },
      { head: 'Verdict' },
      { head: 'Measured', numeric: true },
      { head: 'Right-hand side', numeric: true },
      { head: 'Ratio', numeric: true },
      { head: 'Exponent fitted', numeric: true },
      { head: 'Exponent claimed', numeric: true },
      ...(remarks ? [{ head: 'Why' }] : []),
    ],
    claims.map((claim) => {
      const own = rows.filter(({ summary }) => summary.claim === claim);
      return {
        head: claimHead(own[0].text, true),
        rows: own.map(({ summary, group }) => summaryCells(summary, group, remarks)),
      };
    }),
    html`Measured values are means over seeds ± their standard error, at the last value of the setting’s
    variable; right-hand sides are without the constants that the paper leaves open. Of several quantities the
    one that decides is shown. A dash: nothing to fit, or no right-hand side.`,
  );
}

function summaryCells(summary: ClaimSummary, group: ClaimsGroup, remarks: boolean): (Html | string)[] {
  const quantity = deciding(summary);
  const at =
    group.variable !== null && summary.at !== null
      ? html` at ${notation(`${variableSymbol(group.variable)} = ${formatGiven(summary.at)}`)}`
      : null;
  const count = summary.quantities.length;
  return [
    html`${prose(group.title)}${at}
    ${quantity ? under(html`${notation(quantity.symbol)}${count > 1 ? html` (of ${count})` : null}`) : null}`,
    verdictLabel(summary.verdict),
    quantity ? formatMean(quantity.measured, quantity.standardError) : '—',
    quantity ? rightHandSide(quantity.bound, quantity.boundSymbol) : '—',
    formatNumber(quantity?.ratio, 2),
    exponent(quantity?.fit ?? null),
    quantity ? claimedExponent(quantity, group.variable) : '—',
    ...(remarks ? [prose(summary.remark)] : []),
  ];
}

/** All quantities of a claim in one setting. */
export function quantitiesTable({ quantities }: ClaimSummary, variable: string | null): Html {
  const fitted = quantities.some(({ fit }) => fit !== null);
  const certified = quantities.some(({ error }) => error !== null);
  const remarks = quantities.filter(({ remark }) => remark !== '');
  const of = (head: string, cell: (quantity: QuantitySummary) => Html | string): Column => ({
    head,
    numeric: true,
    cells: quantities.map(cell),
  });
  return table(
    [
      { head: 'Quantity', cells: quantities.map(({ symbol }) => notation(symbol)) },
      of('Measured', ({ measured, standardError }) => formatMean(measured, standardError)),
      ...(certified
        ? [of('Error', ({ error }) => (error === null ? '—' : `± ${formatNumber(error, 2)}`))]
        : []),
      of('Right-hand side', ({ relation, bound, boundSymbol }) =>
        bound === null && relation === 'falls' ? 'falls' : rightHandSide(bound, boundSymbol, relation),
      ),
      of('Ratio', ({ ratio }) => formatNumber(ratio, 2)),
      of('Constant granted', ({ bound, constant, relation }) =>
        bound === null || relation === 'beside' ? '—' : formatGiven(constant),
      ),
      ...(quantities.some(({ within }) => within !== null && within.of > 1)
        ? [of('Runs within', ({ within }) => (within ? `${within.runs} of ${within.of}` : '—'))]
        : []),
      ...(fitted
        ? [
            of('Exponent fitted', ({ fit }) => exponent(fit)),
            of('Exponent claimed', (quantity) => claimedExponent(quantity, variable)),
            of('Exponent of the ratio', ({ growth }) => exponent(growth)),
          ]
        : []),
      {
        head: 'Verdict',
        cells: quantities.map(({ verdict, relation }) =>
          verdict === null && relation === 'falls' ? under('takes a sweep') : verdictLabel(verdict),
        ),
      },
    ],
    remarks.length > 0
      ? html`${remarks.map(
          ({ symbol, remark }, k) =>
            html`${k > 0 ? html`<br />` : null}${notation(symbol)}: ${prose(remark)}`,
        )}`
      : undefined,
  );
}

/** A value over its formula, unless that says the same. */
function rightHandSide(value: number | null, symbol: string | null, relation?: Relation): Html | string {
  if (value === null) return '—';
  const sign = relation && relationSigns[relation] ? `${relationSigns[relation]} ` : '';
  if (symbol === null || symbol === formatNumber(value)) return sign + formatNumber(value);
  return html`${formatNumber(value)} ${under(html`${sign}${notation(symbol)}`)}`;
}

/** The hypotheses of a claim, each once where all settings say the same of it. */
export function hypothesesTable(rows: readonly ClaimRow[]): Html {
  const found = new Map<string, { condition: Condition; settings: string[] }>();
  for (const { summary, group } of rows) {
    for (const condition of summary.conditions) {
      const known = found.get(JSON.stringify(condition));
      if (known) known.settings.push(group.title);
      else found.set(JSON.stringify(condition), { condition, settings: [group.title] });
    }
  }
  const order = [...new Set([...found.values()].map(({ condition }) => condition.hypothesis))];
  const lines = order.flatMap((hypothesis) =>
    [...found.values()].filter(({ condition }) => condition.hypothesis === hypothesis),
  );
  return table([
    { head: 'Condition', cells: lines.map(({ condition }) => notation(condition.hypothesis)) },
    {
      head: 'Here',
      cells: lines.map(({ condition: { here } }) =>
        here ? notation(`${here.symbol} = ${formatNumber(here.value)}`) : '',
      ),
    },
    { head: 'Verdict', cells: lines.map(({ condition }) => verdictLabel(condition.verdict)) },
    {
      head: 'Remark',
      cells: lines.map(({ condition }) => prose(condition.remark)),
    },
    ...(rows.length > 1
      ? [
          {
            head: 'Setting',
            cells: lines.map(({ settings }) =>
              settings.length === rows.length
                ? 'every one'
                : html`${settings.map((title, k) => html`${k > 0 ? '; ' : ''}${prose(title)}`)}`,
            ),
          },
        ]
      : []),
  ]);
}

/** What was run. */
export function settingsTable(groups: readonly ClaimsGroup[]): Html {
  return table([
    { head: 'Setting', cells: groups.map(({ title }) => prose(title)) },
    { head: 'What for', cells: groups.map(({ purpose }) => prose(purpose)) },
    { head: 'Varied', cells: groups.map(variedLabel) },
    { head: 'Runs', numeric: true, cells: groups.map(({ points }) => formatCount(points.length)) },
    {
      head: 'Failed',
      numeric: true,
      cells: groups.map(({ points }) => formatCount(points.filter(({ claims }) => claims === null).length)),
    },
  ]);
}

function variedLabel({ variable, points }: ClaimsGroup): Html {
  const seeds = new Set(points.map(({ values }) => values['seed'])).size;
  const repeated = seeds > 1 ? html`${formatCount(seeds)} seeds` : null;
  if (variable === null) return html`${repeated ?? '—'}`;
  const values = [...new Set(points.map(({ values: of }) => of[variable]))];
  const list = values.map((value) => (typeof value === 'number' ? formatGiven(value) : value)).join(', ');
  return html`${notation(variableSymbol(variable))} = ${list}${repeated ? html`; ${repeated}` : null}`;
}

/** Runs that came to nothing, and why. */
export function failuresTable(groups: readonly ClaimsGroup[]): Html {
  const failed = groups.flatMap((group) =>
    group.points.filter(({ claims }) => claims === null).map((point) => ({ group, point })),
  );
  return table([
    { head: 'Setting', cells: failed.map(({ group }) => prose(group.title)) },
    { head: 'Run', cells: failed.map(({ point }) => point.label) },
    { head: 'Reason', cells: failed.map(({ point }) => point.failure ?? 'not told') },
  ]);
}

/** Everything that one run measured of the claims. */
export function measurementsTable(
  measurements: readonly { measurement: ClaimMeasurement; text: ClaimText }[],
): Html {
  return claimsTable(
    [
      { head: 'Quantity' },
      { head: 'Measured', numeric: true },
      { head: 'Right-hand side', numeric: true },
      { head: 'Ratio', numeric: true },
      { head: 'Constant granted', numeric: true },
    ],
    measurements.map(({ measurement, text }) => ({
      head: html`${claimHead(text, false)}
      ${verdictLabel(measurement.verdict)}${
        measurement.remark === '' ? null : under(prose(measurement.remark))
      }`,
      rows: measurement.quantities.map(({ symbol, value, error, bound, relation, constant, remark }) => [
        html`${notation(symbol)}${remark === '' ? null : under(prose(remark))}`,
        html`${formatNumber(value)}${error === null ? null : under(`± ${formatNumber(error, 2)}`)}`,
        rightHandSide(bound?.value ?? null, bound?.symbol ?? null, relation),
        bound ? formatNumber(value / bound.value, 2) : '—',
        bound && relation !== 'beside' ? formatGiven(constant) : '—',
      ]),
    })),
    html`Right-hand sides are without the constants that the paper leaves open; a verdict on one run grants
    the constant named. How a quantity grows takes a sweep. Below a measured value, the error to expect of it:
    what Lanczos left, and float32’s rounding of the kernels.`,
  );
}
