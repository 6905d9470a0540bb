import { escapeHtml, notationToHtml } from '../figures/notation.ts';

/** Markup that is safe to insert as it is. Made by `html`, `notation` and `raw` only. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Insert = string | number | Html | readonly Insert[] | null;

const insert = (value: Insert): string =>
  value === null
    ? ''
    : value instanceof Html
      ? value.markup
      : typeof value === 'object'
        ? value.map(insert).join('')
        : escapeHtml(String(value));

/** HTML in which every inserted text is escaped; lists are joined, null is nothing. */
export const html = (strings: TemplateStringsArray, ...values: Insert[]): Html =>
  new Html(strings.map((string, k) => string + (k < values.length ? insert(values[k]) : '')).join(''));

/** A formula in the markup of figures/notation.ts; a short one is kept on one line. */
export const notation = (markup: string): Html =>
  new Html(
    markup.length > 48 ? notationToHtml(markup) : `<span class="formula">${notationToHtml(markup)}</span>`,
  );

/** Words with formulas in the same markup, broken wherever a line ends. */
export const prose = (markup: string): Html => new Html(notationToHtml(markup));

/** Markup from a trusted source: a serialized figure, the style sheet. */
export const raw = (markup: string): Html => new Html(markup);
