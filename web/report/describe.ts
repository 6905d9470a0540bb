import { accuracyWarning } from '../../src/experiment/accuracy.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { depthOf, isTwoLayer, widthsOf } from '../../src/experiment/network-facts.ts';
import { activationOf, greatestMultiple } from '../../src/experiment/spec-facts.ts';
import { trainedLayers } from '../../src/experiment/trained-layers.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { mathematicsOf } from '../../src/math/activations.ts';
import { agreementShare } from '../../src/theory/horizon.ts';
import { departureWords } from '../figures/departure-words.ts';
import { formatCount, formatGiven, formatNumber } from '../figures/format.ts';
import { discrepancies, finite, horizonMarkup, peakWithin } from '../figures/measures.ts';
import { type Html, html, notation } from './html.ts';

/** From this mean squared discrepancy on (a root mean square of 0.1), the text calls the two models apart. */
const apart = 0.01;

export function activationLabel(network: Spec['network']): string {
  const { label } = mathematicsOf(activationOf(network));
  return network.slope === undefined ? label : `${label} (slope ${formatGiven(network.slope)})`;
}

function distributionLabel(data: Spec['data']): Html {
  switch (data.distribution) {
    case 'gaussian':
      switch (data.spectrum.kind) {
        case 'isotropic':
          return notation('*N*(0, *I*)');
        case 'power-law':
          return notation(
            `*N*(0, *Σ*) with eigenvalues ∝ *k*^{−${formatGiven(data.spectrum.exponent)}} and Tr *Σ* = *d*`,
          );
        case 'values':
          return notation('*N*(0, *Σ*) with a spectrum of the spec’s own');
      }
    // oxlint-disable-next-line no-fallthrough -- every spectrum has returned
    case 'hypercube':
      return notation('the hypercube {±1}^{*d*}');
    case 'uniform':
      return notation('the uniform distribution on [−√3, √3]^{*d*}');
    case 'sphere':
      return notation('the sphere of radius √*d*');
    case 'spiked':
      return notation(`*N*(0, *Σ*) with one spiked direction, ‖*Σ*‖ = ${formatGiven(data.spike)} *d*`);
    case 'student-t':
      return html`Student’s t with 3 degrees of freedom`;
    case 'uncentred':
      return notation(`*N*(*μ*, *I*) with every mean *μ*_{*k*} = ${formatGiven(data.shift)}`);
    case 'npy':
      return html`the arrays in <code>${data.x}</code>`;
    case 'files':
      return filesLabel(data);
  }
}

const preparedWords = {
  centred: 'centred by the training mean and rescaled',
  sphere: 'centred by the training mean, each stretched to the sphere',
  whitened: 'centred and whitened by the training set',
  raw: 'rescaled, not centred',
} as const;

function filesLabel(data: Extract<Spec['data'], { distribution: 'files' }>): Html {
  const [x, ...more] = typeof data.x === 'string' ? [data.x] : data.x;
  const files = html`<code>${x}</code>${more.length > 0 ? ` and ${formatCount(more.length)} more` : ''}`;
  const average = data.average > 1 ? `averaged over ${data.average} × ${data.average} pixels, ` : '';
  const classes = data.classes ? `the classes ${data.classes.join(' (+1) and ')} (−1) in ` : '';
  return html`${classes}${files}, ${average}${preparedWords[data.prepare]}`;
}

function targetLabel(target: Spec['target']): Html {
  switch (target.kind) {
    case 'sign-linear':
      return notation('sign(*b*ᵀ*x*)');
    case 'sign-quadratic':
      return notation(
        `sign(*b*ᵀ*x* ${target.lambda < 0 ? '−' : '+'} ${formatGiven(Math.abs(target.lambda))} ((*c*ᵀ*x*)² − 1))`,
      );
    case 'hermite':
      return html`Hermite polynomials of one direction, of degrees 1, 2, 3 in the ratio
      ${target.coefficients.map((a) => formatGiven(a)).join(' : ')}`;
    case 'teacher':
      return html`a random teacher network of width ${formatCount(target.width)}`;
    case 'labels':
      return html`the labels that came with them`;
  }
}

