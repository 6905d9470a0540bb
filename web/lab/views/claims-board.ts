import 'katex/dist/katex.min.css';
import { claims } from '../../../src/theory/claims.ts';
import type { View } from '../recording.ts';
import { ClaimRow } from './claim-row.ts';
import { countWords } from './claim-words.ts';
import { htmlElement } from './html-element.ts';
import { LiveView } from './live-view.ts';
import { ratioScale } from './ratio-bar.ts';

/** Every claim of the theory and how it stands in this experiment. */
export function createClaimsBoard(): View {
  const rows = claims.map((claim) => new ClaimRow(claim));
  const summary = htmlElement('p', 'claims-summary');
  summary.setAttribute('role', 'status');
  const list = htmlElement('ol', 'claims-list', ...rows.map(({ element }) => element));
  const head = htmlElement(
    'div',
    'claims-head',
    htmlElement('span'),
    htmlElement('span', '', 'Claim'),
    htmlElement('span', 'claims-head-measured', 'Measured, right-hand side'),
    htmlElement('span', 'claims-head-bar', 'Their ratio', ratioScale()),
    htmlElement('span'),
  );
  head.setAttribute('aria-hidden', 'true');
  const note = htmlElement(
    'p',
    'view-note',
    'The paper leaves the constants of its bounds open. One run is held against the constant marked on each bar; how a quantity grows with d takes a sweep.',
  );
  const element = htmlElement('section', 'view view-claims', summary, head, list, note);
  element.setAttribute('aria-label', 'Claims of the theory');
  let formulas: Promise<void> | undefined;
  return new LiveView(element, (recording) => {
    // Loaded when the board is first seen.
    formulas ??= import('./claim-formulas.tex').then(({ default: set }) =>
      rows.forEach((row) => row.setFormula(set)),
    );
    const words = countWords(rows.map((row) => row.draw(recording)));
    // A status is read out whenever it is written.
    if (summary.textContent !== words) summary.textContent = words;
  });
}
