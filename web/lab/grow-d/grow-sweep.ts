import type { Preparation } from '../../../src/experiment/result.ts';
import type { Spec } from '../../../src/experiment/spec.ts';
import { activationOf } from '../../../src/experiment/spec-facts.ts';
import type { SweepInput } from '../../../src/experiment/sweep.ts';
import { agreementShare } from '../../../src/theory/horizon.ts';
import { isCentred } from '../../../src/theory/alpha.ts';
import { slopeSquare } from '../../../src/theory/conditions.ts';

/** η sup|φ′|²/d: well within the rates that the theorems take. */
const rateShare = 0.1;

/**
 * The theorem as a sweep: the dimension grows, and with it n and m by their powers, up to T. φ is that of the experiment on
 * the screen, and so are the layers where the same width is enough for them: a second layer with E φ(g) ≠ 0 asks for d^{2+α}.
 */
export function growSweep(
  { network, training: { layers } }: Pick<Spec, 'network' | 'training'>,
  { constants, deep }: Pick<Preparation, 'constants' | 'deep'>,
): SweepInput {
  const ratio = Number((rateShare / slopeSquare({ activation: activationOf(network) })).toPrecision(2));
  return {
    name: 'grow-d',
    data: {
      distribution: 'gaussian',
      d: { from: 10, to: 80, times: 'sqrt(2)' },
      n: 'ceil(d^1.5)',
      nTest: 500,
    },
    target: { kind: 'sign-quadratic', lambda: 0.5 },
    network: {
      width: '2*ceil(d^1.5/2)',
      activation: network.activation,
      ...(network.slope !== undefined && { slope: network.slope }),
    },
    training: {
      layers: !deep && isCentred({ constants }) ? layers : 'first',
      eta: `${ratio}*d`,
      // T = c d log d/η
      steps: `ceil(${Number((agreementShare / ratio).toPrecision(3))}*log(d))`,
    },
    seed: [0, 1, 2],
  };
}
