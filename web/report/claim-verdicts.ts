import type { ClaimSummary, QuantitySummary } from '../../src/experiment/claims-document.ts';
import { blurred, flat, worst } from '../../src/experiment/claims-verdict.ts';
import type { ConditionVerdict, Verdict } from '../../src/theory/claim.ts';
import { formatExponent } from '../figures/dimension-figure.ts';
import { formatGiven } from '../figures/format.ts';
import { variableSymbol } from '../figures/sweep-figure.ts';
import { type Html, html, notation, prose } from './html.ts';

/** A verdict in its word; colour and border only repeat it. null: nothing was claimed of it. */
export function verdictLabel(verdict: Verdict | ConditionVerdict | null): Html {
  if (verdict === null) return html`<span class="under">no claim</span>`;
  const look = {
    holds: 'holds',
    met: 'holds',
    fails: 'fails',
    'not met': 'fails',
    'conditions not met': 'unmet',
    'not known': 'unmet',
    undecided: 'open',
    borderline: 'open',
  }[verdict];
  return html`<span class="word ${look}">${verdict}</span>`;
}

/** The quantity that a claim's verdict is about: the first of those that stand worst. */
export function deciding({ quantities }: ClaimSummary): QuantitySummary | undefined {
  const judged = quantities.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
  const verdict = judged.length > 0 ? worst(judged) : null;
  return quantities.find((quantity) => quantity.verdict === verdict);
}

/** What a claim's verdict rests on, in a sentence or two. */
export function describeVerdict(summary: ClaimSummary, variable: string | null): Html {
  const quantity = deciding(summary);
  return html`${quantity ? reason(quantity, variable) : null}${
    summary.remark === '' ? null : html` ${prose(summary.remark)}`
  }`;
}

function reason(quantity: QuantitySummary, variable: string | null): Html | null {
  const { verdict, relation, constant, fit, growth, symbol } = quantity;
  if (verdict === null) return null;
  const power = (of: NonNullable<typeof fit>): Html =>
    notation(`${variableSymbol(variable!)}^{${formatExponent(of)}}`);
  if (relation === 'falls' && variable === 'd' && fit) {
    const says = {
      holds: 'it falls.',
      fails: 'it does not fall.',
      undecided: 'whether it falls, these runs do not tell.',
      'conditions not met': '',
    }[verdict];
    return html`${notation(symbol)} goes as ${power(fit)}: ${says}`;
  }
  const bar =
    constant === 1
      ? html`the right-hand side itself`
      : html`${formatGiven(constant)} times the right-hand
        side${relation === 'of order' ? html` and a ${formatGiven(constant)}th of it` : null}`;
  if (constant === 1 || relation === 'falls' || !growth) {
    const within = { 'at most': 'at most', falls: 'at most', 'at least': 'at least', 'of order': 'between' }[
      relation
    ];
    return {
      holds: html`In every run, ${notation(symbol)} is ${within} ${bar}.`,
      fails: html`Not in every run is ${notation(symbol)} ${within} ${bar}.`,
      undecided: html`Within what is certain of it, ${notation(symbol)} may or may not be ${within} ${bar}.`,
      'conditions not met': null,
    }[verdict];
  }
  const trend = html`Measured over right-hand side goes as ${power(growth)}`;
  switch (verdict) {
    case 'holds':
      return html`${trend}: it
      ${{ 'at most': 'does not grow', 'at least': 'does not shrink', 'of order': 'stays of one order' }[relation]}.`;
    case 'fails':
      return html`${trend}: it
      ${{ 'at most': 'grows', 'at least': 'shrinks', 'of order': 'does not stay between the constants granted' }[relation]}.`;
    case 'undecided':
      return html`${trend}, too uncertain to tell, with ratios beyond the constant granted,
      ${formatGiven(constant)}.`;
    case 'conditions not met':
      return null;
  }
}

/** The rule of the verdicts in words; src/experiment/claims-verdict.ts holds it. */
export const verdictRule: Html = html`<p>
    The paper’s statements leave their constants open, and no run can prove a statement about every large
    ${notation('*d*')}. So a verdict is about the trend. Where a setting has at least three values of its
    variable, powers of it are fitted by least squares on the logarithms, with their standard errors <i>s</i>;
    the exponent claimed is that of the right-hand side over the same runs.
  </p>
  <ul>
    <li>
      <b>At most a constant times the right-hand side:</b> fails where the ratio of both grows, with an
      exponent above ${notation(`2*s* + ${flat}`)} (over a sweep’s span, ${flat} is what logarithms hide).
      Otherwise holds where every ratio is within the constant granted, or where the exponent is so far below
      0 that the ratio surely does not grow; else undecided. <b>At least</b> is its mirror image.
    </li>
    <li>
      <b>Of the order of the right-hand side:</b> holds where every ratio is within the constant granted, from
      above and below; fails where it moves away from 1 beyond ${notation(`2*s* + ${flat}`)}.
    </li>
    <li>
      <b>Falls with the dimension,</b> ${notation('*d*^{−Ω(*α*)}')}: holds where the exponent is below
      ${notation(`−${flat}`)} and by more than ${notation('2*s*')} below 0; fails where it is not below
      ${notation(`−${flat}`)}, unless ${notation(`*s* > ${blurred}`)} leaves that open; undecided between.
    </li>
    <li>
      <b>Exact claims</b> (the constant is 1), and settings too small for a fit: every run is held against the
      right-hand side times the constant granted, which each quantity’s table names; undecided where the error
      of the measured value reaches across. A single run cannot show that something falls with the dimension.
    </li>
    <li>
      <b>Conditions not met:</b> a hypothesis of the claim does not hold in some run, and the claim held there
      nevertheless. Where it failed too, the verdict is <i>fails</i>, and names the hypothesis. Runs that the
      statement says nothing about (a measured hypothesis is not met) count neither way. A borderline
      condition counts as met.
    </li>
  </ul>
  <p>
    A claim in a setting is judged by the worst of its quantities. Bounds are evaluated at
    ${notation('*α* = ¼')}, the end of the theorems’ range, where they ask for most; the conditions say which
    ${notation('*α*')} the sizes allow. “The deck” is the set of lecture slides on the paper that THEORY.md in
    First Light’s repository restates.
  </p>`;
