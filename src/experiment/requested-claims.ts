import { type ClaimNumber, claimNumbers } from '../theory/claim.ts';
import { claimsFor } from '../theory/scope.ts';
import type { Spec } from './spec.ts';
import { scopeOf } from './spec-facts.ts';

/** The claims that a spec asks for, in the order in which they are measured. */
export function requestedClaims(spec: Spec): ClaimNumber[] {
  if (spec.claims === 'none') return [];
  if (spec.claims === 'all') return claimsFor(scopeOf(spec));
  const wanted = new Set<number>(spec.claims);
  return claimNumbers.filter((claim) => wanted.has(claim));
}
