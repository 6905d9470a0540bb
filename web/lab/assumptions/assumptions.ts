import { settingOf } from '../../../src/experiment/setting.ts';
import type { Preparation } from '../../../src/experiment/result.ts';
import type { Spec } from '../../../src/experiment/spec.ts';
import { scopeOf } from '../../../src/experiment/spec-facts.ts';
import type { Claim, Condition } from '../../../src/theory/claim.ts';
import { claims } from '../../../src/theory/claims.ts';
import { reasonAgainst } from '../../../src/theory/scope.ts';

/** The claims that promise early agreement, each for the layers that it trains. */
const theorems = [5, 7, 8, 17];

/** The theorem that an experiment is about, with its hypotheses as they stand to the experiment: those of the claim itself. */
export function assumptionsOf(
  spec: Spec,
  preparation: Preparation,
): { claim: Claim; conditions: Condition[] } | null {
  const scope = scopeOf(spec);
  const claim = claims.find(
    (one) => theorems.includes(one.number) && reasonAgainst(one.number, scope) === null,
  );
  return claim ? { claim, conditions: claim.conditions(settingOf(spec, preparation)) } : null;
}
