import { greatestOf } from '../math/statistics.ts';
import type { ClaimNumber } from '../theory/claim.ts';
import { agreementShare, horizon, mostPathSteps } from '../theory/horizon.ts';
import { expectedEntryWork, expectedPointCount } from '../theory/expected-cost.ts';
import type { ProblemSizes } from './memory.ts';
import { deepShape } from '../math/deep/architecture.ts';
import { type NetworkSpec, architectureOf, isTwoLayer, widthOf } from './network-spec.ts';
import { requestedClaims } from './requested-claims.ts';
import { type Spec, ratesOf } from './spec.ts';

/** Products that the norm of a difference takes, about. */
export const usualProducts = 40;
/** Operations of a matrix product that take as long as reading an entry of a stored kernel. */
const readWork = 14;
/** Of an entry of the expected kernel, beside the inner product. */
const expectedWork = 80;

/** What a run takes, in floating-point operations, about: for progress and for saying what is costly, not for promises. */
export interface Work {
  training: number;
  /** In the order in which they are measured. */
  claims: ReadonlyMap<ClaimNumber, number>;
}

/** Multiply-adds of one point's way through both towers. */
const connections = (network: NetworkSpec, d: number): number =>
  isTwoLayer(network)
    ? network.width * d
    : 2 *
      deepShape(architectureOf(network, d)).layers.reduce(
        (sum, { positions, channels, fanIn }) => sum + positions * channels * fanIn,
        0,
      );

/** The work of a spec on a problem of these sizes. */
export function workOf(spec: Spec, { n, nTest, d }: ProblemSizes): Work {
  const m = widthOf(spec.network);
  const { steps, linearized } = spec.training;
  const pass = 2 * n * connections(spec.network, d);
  const training =
    steps * (linearized ? 5 : 3) * pass + steps * 8 * n * d + 60 * 2 * nTest * connections(spec.network, d);
  return {
    training,
    claims: new Map(
      requestedClaims(spec).map(({ number }) => [number, claimWork(number, spec, { n, d, m })]),
    ),
  };
}

/** Kernels on the first points, the expected one on the host, and the kernel at t = 0 by products on all of them. */
function deepWork({ network }: Spec, n: number, d: number): number {
  if (isTwoLayer(network)) return 0;
  const architecture = architectureOf(network, d);
  const points = expectedPointCount(architecture, n);
  const host = (points ** 2 / 2) * expectedEntryWork(architecture) + points ** 2 * d;
  return (
    host + 3 * usualProducts * readWork * points ** 2 + 2 * usualProducts * 4 * n * connections(network, d)
  );
}

function claimWork(claim: ClaimNumber, spec: Spec, { n, d, m }: { n: number; d: number; m: number }): number {
  const { layers, steps } = spec.training;
  const products = usualProducts;
  const stored = products * readWork * n ** 2;
  // Whichever costs less is done: see worthStoring.
  const tangent = (symmetric: boolean): number =>
    Math.min((symmetric ? 1 : 2) * n ** 2 * (m + d) + stored, products * 4 * n * m * d);
  const expected = n ** 2 * (d + expectedWork) + stored;
  switch (claim) {
    case 1:
      return n ** 2 * d + products * 4 * n * d;
    case 2:
      return tangent(true) + expected;
    case 3:
      return expected;
    case 4:
      return tangent(true);
    case 11:
      return Math.min(2e11, 1e4 * 8 * n * d);
    case 12: {
      // Two random pairs, six steps of the path, and searches of some five places each, with gradients there.
      const searches = layers === 'second' ? 0 : layers === 'both' ? 5 : 3;
      return (
        2 * tangent(false) + (6 + searches) * tangent(true) + 5 * searches * (tangent(true) + 16 * n * m * d)
      );
    }
    case 13: {
      // The search is claim 12's; along the path a norm a step.
      const path = agreementShare * horizon(d, greatestOf(ratesOf(spec)));
      return Math.min(mostPathSteps, path, steps) * tangent(false);
    }
    case 14:
    case 15:
      return 3 * tangent(true);
    case 17:
      return deepWork(spec, n, d);
    default:
      return 2 * 1089 * m * d;
  }
}
