import { activationFunctions, mathematicsOf } from '../math/activations.ts';
import { type ClaimNumber, type Scope, claimNumbers } from './claim.ts';

/** Why a claim makes no sense for an experiment; null where it does. */
type Reason = (scope: Scope) => string | null;

const trains =
  (first: boolean, second: boolean, what: string): Reason =>
  ({ layers }) =>
    layers.first === first && layers.second === second ? null : `it is about training ${what}`;

const firstLayerAlone = trains(true, false, 'the first layer alone');

/** φ″ exists everywhere. */
const isSmooth = ({ activation }: Scope): boolean => activationFunctions(activation).phiSecond !== null;

/** φ is linear left and right of 0, and bends there. */
const isPiecewiseLinear = (scope: Scope): boolean =>
  mathematicsOf(scope.activation).slopes !== null && !isSmooth(scope);

/** Those of claims that do not make sense for every experiment with such a network. */
const reasons: Partial<Record<ClaimNumber, Reason>> = {
  5: firstLayerAlone,
  6: (scope) =>
    firstLayerAlone(scope) ??
    (scope.tested ? null : 'it speaks of the data distribution, and there are no test points'),
  7: trains(false, true, 'the second layer alone'),
  8: trains(true, true, 'both layers'),
  14: (scope) =>
    !scope.layers.first
      ? 'it is about the first layer, which does not train'
      : isPiecewiseLinear(scope)
        ? 'it is about smooth activations, and this one is piecewise linear (see claim 15)'
        : !isSmooth(scope)
          ? 'it is about smooth activations, and *φ*′ of this one jumps'
          : activationFunctions(scope.activation).supPhiSecond === Infinity
            ? 'its constant has sup|*φ*″|, which is infinite for this activation'
            : null,
  15: (scope) =>
    !scope.layers.first
      ? 'it is about the first layer, which does not train'
      : isSmooth(scope)
        ? 'it is about piecewise linear activations, and this one is smooth (see claim 14)'
        : isPiecewiseLinear(scope)
          ? null
          : 'it is about activations that are linear left and right of 0, and this one is not',
  16: ({ targetDirections }) =>
    targetDirections ? null : 'it needs a target of known directions: sign-linear, sign-quadratic or hermite',
};

/** Claims about networks of any depth, and about those of more than two layers; all others are about two. */
const [ofAnyDepth, ofDeep]: readonly ClaimNumber[][] = [[1], [17]];

/** Why a claim makes no sense for an experiment; null where it does. */
export function reasonAgainst(claim: ClaimNumber, scope: Scope): string | null {
  if (ofDeep.includes(claim)) {
    return scope.deep ? null : 'it is about networks of network.kind "deep" or "convolutional"';
  }
  if (scope.deep && !ofAnyDepth.includes(claim)) return 'it is about two-layer networks';
  return reasons[claim]?.(scope) ?? null;
}

/** The claims that make sense for an experiment, in their order. */
export const claimsFor = (scope: Scope): ClaimNumber[] =>
  claimNumbers.filter((claim) => reasonAgainst(claim, scope) === null);
