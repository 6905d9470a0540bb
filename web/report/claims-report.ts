import type { ClaimsDocument } from '../../src/experiment/claims-document.ts';
import type { ClaimNumber, Verdict } from '../../src/theory/claim.ts';
import {
  type ClaimFigure,
  type ClaimText,
  isClaimFigure,
  summaryFigures,
  textOf,
} from '../figures/claim-figures.ts';
import { formatExponent } from '../figures/exponents.ts';
import { formatCount } from '../figures/format.ts';
import type { Figure, FigureSize } from '../figures/frame.ts';
import { variableSymbol } from '../figures/sweep-figure.ts';
import { claimSection } from './claim-section.ts';
import { type ClaimRow, failuresTable, settingsTable, summaryTable } from './claim-tables.ts';
import { deciding, verdictRule } from './claim-verdicts.ts';
import { type Html, html, notation, prose } from './html.ts';
import { type Section, citation, figureRow, keyNumbers, page } from './page.ts';
import { adapterLabel, termList } from './tables.ts';

/** The figures of every claim in every setting, each with a slug of its own. */
export function claimsFigures(
  document: ClaimsDocument,
  texts: readonly ClaimText[],
  size?: FigureSize,
): ClaimFigure[] {
  return rowsOf(document, texts).flatMap(({ summary, group, text }) =>
    summaryFigures(summary, group, text, size),
  );
}

/** The report of a suite of claims: self-contained HTML for a reader who knows the paper, not the program. */
export function renderClaimsReport(
  document: ClaimsDocument,
  { figures, texts }: { figures: readonly Figure[]; texts: readonly ClaimText[] },
): string {
  const rows = rowsOf(document, texts);
  const within = rows.filter(({ group }) => !group.outside);
  const outside = rows.filter(({ group }) => group.outside);
  const drawn = figures.filter(isClaimFigure);
  const failures = document.groups.flatMap(({ points }) => points.filter(({ claims }) => claims === null));
  const numbers = [...new Set(rows.map(({ summary }) => summary.claim))];
  const optional = (is: boolean, section: () => Section): Section[] => (is ? [section()] : []);
  return page({
    title: document.title,
    kicker: 'First Light · the claims of the paper, measured',
    lead: html`${failures.length > 0 ? failureNotice(failures.length) : null}
      <p>${describeSuite(document, numbers.length)}</p>
      ${within.length > 0 ? headline(within) : null}`,
    contents: true,
    sections: [
      {
        id: 'claims',
        title: 'The claims',
        body:
          within.length > 0
            ? summaryTable(within)
            : html`<p>Nothing was measured within the assumptions.</p>`,
      },
      ...numbers.map((number) =>
        claimSection(
          rows.filter(({ summary }) => summary.claim === number),
          drawn,
        ),
      ),
      ...optional(outside.length > 0, () => ({
        id: 'outside',
        title: 'Where the claims fail',
        body: html`<p>
            These settings are outside the theorems’ assumptions on purpose: what is claimed may fail here,
            and a claim that holds nevertheless is no more than that.
          </p>
          ${summaryTable(outside, { remarks: true })} ${outsideFigures(outside, drawn)}`,
      })),
      { id: 'settings', title: 'Settings', body: settingsTable(document.groups) },
      ...optional(failures.length > 0, () => ({
        id: 'failed',
        title: 'Runs that failed',
        body: html`<p>They are in no number, fit or figure above.</p>
          ${failuresTable(document.groups)}`,
      })),
      { id: 'verdicts', title: 'How verdicts are made', body: verdictRule },
      { id: 'machine', title: 'Computed on', body: machine(document) },
      { id: 'cite', title: 'To cite', body: citation },
    ],
  });
}

function rowsOf({ claims, groups }: ClaimsDocument, texts: readonly ClaimText[]): ClaimRow[] {
  return claims.flatMap((summary) => {
    const group = groups.find(({ slug }) => slug === summary.group);
    return group ? [{ summary, group, text: textOf(texts, summary.claim) }] : [];
  });
}

