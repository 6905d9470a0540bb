import 'katex/dist/katex.min.css';
import { claims } from '../../../src/theory/claims.ts';
import type { Recording, View } from '../recording.ts';
import { ClaimRow } from './claim-row.ts';
import { type Word, askedOf, progressWords, summaryWords } from './claim-words.ts';
import { htmlElement } from './html-element.ts';
import { LiveView } from './live-view.ts';
import { ratioScale } from './ratio-bar.ts';

/**
 * Every claim of the theory and how it stands in this experiment; those that were not measured are folded. Where it measures
 * none, a button has it measure all, by the event `claims` on the board.
 */
export function createClaimsBoard(): View {
  const rows = claims.map((claim) => new ClaimRow(claim));
  const summary = htmlElement('p', 'claims-summary');
  summary.setAttribute('role', 'status');
  const progress = htmlElement('p', 'claims-progress');
  const element = htmlElement('section', 'view view-claims');
  const measure = actionButton('action', 'Measure every claim', () =>
    element.dispatchEvent(new CustomEvent('claims', { bubbles: true })),
  );
  const offer = htmlElement(
    'p',
    'claims-offer',
    measure,
    ' The experiment begins anew and takes longer: kernels, their norms and spectra are measured, too.',
  );
  const list = htmlElement('ol', 'claims-list', ...rows.map(({ element: row }) => row));
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
  const fold = actionButton('action claims-fold', '', () => {
    element.classList.toggle('unfolded');
    drawFold();
  });
  const note = htmlElement(
    'p',
    'view-note',
    'The paper leaves the constants of its bounds open: what is measured may be the right-hand side times the constant that is granted. One run is held against it; how a quantity grows with d takes a sweep.',
  );
  element.append(summary, progress, offer, head, list, fold, note);
  element.setAttribute('aria-label', 'Claims of the theory');
  let folded = 0;
  const drawFold = (): void => {
    const open = element.classList.contains('unfolded');
    fold.setAttribute('aria-expanded', String(open));
    const those = folded === claims.length ? `all ${claims.length} claims` : `${folded} not measured`;
    write(fold, `${open ? 'Hide' : 'Show'} the ${those}`.replace('the all', 'all'));
    fold.hidden = folded === 0;
    head.hidden = folded === claims.length && !open;
  };
  let formulas: Promise<void> | undefined;
  return new LiveView(element, (recording) => {
    // Loaded when the board is first seen.
    formulas ??= import('./claim-formulas.tex').then(({ default: set }) =>
      rows.forEach((row) => row.setFormula(set)),
    );
    const words = rows.map((row) => row.draw(recording));
    folded = words.filter((word) => word === 'not measured').length;
    // A status is read out whenever it is written.
    write(summary, summaryWords(words, recording));
    write(progress, progressWords(recording));
    progress.hidden = progress.textContent === '';
    offer.hidden = !mayMeasure(recording, words);
    drawFold();
  });
}

/** Whether there is something to measure that the experiment does not, in a browser that can. */
const mayMeasure = (recording: Recording, words: readonly Word[]): boolean =>
  !recording.recorded && askedOf(recording.spec).length === 0 && words.includes('not measured');

function write(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}

function actionButton(className: string, words: string, act: () => void): HTMLButtonElement {
  const button = htmlElement('button', className, words);
  button.type = 'button';
  button.addEventListener('click', act);
  return button;
}
