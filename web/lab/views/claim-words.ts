import { greatestOf } from '../../../src/math/statistics.ts';
import type { Spec } from '../../../src/experiment/spec.ts';
import { scopeOf } from '../../../src/experiment/spec-facts.ts';
import { claims } from '../../../src/theory/claims.ts';
import { reasonAgainst } from '../../../src/theory/scope.ts';
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

/** The claims that an experiment measures: of those that it asks for the ones that are about it. */
export function askedOf(spec: Spec): Claim[] {
  const { claims: asked } = spec;
  if (asked === 'none') return [];
  const scope = scopeOf(spec);
  return claims.filter(
    (claim) =>
      (asked === 'all' || asked.includes(claim.number)) && reasonAgainst(claim.number, scope) === null,
  );
}

/** Why a claim is not measured. */
export function whyNotMeasured({ spec, phase }: Recording, claim: Claim): string {
  const senseless = reasonAgainst(claim.number, scopeOf(spec));
  if (senseless !== null) return `Not about this experiment: ${senseless}.`;
  if (!askedOf(spec).includes(claim)) return 'This experiment does not measure it.';
  return phase === 'ended' || phase === 'failed'
    ? 'The experiment ended before it was measured.'
    : 'It is being measured.';
}

/** How far a measurement is, and what it is at; nothing where none is under way. */
export function progressWords(recording: Recording): string {
  const { spec, phase, measuring } = recording;
  const asked = askedOf(spec).length;
  if (asked === 0 || phase === 'ended' || phase === 'failed') return '';
  const far = `${recording.claims.length} of ${asked} measured so far`;
  if (typeof measuring === 'number')
    return `${far}; claim ${measuring} is being measured, and training waits.`;
  return phase === 'paused'
    ? `${far}; the experiment is paused.`
    : `${far}; each of the others when training has come to the step that it is about, some only at the end.`;
}

/** How the claims stand. */
export function summaryWords(words: readonly Word[], { spec, recorded }: Recording): string {
  if (words.some((word) => word !== 'not measured')) return countWords(words);
  if (recorded) return 'This recording measured none of the claims.';
  return askedOf(spec).length > 0
    ? 'Nothing is measured yet.'
    : 'This experiment measures none of the claims.';
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
