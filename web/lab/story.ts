import { accuracyWarning } from '../../src/experiment/accuracy.ts';
import type { RunStatus, SetMeasures } from '../../src/experiment/result.ts';
import { greatestOf } from '../../src/math/statistics.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import { formatCount, formatNumber } from '../figures/format.ts';
import type { Recording } from './recording.ts';

/** Up to this share of the linear model's mean square, the mean squared difference is one that the theorems call small. */
const agreement = 0.05;
/** Up to this one the two are close, though not the same. */
const closeness = 0.25;
/** Losses within this share of each other are the same to the eye. */
const sameLoss = 0.01;

/** ⟨(f − f_lin)²⟩/⟨f_lin²⟩ on one set: how far the network is from the linear model, by that model's own size; null of no set. */
export function shareApart(measures: SetMeasures | null | undefined): number | null {
  if (measures?.linearSquare === undefined) return null;
  const { discrepancies, linearSquare } = measures;
  return discrepancies.linear === 0 ? 0 : discrepancies.linear / linearSquare;
}

/** What is to be seen at a recorded step, in a sentence or two of web/figures/notation.ts; each is computed from the numbers there. */
export function storyAt({ records, phase, preparation, result }: Recording, cursor: number): string {
  const record = records.at(cursor);
  if (!record) {
    return phase === 'failed'
      ? 'This experiment could not be computed.'
      : 'Drawing data and weights, compiling the shaders …';
  }
  if (result && cursor === records.length - 1) {
    const { status, accuracy } = result;
    if (status.kind === 'diverged') return diverged(status, preparation);
    const warning = accuracyWarning(accuracy);
    if (warning) return `*Beyond float32.* ${warning}`;
  }
  const { step, train, test } = record;
  if (step === 0) return '*At the start.* Both models are 0 everywhere, by their initialization.';
  const optimum = preparation?.linearOptimum ?? null;
  const within = step <= agreementShare * (preparation?.horizon ?? Infinity);
  const fits = { train: compare(train), test: test && compare(test) };
  const settled = optimum !== null && train.losses.linear <= (1 + sameLoss) * optimum;
  if (settled && !within && fits.train === 'better') {
    return `*Later.* The linear model is at its optimum, and the network fits the training points better${
      fits.test === null ? '' : newPointsToo[fits.test]
    }.`;
  }
  const shares = [train, test].map(shareApart).filter((share) => share !== null);
  const apart = shares.length > 0 ? greatestOf(shares) : null;
  const sets = test ? 'on training points and on new ones' : 'on the training points';
  // Of what older versions recorded it is not known how far the two are apart.
  if (apart === null) return comparison(fits, false).trim();
  if (apart <= agreement) {
    const told = `The network behaves like the linear model, ${sets}.`;
    return within ? `*Early.* ${told}` : `*Still together.* ${told}${comparison(fits, true)}`;
  }
  const lead =
    apart <= closeness
      ? `*Close.* The network is near the linear model, but not the same, ${sets}.`
      : '*Apart.* The network is not near the linear model.';
  return `${lead}${comparison(fits, false)}`;
}

type Fit = 'better' | 'equally well' | 'worse';
interface Fits {
  train: Fit;
  test: Fit | null;
}

const newPointsToo: Record<Fit, string> = {
  better: ', new points, too',
  'equally well': ', new points equally well',
  worse: ', but new points worse',
};

/** How the network fits a set, beside the linear model. */
function compare({ losses: { network, linear } }: SetMeasures): Fit {
  if (Math.abs(network - linear) <= sameLoss * linear) return 'equally well';
  return network < linear ? 'better' : 'worse';
}

/** Which of the two fits training and new points better; nothing where the losses are the same and the models, too. */
function comparison({ train, test }: Fits, alike: boolean): string {
  if (alike && train === 'equally well' && (test ?? train) === train) return '';
  const beside = { better: 'better than', 'equally well': 'as well as', worse: 'worse than' }[train];
  const sets = test === train ? 'training points and new points' : 'the training points';
  const others =
    test === null || test === train
      ? ''
      : `, ${[train, test].includes('equally well') ? 'and' : 'but'} new points ${test}`;
  return ` It fits ${sets} ${beside} the linear model${others}.`;
}

function diverged(
  { model, step }: Extract<RunStatus, { kind: 'diverged' }>,
  preparation: Recording['preparation'],
): string {
  const limit = preparation?.deep?.stableRate ?? preparation?.largestStableRate ?? null;
  const eta = preparation?.eta ?? 0;
  const why =
    limit !== null && eta > limit
      ? `its rate, ${formatNumber(eta)}, is above the largest stable one, ${formatNumber(limit)}.`
      : 'take a smaller rate.';
  return `*Diverged.* The ${model} left every bound at step ${formatCount(step)}: ${why}`;
}