function ratesLabel({ rates, eta }: RunResult['preparation']): Html {
  const trained = rates.flatMap(({ rate }, l) => (rate > 0 ? [{ rate, layer: l + 1 }] : []));
  return trained.every(({ rate }) => rate === eta)
    ? notation(`*η* = ${formatGiven(eta)}`)
    : notation(trained.map(({ rate, layer }) => `*η*_{${layer}} = ${formatGiven(rate)}`).join(', '));
}

function networkLabel(network: Spec['network']): Html {
  const phi = activationLabel(network);
  const widths = widthsOf(network)
    .map((width) => formatCount(width))
    .join(', ');
  switch (network.kind) {
    case 'deep':
      return html`A fully-connected ${phi} network of two towers with ${notation(`*L* = ${depthOf(network)}`)}
      hidden layers of width ${widths}`;
    case 'convolutional':
      return html`A convolutional ${phi} network of two towers on ${network.shape.join(' × ')} inputs with
      ${notation(`*L* = ${depthOf(network)}`)} hidden layers of ${widths} channels, ${network.filter} taps a
      side, ${poolWords(network.pool)}and a
      ${network.readout === 'flat' ? 'readout of every position' : 'readout of the mean over positions'}`;
    default:
      return html`A two-layer ${phi} network of width ${notation(`*m* = ${widths}`)}`;
  }
}

const poolWords = (pool: readonly number[] | undefined): string =>
  pool?.some((side) => side > 1) ? `means over blocks of side ${pool.join(', ')} behind them ` : '';

/** One sentence: what was trained, on what, how long. */
export function describeRun({ spec, preparation, records }: RunResult): Html {
  const { n, nTest, d } = preparation;
  const { layers, steps } = spec.training;
  const trained =
    isTwoLayer(spec.network) && layers !== 'both' ? `its ${layers} layer alone` : trainedLayers(spec);
  return html`${networkLabel(spec.network)}, ${trained} trained by full-batch gradient descent with
  ${ratesLabel(preparation)} for up to ${formatCount(steps)} steps on ${notation(`*n* = ${formatCount(n)}`)}
  points of ${notation(`*d* = ${formatCount(d)}`)} inputs from ${distributionLabel(spec.data)}, with targets
  from ${targetLabel(spec.target)}${nTest > 0 ? html` (and ${formatCount(nTest)} test points)` : null}. The
  linear model that the theory sets beside it trained along; ${formatCount(records.length)}
  ${records.length === 1 ? 'step was' : 'steps were'} recorded.`;
}

/** What was done to inputs from files, and how far they are from what the theorems assume; null for other data. */
export function describeFiles({ preparation }: RunResult): Html | null {
  const { files, covarianceNorm, d } = preparation;
  if (!files) return null;
  const { shape, classes, whitened, meanInnerProduct, normSpread } = files;
  const counts = classes?.map(
    (one) =>
      `${one.class} ${formatCount(one.train)}${preparation.nTest > 0 ? ` and ${formatCount(one.test)} to test` : ''}`,
  );
  const first = html`These are
  ${
    shape ? html`images of ${shape.map((size) => formatCount(size)).join(' × ')} numbers` : 'rows of numbers'
  }${counts ? `: of ${counts.join(', of ')}` : ''}.`;
  const kept = whitened
    ? html`The first ${formatCount(whitened.components)} of their ${formatCount(whitened.rank)} principal
      directions were kept.`
    : null;
  const norm =
    covarianceNorm === null ? null : html`${notation(`‖*Σ̂*‖ = ${formatNumber(covarianceNorm)}`)}, `;
  return html`${first} ${kept} On the training set, ${norm}the mean of
  ${notation('⟨*x*_{*i*}, *x*_{*j*}⟩/*d*')} over pairs is ${formatNumber(meanInnerProduct)} and the standard
  deviation of ${notation('‖*x*‖²/*d*')} is ${formatNumber(normSpread)}; the theorems assume that the first is
  of order 1 (it is at most ${notation(`*d* = ${formatCount(d)}`)}) and that the others vanish as
  ${notation('*d*')} grows.`;
}

/** What was found, in sentences made from the numbers. */
export function describeFindings(result: RunResult): Html {
  return html`${agreement(result)} ${parting(result)} ${passing(result)} ${ending(result)}
  ${accuracyWarning(result.accuracy) ?? null}`;
}

