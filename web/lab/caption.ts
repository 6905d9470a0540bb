import { formatNumber } from '../figures/format.ts';
import { notationToHtml } from '../figures/notation.ts';
import type { SetMeasures } from '../../src/experiment/result.ts';
import type { Recording } from './recording.ts';
import { shareApart, storyAt } from './story.ts';

const sets = { train: 'training points', test: 'new points' } as const;

/** What is told of a set, and the colour that stands for it in every view. */
const columns: readonly {
  id: string;
  name: string;
  of: (measures: SetMeasures | null | undefined) => string;
}[] = [
  { id: 'network', name: 'network loss', of: (measures) => formatNumber(measures?.losses.network) },
  { id: 'linear', name: 'linear model loss', of: (measures) => formatNumber(measures?.losses.linear) },
  {
    id: 'discrepancy',
    name: '⟨(*f* − *f*_{lin})²⟩/⟨*f*_{lin}²⟩',
    of: (measures) => percent(shareApart(measures)),
  },
];

/** What is to be seen, in a sentence, beside what it is made from: losses and discrepancy of both sets at the cursor. */
export class Caption {
  readonly element = document.createElement('section');
  readonly #story: HTMLElement;
  readonly #test: HTMLElement;
  readonly #numbers: { set: keyof typeof sets; of: (typeof columns)[number]['of']; cell: HTMLElement }[];
  #told = '';

  constructor() {
    this.element.className = 'caption';
    this.element.setAttribute('aria-label', 'What is to be seen');
    const heads = columns.map(({ id, name }) => `<th scope="col" class="${id}">${notationToHtml(name)}</th>`);
    const rows = Object.entries(sets).map(
      ([set, name]) =>
        `<tr class="${set}"><th scope="row">${name}</th>${columns.map(({ id }) => `<td class="${id}">—</td>`).join('')}</tr>`,
    );
    this.element.innerHTML = `
      <p class="story"></p>
      <table class="numbers">
        <thead><tr><td></td>${heads.join('')}</tr></thead>
        <tbody>${rows.join('')}</tbody>
      </table>`;
    this.#story = this.element.querySelector('.story')!;
    this.#test = this.element.querySelector('tr.test')!;
    this.#numbers = (Object.keys(sets) as (keyof typeof sets)[]).flatMap((set) =>
      columns.map(({ id, of }) => ({ set, of, cell: this.element.querySelector(`.${set} td.${id}`)! })),
    );
  }

  draw(recording: Recording, cursor: number): void {
    const record = recording.records.at(cursor);
    this.#test.hidden = record?.test === null;
    for (const { set, of, cell } of this.#numbers) cell.textContent = of(record?.[set]);
    const story = storyAt(recording, cursor);
    if (story === this.#told) return;
    this.#told = story;
    this.#story.innerHTML = `<span>${notationToHtml(story)}</span>`;
  }
}

const percent = (share: number | null): string =>
  share === null ? '—' : `${formatNumber(100 * share, 2)}\u202f%`;
