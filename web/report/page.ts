import type { Figure } from '../figures/frame.ts';
import { svgMarkup } from '../figures/markup.ts';
import { type Html, html, raw } from './html.ts';
import { styleSheet } from './style.ts';

export interface Section {
  title: Html | string;
  /** What links to it name. */
  id?: string;
  body: Html;
}

/**
 * A whole HTML document that asks for nothing from outside. `contents`: a long one, with a list of those of its sections that
 * have an id.
 */
export function page(options: {
  title: string;
  kicker: string;
  lead: Html;
  sections: readonly Section[];
  contents?: boolean;
}): string {
  const { title, kicker, lead, sections, contents = false } = options;
  const body = html`<article>
    <header>
      <p class="kicker">${kicker}</p>
      <h1>${title}</h1>
      ${lead} ${contents ? contentsOf(sections) : null}
    </header>
    ${sections.map(
      (section) =>
        html`<section${section.id === undefined ? null : html` id="${section.id}"`}>
          <h2>${section.title}</h2>
          ${section.body}
        </section>`,
    )}
  </article>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="First Light">
${html`<title>${title}</title>`.markup}
<style>${styleSheet}</style>
</head>
<body>
${body.markup}
</body>
</html>
`;
}

const contentsOf = (sections: readonly Section[]): Html =>
  html`<nav class="contents" aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) =>
        id === undefined ? null : html`<li><a href="#${id}">${title}</a></li>`,
      )}
    </ul>
  </nav>`;

/**
 * Figures beside each other where there is room. `letters` puts (a), (b), … before the captions; without `captions`
 * the text around the row has to say what is seen.
 */
export function figureRow(
  figures: readonly Figure[],
  options: { letters?: string; wide?: boolean; captions?: boolean } = {},
): Html {
  const { letters = '', wide = false, captions = true } = options;
  return html`<div class="figures${wide ? ' wide' : ''}">
    ${figures.map(
      ({ svg, captionHtml }, k) =>
        html`<figure>
          ${raw(svgMarkup(svg))}
          ${
            captions
              ? html`<figcaption>
                  ${letters[k] ? html`<b>(${letters[k]})</b> ` : null}${raw(captionHtml)}
                </figcaption>`
              : null
          }
        </figure>`,
    )}
  </div>`;
}

/** A few numbers to take away, each with its words. */
export function keyNumbers(items: readonly { value: Html | string; words: Html }[]): Html {
  return html`<dl class="key">
    ${items.map(
      ({ value, words }) =>
        html`<div>
          <dt>${words}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export const preformatted = (text: string): Html => html`<pre><code>${text}</code></pre>`;

const paper = 'https://arxiv.org/abs/2006.14599';

export const citation: Html = html`<p>
    The claims measured here are those of Wei Hu, Lechao Xiao, Ben Adlam and Jeffrey Pennington,
    <cite>The Surprising Simplicity of the Early-Time Learning Dynamics of Neural Networks</cite>, Advances in
    Neural Information Processing Systems 33 (NeurIPS 2020), <a href="${paper}">arXiv:2006.14599</a>. Please
    cite it together with First Light.
  </p>
  ${preformatted(`@inproceedings{hu2020surprising,
  title     = {The Surprising Simplicity of the Early-Time Learning Dynamics of Neural Networks},
  author    = {Hu, Wei and Xiao, Lechao and Adlam, Ben and Pennington, Jeffrey},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {33},
  year      = {2020},
  note      = {arXiv:2006.14599}
}`)}`;
