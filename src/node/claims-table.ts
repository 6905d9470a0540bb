import type { ClaimSummary, ClaimsDocument, QuantitySummary } from '../experiment/claims-document.ts';
import type { Verdict } from '../theory/claim.ts';
import { formatExponent, hundredths } from './sweep-table.ts';
import { fitted, paint, printable, short, tableRow } from './text.ts';
import { emit, tell } from './voice.ts';

const colours = {
  holds: 'green',
  'proved; checked to float32': 'green',
  shown: 'green',
  'not shown here': 'yellow',
  fails: 'red',
  'fails outside': 'yellow',
  'conditions not met': 'yellow',
  undecided: 'yellow',
} as const satisfies Record<Verdict, string>;

/** Says what was found of every claim: a table for people, events for programs. */
export function tellClaims(document: ClaimsDocument): void {
  tell(`${describeClaims(document)}\n`);
  for (const claim of document.claims) emit({ event: 'claim', ...claim });
}

/**
 * What was measured of every claim in every group, in at most 80 columns: one line each, at the last value of the
 * group's variable, with the fitted power of that variable beside the bound's.
 */
export function describeClaims({ title, claims, groups }: ClaimsDocument): string {
  const within = groups.filter(({ outside }) => !outside).map(({ slug }) => slug);
  const lines = (isWithin: boolean) =>
    claims.filter(({ group }) => within.includes(group) === isWithin).map(line);
  const outside = lines(false);
  return [
    paint('bold', fitted(printable(title), 80)),
    '',
    paint('dim', 'claim group           verdict            measured    bound  power        bound’s'),
    ...(claims.length > 0 ? lines(true) : ['  nothing was measured']),
    ...(outside.length > 0
      ? ['', paint('dim', 'Outside the assumptions, where claims may fail'), ...outside]
      : []),
    '',
    paint('dim', 'bound: the right-hand side, its constant taken as 1. power, bound’s: of what is'),
    paint('dim', 'swept, as fitted. How verdicts are made stands at the end of report.html.'),
  ].join('\n');
}

/** A verdict in at most 18 columns. */
const wordOf = (verdict: Verdict): string => verdict.replace('proved; checked to float32', 'proved, checked');

function line({ claim, group, verdict, quantities }: ClaimSummary): string {
  const shown = telling(quantities, verdict);
  const cells = [
    ' ',
    paint(colours[verdict], wordOf(verdict).padEnd(18)),
    short(shown?.measured).padStart(9),
    short(shown?.bound).padStart(9),
    '  ',
    (shown?.fit ? formatExponent(shown.fit) : '').padEnd(13),
    shown?.claimed ? hundredths(shown.claimed.exponent) : '',
  ].join('');
  return tableRow(`${String(claim).padStart(5)} ${group}`, 21, cells);
}

/** The quantity to show in one line: one that the verdict is about, best with a power beside its bound's; else any. */
function telling(quantities: readonly QuantitySummary[], verdict: Verdict): QuantitySummary | undefined {
  const judged = quantities.filter((quantity) => quantity.verdict !== null);
  const about = judged.filter((quantity) => quantity.verdict === verdict);
  const candidates = about.length > 0 ? about : judged.length > 0 ? judged : quantities;
  return candidates.find(({ fit, claimed }) => fit !== null && claimed !== null) ?? candidates.at(0);
}
