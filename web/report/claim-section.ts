import type { ClaimFigure } from '../figures/claim-figures.ts';
import { type ClaimRow, hypothesesTable, quantitiesTable } from './claim-tables.ts';
import { describeVerdict, verdictLabel } from './claim-verdicts.ts';
import { type Html, html, prose } from './html.ts';
import { type Section, figureRow } from './page.ts';

/** A claim: what it says, what was measured, on what conditions, and what came of it in every setting. */
export function claimSection(rows: readonly ClaimRow[], figures: readonly ClaimFigure[]): Section {
  const { text } = rows[0];
  const within = rows.filter(({ group }) => !group.outside);
  return {
    id: `claim-${text.number}`,
    title: html`${text.number}. ${prose(text.title)}`,
    body: html`<div class="statement">
        <p>${prose(text.statement)}</p>
        <p class="source">${prose(text.source)}</p>
      </div>
      <p><b>Measured:</b> ${prose(text.measures)}</p>
      ${within.map((row) => setting(row, figures))}
      ${
        within.length === 0
          ? html`<p>
              Measured outside the assumptions only: see <a href="#outside">Where the claims fail</a>.
            </p>`
          : null
      }
      ${
        within.some(({ summary }) => summary.conditions.length > 0)
          ? html`<h3>Conditions</h3>
              ${hypothesesTable(within)}`
          : null
      }`,
  };
}

function setting({ summary, group }: ClaimRow, figures: readonly ClaimFigure[]): Html {
  const own = figures.filter((figure) => figure.claim === summary.claim && figure.group === group.slug);
  return html`<h3>${prose(group.title)} ${verdictLabel(summary.verdict)}</h3>
    <p>${describeVerdict(summary, group.variable)}</p>
    ${quantitiesTable(summary, group.variable)}
    ${own.length > 0 ? html`<div class="claim-figures">${figureRow(own)}</div>` : null}`;
}
