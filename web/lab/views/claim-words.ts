import { greatestOf } from '../../../src/math/statistics.ts';
import { scopeOf } from '../../../src/experiment/spec.ts';
import { reasonAgainst } from '../../../src/theory/claims.ts';
import type { Claim, ClaimMeasurement, Quantity, Verdict } from '../../../src/theory/claim.ts';
import type { Recording } from '../recording.ts';

export type Word = Verdict | 'not measured';

/** How the words look; they are told apart by their text and shape, too. */
export const lookOf: Record<Word, string> = {
  holds: 'holds',
  'proved; checked to float32': 'holds',
  shown: 'holds',
  'not shown here': 'open',
  fails: 'fails',
  'fails outside': 'unmet',
  'conditions not met': 'unmet',
  undecided: 'open',
  'not measured': 'none',
};

export const measurementOf = ({ claims }: Recording, { number }: Claim): ClaimMeasurement | undefined =>
  claims.find(({ claim }) => claim === number);

/** Why a claim is not measured. */
export function whyNotMeasured({ spec, phase }: Recording, claim: Claim): string {
  const senseless = reasonAgainst(claim, scopeOf(spec));
  if (senseless !== null) return `Not about this experiment: ${senseless}.`;
  const { claims } = spec;
  const asked = claims === 'all' || (Array.isArray(claims) && claims.includes(claim.number));
  if (!asked) return 'This experiment does not measure it.';
  return phase === 'ended' || phase === 'failed'
    ? 'The experiment ended before it was measured.'
    : 'It is being measured.';
}

/** The quantity that decides: of those with a right-hand side the one that stands worst to it, else the first. */
export function decidingQuantity({ quantities }: ClaimMeasurement): Quantity | undefined {
  const judged = quantities.filter(({ bound, relation }) => bound !== null && relation !== 'beside');
  const worst = greatestOf(judged.map(strain));
  return judged.find((quantity) => strain(quantity) === worst) ?? judged.at(0) ?? quantities.at(0);
}

/** How far a quantity reaches beyond what the claim allows, with its constant; at most 1 where it holds. */
function strain({ value, bound, relation, constant }: Quantity): number {
  const ratio = value / bound!.value;
  switch (relation) {
    case 'at most':
    case 'does not grow':
    case 'falls':
    case 'proved':
      return ratio / constant;
    case 'beside':
      return 0;
    case 'shows':
    case 'at least':
      return 1 / (ratio * constant);
    case 'of order':
      return Math.max(ratio, 1 / ratio) / constant;
  }
}

/** "6 hold, 1 fails, 9 not measured" */
export function countWords(words: readonly Word[]): string {
  const count = (word: Word): number => words.filter((one) => one === word).length;
  const said: [Word, string, string][] = [
    ['holds', 'holds', 'hold'],
    ['proved; checked to float32', 'proved', 'proved'],
    ['shown', 'shown', 'shown'],
    ['not shown here', 'not shown here', 'not shown here'],
    ['fails', 'fails', 'fail'],
    ['fails outside', 'fails outside its conditions', 'fail outside their conditions'],
    ['conditions not met', 'with conditions not met', 'with conditions not met'],
    ['undecided', 'undecided', 'undecided'],
    ['not measured', 'not measured', 'not measured'],
  ];
  return said
    .filter(([word]) => count(word) > 0)
    .map(([word, one, many]) => `${count(word)} ${count(word) === 1 ? one : many}`)
    .join(', ');
}
