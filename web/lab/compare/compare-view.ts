import { discrepancyChart } from '../../figures/charts/discrepancy.ts';
import { lossChart } from '../../figures/charts/loss.ts';
import { escapeHtml, notationToHtml } from '../../figures/notation.ts';
import { fieldGroups } from '../fields.ts';
import type { Compared, Recording, View } from '../recording.ts';
import type { Axes } from '../views/axes.ts';
import { htmlElement, htmlMarked } from '../views/html-element.ts';
import { LiveView } from '../views/live-view.ts';
import { timeView } from '../views/time-view.ts';
import { type SpecDifference, specDifferences } from './spec-differences.ts';

/** Two experiments side by side, each with the other as a ghost, so that both have one scale; and what differs in words. */
export function createCompareView(axes: Axes): View {
  const charts = (): View[] => [
    timeView('Loss over time', axes.of('time'), axes.of('loss'), lossChart),
    timeView('Discrepancy over time', axes.of('time'), axes.of('discrepancy'), discrepancyChart),
  ];
  const [a, b] = [charts(), charts()];
  const pin = htmlElement('button', 'action');
  pin.type = 'button';
  const words = htmlElement('p', 'compare-words');
  const column = (name: string, views: readonly View[]): HTMLElement =>
    htmlElement('div', 'compare-column', htmlElement('h3', '', name), ...views.map(({ element }) => element));
  const pair = htmlElement('div', 'compare-pair', column('A', a), column('B, on the screen', b));
  const controls = htmlElement('div', 'view-controls', pin);
  const element = htmlElement('section', 'view view-compare', controls, words, pair);
  element.setAttribute('aria-label', 'Two experiments side by side');
  let pinned = false;
  pin.addEventListener('click', () =>
    element.dispatchEvent(new CustomEvent('pin', { detail: !pinned, bubbles: true })),
  );
  return new LiveView(element, (recording, cursor) => {
    const { compared } = recording;
    pinned = compared?.pinned ?? false;
    pin.textContent = pinned ? 'Let go of A' : 'Keep this experiment as A';
    pin.disabled = recording.recorded || recording.records.length === 0;
    words.replaceChildren(wordsOf(compared, recording));
    pair.hidden = compared === null;
    if (!compared) return;
    const shown = { ...recording, compared: null };
    const { spec, preparation, records } = recording;
    for (const view of a) {
      const other = { spec, preparation, records, name: 'B' as const, pinned: false };
      view.draw(
        { ...shown, ...compared, stage: null, snapshots: [], compared: other },
        compared.records.length - 1,
      );
    }
    for (const view of b) view.draw({ ...shown, compared: { ...compared, name: 'A' } }, cursor);
  });
}

function wordsOf(compared: Compared | null, { spec }: Recording): Node {
  if (!compared) {
    return htmlMarked(
      'span',
      '',
      'Change anything: the experiment before stays here as A, and as a ghost in every chart over <i>t</i>.',
    );
  }
  const differences = specDifferences(compared.spec, spec);
  if (differences.length === 0)
    return htmlElement('span', '', 'A is this experiment: change anything of it.');
  return htmlElement('ul', '', ...differences.map((one) => htmlMarked('li', '', differenceInWords(one))));
}

/** "Hidden units m: 128 in A, 8 in B" */
export function differenceInWords({ path, a, b }: SpecDifference): string {
  const field = fieldGroups.flatMap(({ fields }) => fields).find((one) => one.path === path);
  const value = (text: string | null): string => (text === null ? 'not given' : escapeHtml(text));
  const name = field ? notationToHtml(field.label) : escapeHtml(path);
  return `${name}: <b>${value(a)}</b> in A, <b>${value(b)}</b> in B`;
}