/** Where network and linear model part by the spec's share, and why; null for a result that does not say. */
export function describeDeparture({ departure, records }: RunResult): Html | null {
  return departure ? notation(departureWords(departure, records)) : null;
}

function agreement(result: RunResult): Html {
  const train = peakWithin(result, discrepancies.train, agreementShare);
  const test = peakWithin(result, discrepancies.test, agreementShare);
  const limit = agreementShare * result.preparation.horizon;
  const until = notation(`*t* ≤ ½ ${horizonMarkup(result.preparation)} = ${formatNumber(limit)}`);
  if (limit < 1) return html`At this rate ${until} is less than one step.`;
  if (!train) {
    return html`The records do not cover ${until}: the run ended before, or has no record there.`;
  }
  return html`Up to ${until}, the outputs of network and linear model differed by at most
    <b>${formatNumber(train.value)}</b> in mean square on the training
    points${test ? html` and <b>${formatNumber(test.value)}</b> on the test points` : null} (root mean square
    ${formatNumber(Math.sqrt(train.value), 2)}${
      test ? html` and ${formatNumber(Math.sqrt(test.value), 2)}` : null
    };
    the largest target is ${formatNumber(result.preparation.largestTarget)}).`;
}

function parting({ records }: RunResult): Html {
  const first = records.find((record) => discrepancies.train(record) > apart);
  return first
    ? html`The training discrepancy first exceeded ${formatGiven(apart)} at the recorded step
      ${notation(`*t* = ${formatCount(first.step)}`)}.`
    : html`The training discrepancy exceeded ${formatGiven(apart)} at no recorded step.`;
}

/** The first recorded step at which the network's training loss is below what any linear model can reach. */
export function passesOptimumAt({ records, preparation }: RunResult): number | null {
  const { linearOptimum } = preparation;
  if (linearOptimum === null) return null;
  return records.find(({ train }) => finite(train.losses.network) < linearOptimum)?.step ?? null;
}

function passing(result: RunResult): Html | null {
  const { linearOptimum } = result.preparation;
  if (linearOptimum === null) return null;
  const step = passesOptimumAt(result);
  const optimum = html`the least training loss of any linear model on these features
  (${formatNumber(linearOptimum)})`;
  return step === null
    ? html`The network did not pass ${optimum}.`
    : html`At the recorded step ${notation(`*t* = ${formatCount(step)}`)} the network’s training loss was
      first below ${optimum}.`;
}

function ending({ records }: RunResult): Html | null {
  const last = records.at(-1);
  if (!last) return null;
  const { step, train, test } = last;
  return html`At the last record, ${notation(`*t* = ${formatCount(step)}`)}, the training loss was
  ${formatNumber(train.losses.network)} for the network and ${formatNumber(train.losses.linear)} for the
  linear
  model${
    test
      ? html`; the test loss ${formatNumber(test.losses.network)} and ${formatNumber(test.losses.linear)}`
      : null
  }.`;
}

/** A box for a run that did not end as asked; null for one that did. */
export function describeStatus({ status, spec, preparation }: RunResult): Html | null {
  const multiple = greatestMultiple(spec);
  switch (status.kind) {
    case 'completed':
      return null;
    case 'stopped':
      return html`<p class="notice">
        <b>Stopped at step ${formatCount(status.step)}</b> of ${formatCount(spec.training.steps)}: everything
        below is of the part that was run.
      </p>`;
    case 'diverged':
      return html`<p class="notice">
        <b>The ${status.model} diverged at step ${formatCount(status.step)}</b> of
        ${formatCount(spec.training.steps)}: its loss was ${formatNumber(status.loss)}. The rate was
        ${ratesLabel(preparation)}${
          preparation.largestStableRate === null
            ? null
            : html`; the linear model is stable up to
              ${notation(`*η* = 2*n*/‖*K*‖ = ${formatNumber(preparation.largestStableRate)}`)}`
        }${multiple === 1 ? null : html`, of which <code>training.eta</code> is ${formatGiven(1 / multiple)}`}.
        The records up to there are kept and shown.
      </p>`;
  }
}
