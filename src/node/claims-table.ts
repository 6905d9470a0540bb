import type { ClaimSummary, ClaimsDocument, QuantitySummary } from '../experiment/claims-document.ts';
import type { Verdict } from '../theory/claim.ts';
import { formatPower } from './sweep-table.ts';
import { paint, short } from './text.ts';

const colours = {
  holds: 'green',
  fails: 'red',
  'conditions not met': 'yellow',
  undecided: 'yellow',
} as const satisfies Record<Verdict, string>;

/** What was measured of every claim in every group, in at most 80 columns: one line each. */
export function describeClaims({ title, claims, groups }: ClaimsDocument): string {
  const variables = new Map(groups.map(({ slug, variable }) => [slug, variable ?? '']));
  const within = groups.filter(({ outside }) => !outside).map(({ slug }) => slug);
  const lines = (isWithin: boolean) =>
    claims
      .filter(({ group }) => within.includes(group) === isWithin)
      .map((summary) => line(summary, variables.get(summary.group)!));
  const outside = lines(false);
  return [
    paint('bold', title.slice(0, 80)),
    '',
    paint('dim', `claim group            verdict             measured    bound  power of it, of bound`),
    ...lines(true),
    ...(outside.length > 0
      ? ['', paint('dim', 'Outside the assumptions, where claims may fail'), ...outside]
      : []),
  ].join('\n');
}

function line({ claim, group, verdict, quantities }: ClaimSummary, variable: string): string {
  const shown = telling(quantities);
  const powers = shown?.fit
    ? `  ${formatPower(shown.fit, variable)}${shown.claimed ? `, ${shown.claimed.exponent.toFixed(2)}` : ''}`
    : '';
  return [
    String(claim).padStart(5),
    ' ',
    group.slice(0, 16).padEnd(17),
    paint(colours[verdict], verdict.padEnd(19)),
    short(shown?.measured).padStart(9),
    short(shown?.bound).padStart(9),
    powers.slice(0, 20),
  ]
    .join('')
    .trimEnd();
}

/** The quantity to show in one line: the first that has a power beside its bound's, else a bound, else any. */
const telling = (quantities: readonly QuantitySummary[]): QuantitySummary | undefined =>
  quantities.find(({ fit, claimed }) => fit !== null && claimed !== null) ??
  quantities.find(({ bound }) => bound !== null) ??
  quantities.at(0);
