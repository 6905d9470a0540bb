import type { ClaimSummary, QuantitySummary } from '../../src/experiment/claims-document.ts';
import type { FittedPower } from '../../src/math/power-law.ts';
import type { ConditionVerdict, Verdict } from '../../src/theory/claim.ts';
import { resolution, worst } from '../../src/theory/verdict.ts';
import { formatInterval } from '../figures/exponents.ts';
import { formatGiven } from '../figures/format.ts';
import { variableSymbol } from '../figures/sweep-figure.ts';
import { type Html, html, notation, prose } from './html.ts';

const looks: Readonly<Record<Verdict | ConditionVerdict, string>> = {
  holds: 'holds',
  'proved; checked to float32': 'holds',
  shown: 'holds',
  met: 'holds',
  fails: 'fails',
  'not met': 'fails',
  'fails outside': 'unmet',
  'conditions not met': 'unmet',
  'not known': 'unmet',
  'not shown here': 'open',
  undecided: 'open',
  borderline: 'open',
};

/** A verdict in its word; colour and border only repeat it. null: nothing was claimed of it. */
export function verdictLabel(verdict: Verdict | ConditionVerdict | null): Html {
  if (verdict === null) return html`<span class="under">no claim</span>`;
  return html`<span class="word ${looks[verdict]}">${verdict}</span>`;
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

/** What the interval of a power says: the one that the verdict is about. */
function trend(power: FittedPower, variable: string, falls: boolean): Html {
  const [low, high] = power.interval!;
  const says =
    low > 0
      ? 'it grows at these sizes'
      : high < 0
        ? 'it falls'
        : falls
          ? 'whether it falls, these runs do not tell'
          : high <= resolution
            ? 'it does not grow as far as these sizes show'
            : 'whether it grows, these runs do not tell';
  return html`${notation(`${variableSymbol(variable)}^{${formatInterval(power)}}`)}: ${says}.`;
}

function reason(quantity: QuantitySummary, variable: string | null): Html | null {
  const { verdict, relation, constant, fit, growth, symbol, within } = quantity;
  if (verdict === null) return null;
  const share =
    within && within.of > 1
      ? html` ${within.runs} of ${within.of} seeds are within ${bar(quantity)} at the last size.`
      : null;
  switch (relation) {
    case 'beside':
      return null;
    case 'proved':
      return verdict === 'fails'
        ? html`A bound that is proved is broken, beyond what float32 explains: a fault of this program.`
        : html`Proved, with its constants; in every run ${notation(symbol)} is below it.`;
    case 'shows':
      return html`${notation(symbol)} is ${verdict === 'shown' ? '' : 'not '}at least the right-hand side.`;
    case 'falls':
    case 'does not grow':
      if (variable === 'd' && fit?.interval)
        return html`${notation(symbol)} goes as ${trend(fit, variable, relation === 'falls')}${share}`;
      return {
        holds: html`${notation(symbol)} is at most ${bar(quantity)}.`,
        fails: html`${notation(symbol)} is beyond ${bar(quantity)}.`,
        undecided:
          relation === 'falls'
            ? html`Whether ${notation(symbol)} falls with ${notation('*d*')} takes a sweep to tell.`
            : html`${notation(symbol)} is beyond ${bar(quantity)}; whether it grows takes a sweep to tell.`,
      }[verdict as 'holds' | 'fails' | 'undecided'];
  }
  if (constant !== 1 && growth?.interval && variable !== null)
    return html`Measured over right-hand side goes as ${trend(growth, variable, false)}${share}`;
  const stands = { 'at most': 'at most', 'at least': 'at least', 'of order': 'between' }[relation];
  return {
    holds: html`In every run, ${notation(symbol)} is ${stands} ${bar(quantity)}.`,
    fails: html`Not in every run is ${notation(symbol)} ${stands} ${bar(quantity)}.`,
    undecided: html`Within what is certain of it, ${notation(symbol)} may or may not be ${stands}
    ${bar(quantity)}.`,
  }[verdict as 'holds' | 'fails' | 'undecided'];
}

/** What a run is held against. */
const bar = ({ constant, relation }: QuantitySummary): Html =>
  constant === 1
    ? html`the right-hand side itself`
    : html`${formatGiven(constant)} times the right-hand
      side${relation === 'of order' ? html` and a ${formatGiven(constant)}th of it` : null}`;

/** The rule of the verdicts in words; src/theory/verdict.ts holds it. */
export const verdictRule: Html = html`<p>
    The paper’s statements leave their constants open, and no run can prove a statement about every large
    ${notation('*d*')}. So a verdict is about the trend. Where a setting has at least three values of its
    variable, powers of it are fitted by least squares on the logarithms, with one intercept a seed (runs of
    one seed share random numbers) and one slope; [p₋, p₊] is the interval that holds the exponent with 95 %
    confidence, by Student’s <i>t</i>. Neighbouring sizes of a seed may err alike, so that the interval is
    wider than the errors in the tables, which take them as independent; where they do so strongly, each seed
    counts as one observation, of its own exponent. The exponent claimed is that of the right-hand side over
    the same runs, its logarithms included.
  </p>
  <ul>
    <li>
      <b>At most a constant times the right-hand side:</b> <i>fails</i> where the ratio of both grows, p₋ &gt;
      0; <i>holds</i> where p₊ ≤ ${resolution}, so that it grows by less than a logarithm would;
      <i>undecided</i> else. The constant plays no part. <b>At least</b> is its mirror image, and
      <b>of the order of the right-hand side</b> asks for both (where every ratio is above 1 it may fall).
    </li>
    <li>
      <b>Does not grow,</b> of a number that a universal constant bounds: likewise, by its own exponent.
    </li>
    <li>
      <b>Falls with the dimension,</b> ${notation('*d*^{−Ω(*α*)}')}: <i>holds</i> where p₊ &lt; 0,
      <i>fails</i> where p₋ &gt; 0 (it grows at these sizes), <i>undecided</i> between.
    </li>
    <li>
      <b>Exact claims</b> (the constant is 1), and settings too small for a fit: every run is held against the
      right-hand side times the constant granted, which each quantity’s table names; undecided where the error
      of the measured value reaches across. A single run cannot show that something falls with the dimension;
      where it is above its right-hand side, it fails.
    </li>
    <li>
      <b>Proved; checked to float32:</b> an inequality with all its constants. It cannot fail but by rounding
      or a fault of the program, so that how tight it is, is what is measured.
    </li>
    <li><b>Shown,</b> or <b>not shown here:</b> of a statement that something <i>can</i> be.</li>
    <li>
      <b>Conditions not met:</b> a hypothesis of the claim does not hold in some run, or the run did not go as
      far as the claim speaks of: it says nothing here. <b>Fails outside:</b> likewise, and the numbers break
      it, which is no contradiction to it but shows what the hypothesis is for. A borderline condition counts
      as met.
    </li>
  </ul>
  <p>
    A claim in a setting is judged by the worst of its quantities. Theorems speak with high probability:
    beside a mean over seeds stands how many of them are within the constant granted. Bounds are evaluated at
    the largest ${notation('*α* ≤ ¼')} that the sizes allow: a single run’s by ${notation('log *n*/log *d*')}
    and ${notation('log *m*/log *d*')}, a sweep’s by the powers with which ${notation('*n*')} and
    ${notation('*m*')} grow; where that is 0 the theorem is silent. How often these rules are wrong on data
    whose truth is known stands in the table that test/referee prints. “The deck” is the set of lecture slides
    on the paper that THEORY.md in First Light’s repository restates.
  </p>`;
