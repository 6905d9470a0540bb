import type { RunResult } from '../../src/experiment/result.ts';
import { type ClaimText, isClaimFigure, textOf } from '../figures/claim-figures.ts';
import type { Figure } from '../figures/frame.ts';
import { measurementsTable } from './claim-tables.ts';
import { html } from './html.ts';
import { type Section, figureRow } from './page.ts';

/** The claims that one run measured, and those of its figures that belong to them. */
export function runClaimsSection(
  { claims }: RunResult,
  { figures, texts }: { figures: readonly Figure[]; texts: readonly ClaimText[] },
): Section {
  const own = figures.filter(isClaimFigure);
  return {
    title: 'Claim by claim',
    body: html`${measurementsTable(
      claims.map((measurement) => ({ measurement, text: textOf(texts, measurement.claim) })),
    )}
    ${own.length > 0 ? html`<div class="claim-figures">${figureRow(own)}</div>` : null}`,
  };
}
