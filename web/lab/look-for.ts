import { depthOf, widthOf } from '../../src/experiment/network-facts.ts';
import { isRead } from '../../src/experiment/spec-facts.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { formatCount, formatNumber } from '../figures/format.ts';

/**
 * What to look for in an experiment, in the markup of figures/notation.ts: what sets it apart, by its spec, and a question that
 * its views answer. It never says what comes out.
 */
export function lookFor({ data, target, network, training: { layers } }: Spec): string {
  const degrees =
    target.kind === 'hermite' ? target.coefficients.flatMap((a, k) => (a === 0 ? [] : k + 1)) : [];
  if (degrees.length > 1) {
    const last = degrees.pop()!;
    return `A target of degrees ${degrees.join(', ')} and ${last}: which part does the network learn first, and how long after it the others?`;
  }
  if (network.kind === 'convolutional') {
    const filter = network.shape.slice(1).map(() => network.filter);
    return `Filters of ${filter.join(' × ')}: does the linear model come as near as to a fully-connected network on the same inputs?`;
  }
  const depth = depthOf(network);
  if (depth > 1) return `${depth} hidden layers: do the two models part sooner than with one?`;
  const odd = oddity(data);
  if (odd) return `${odd}: do the dots keep to the diagonal?`;
  const m = widthOf(network);
  if (!isRead(data) && m < data.d)
    return `${formatCount(m)} hidden units for ${formatCount(data.d)} inputs: does the network follow the linear model at all?`;
  if (network.activation === 'relu' && layers !== 'first')
    return 'With the ReLU the linear model has a feature of ‖*x*‖: do the two agree on the circle, and off it?';
  if (layers === 'first')
    return 'With *v* at rest: do the dots keep to the diagonal longer than where both layers train?';
  const tested = isRead(data) ? data.xTest !== undefined : data.nTest > 0;
  return `Until when do both losses fall as one? Does the network go below the linear optimum${tested ? ', on new points, too' : ''}?`;
}

/** What the theorems exclude of inputs; null for nothing. */
function oddity(data: Spec['data']): string | null {
  switch (data.distribution) {
    case 'spiked':
      return data.d === 1
        ? null
        : `One direction holds ${formatNumber(100 * data.spike)}\u202f% of the variance`;
    case 'student-t':
      return 'Inputs with heavy tails';
    case 'uncentred':
      return `Inputs of mean ${formatNumber(data.shift)}`;
    default:
      return null;
  }
}
