import type { ConditionVerdict } from '../../../src/theory/claim.ts';
import './assumptions.css';
import { formatCount, formatNumber } from '../../figures/format.ts';
import { notationToHtml } from '../../figures/notation.ts';
import type { Recording } from '../recording.ts';
import { htmlElement, htmlMarked } from '../views/html-element.ts';
import { assumptionsOf } from './assumptions.ts';

const marks: Readonly<Record<ConditionVerdict, string>> = {
  met: '✓',
  borderline: '~',
  'not met': '✗',
  'not known': '?',
};

/** What the theorem assumes of the experiment on the screen, and whether it is so. */
export function createAssumptionList(): { element: HTMLElement; follow: (recording: Recording) => void } {
  const list = htmlElement('ul', '');
  const source = htmlElement('p', 'assumptions-source');
  const element = htmlElement(
    'section',
    'assumptions',
    htmlElement('h2', '', 'What the theorem assumes'),
    list,
    source,
  );
  element.setAttribute('aria-label', 'What the theorem assumes');
  let shown: Recording['preparation'] = null;
  return {
    element,
    follow: ({ spec, preparation }) => {
      if (preparation === null || preparation === shown) return;
      shown = preparation;
      const theorem = assumptionsOf(spec, preparation);
      element.hidden = theorem === null;
      if (!theorem) return;
      source.textContent = `Claim ${formatCount(theorem.claim.number)}, with every constant taken as 1.`;
      list.replaceChildren(
        ...theorem.conditions.map(({ hypothesis, here, verdict, remark }) => {
          const mark = htmlElement('span', 'assumption-mark', marks[verdict]);
          mark.setAttribute('role', 'img');
          mark.setAttribute('aria-label', verdict);
          const value = here ? notationToHtml(`${here.symbol} = ${formatNumber(here.value)}`) : '';
          const why = [value, notationToHtml(remark)].filter(Boolean).join(', ').replace(/, = /, ' = ');
          const item = htmlElement(
            'li',
            `assumption assumption-${verdict.replace(' ', '-')}`,
            mark,
            htmlMarked('span', '', `${notationToHtml(hypothesis)}${why ? `<small>${why}</small>` : ''}`),
          );
          return item;
        }),
      );
    },
  };
}
