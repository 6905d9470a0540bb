import type { Claim } from '../theory/claim.ts';
import { claims, claimsFor } from '../theory/claims.ts';
import { type Spec, scopeOf } from './spec.ts';

/** The claims that a spec asks for, in the order in which they are measured. */
export function requestedClaims(spec: Spec): Claim[] {
  if (spec.claims === 'none') return [];
  if (spec.claims === 'all') return claimsFor(scopeOf(spec));
  const wanted = new Set<number>(spec.claims);
  return claims.filter(({ number }) => wanted.has(number));
}