const failureNotice = (count: number): Html =>
  html`<p class="notice">
    <b>${formatCount(count)} ${count === 1 ? 'run' : 'runs'} failed</b> and ${count === 1 ? 'is' : 'are'} in
    no number below: <a href="#failed">the reasons</a>.
  </p>`;

function describeSuite({ groups, adapter }: ClaimsDocument, claims: number): Html {
  const runs = groups.flatMap(({ points }) => points).filter((point) => point.claims !== null).length;
  const outside = groups.filter((group) => group.outside).length;
  const count = (number: number, one: string, many = `${one}s`): string =>
    `${formatCount(number)} ${number === 1 ? one : many}`;
  return html`${count(claims, 'statement')} of the paper about the early phase of learning, measured one by
    one: by ${count(runs, 'run')} in
    ${count(groups.length, 'setting')}${
      outside > 0
        ? html`, ${formatCount(outside)} of them outside the theorems’ assumptions on purpose`
        : null
    }.
    Each was computed with WebGPU${adapter ? html` on ${adapterLabel(adapter)}` : null}; spectral norms carry
    their errors. Every claim has a section with its conditions, quantities and figures;
    <a href="#verdicts">how verdicts are made</a> is at the end.`;
}

/** How many claims hold, which do not, and the exponents of the two statements that the paper rests on. */
function headline(rows: readonly ClaimRow[]): Html {
  const silent: readonly Verdict[] = ['conditions not met', 'fails outside'];
  const about = rows.filter(({ summary }) => !silent.includes(summary.verdict));
  const numbers = [...new Set(about.map(({ summary }) => summary.claim))];
  const verdictsOf = (number: ClaimNumber) =>
    about.filter(({ summary }) => summary.claim === number).map(({ summary }) => summary.verdict);
  const good: readonly Verdict[] = ['holds', 'shown', 'proved; checked to float32'];
  const holding = numbers.filter((number) => verdictsOf(number).every((verdict) => good.includes(verdict)));
  const failing = numbers.filter((number) => verdictsOf(number).includes('fails'));
  return keyNumbers([
    {
      value: `${holding.length} of ${numbers.length}`,
      words: html`claims hold (or are proved, or shown) in every setting that meets their conditions`,
    },
    ...(failing.length === 0
      ? []
      : [
          {
            value: `Claim${failing.length > 1 ? 's' : ''} ${failing.join(', ')}`,
            words: html`${failing.length > 1 ? 'fail' : 'fails'} in such a setting`,
          },
        ]),
    ...exponentOf(rows, 4, html`kernel at initialization to its linear model’s`),
    ...exponentOf(rows, 5, html`first-layer network to linear model, training points`),
  ]);
}

function exponentOf(rows: readonly ClaimRow[], claim: ClaimNumber, words: Html) {
  for (const { summary, group } of rows.filter((row) => row.summary.claim === claim)) {
    const quantity = deciding(summary);
    if (!quantity?.fit || group.variable === null) continue;
    const claimed =
      quantity.relation === 'falls' || !quantity.claimed
        ? null
        : html` (claimed: ${formatExponent({ ...quantity.claimed, standardError: null })})`;
    return [
      {
        value: formatExponent(quantity.fit),
        words: html`fitted exponent of ${notation(variableSymbol(group.variable))}, ${words}${claimed}`,
      },
    ];
  }
  return [];
}

function outsideFigures(rows: readonly ClaimRow[], figures: readonly ClaimFigure[]): Html[] {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups.flatMap(({ slug, title, purpose }) => {
    const own = figures.filter(({ group }) => group === slug);
    return own.length === 0
      ? []
      : [
          html`<h3>${prose(title)}</h3>
            <p>${prose(purpose)}</p>
            <div class="claim-figures">${figureRow(own)}</div>`,
        ];
  });
}

function machine({ adapter, provenance }: ClaimsDocument): Html {
  return termList([
    ['Adapter', adapter ? adapterLabel(adapter) : 'not told'],
    ['First Light', `${provenance.firstLight}, ${provenance.startedAt.slice(0, 10)}`],
    ['Computed by', provenance.environment ?? 'not told'],
    ...(adapter ? [['Features', adapter.features.join(', ') || 'none of the optional ones'] as const] : []),
  ]);
}
