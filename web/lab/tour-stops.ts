import { columnVariances } from '../../src/data/covariance.ts';
import type { Preparation } from '../../src/experiment/result.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { isRead, ratesOf } from '../../src/experiment/spec-facts.ts';
import { greatestOf } from '../../src/math/statistics.ts';
import type { ClaimNumber } from '../../src/theory/claim.ts';
import { agreementShare, horizon } from '../../src/theory/horizon.ts';
import { formatCount, formatNumber } from '../figures/format.ts';
import type { Speed } from './recording.ts';

/** What a stop speaks of; of an experiment that is still being prepared, `preparation` is null. */
export interface Scene {
  spec: Spec;
  preparation: Preparation | null;
}

export interface TourStop {
  title: string;
  /** Markup of figures/notation.ts, one paragraph each; every number in it is the experiment's. */
  text: (scene: Scene) => readonly string[];
  /** What the reader is to predict or to do. */
  task: string;
  /** Of a preset; stops with the same one go on with its experiment. */
  preset: string;
  /** Claims to be measured, where the experiment is computed here. */
  claims?: ClaimNumber[];
  /** Where the experiment stands when the stop is reached: at a first curve, from which it plays on to T, or at T. */
  at: 'curve' | 'T';
  speed: Speed;
  /** The view it points at. */
  view: string;
}

/** T = c·d log d/η in whole steps. */
export const stepsToT = ({ horizon }: Pick<Preparation, 'horizon'>): number =>
  Math.floor(agreementShare * horizon);

/** Losses make a curve from here on. */
const firstCurve = 4;

/** The step at which an experiment stands when a stop is reached. */
export type StepOf = (at: TourStop['at'], spec: Spec) => number;

export const stepOf: StepOf = (at, spec) => {
  const d = isRead(spec.data) ? 1 : spec.data.d;
  const T = stepsToT({ horizon: horizon(d, greatestOf(ratesOf(spec))) });
  return at === 'T' ? T : Math.min(firstCurve, T);
};

const sizeOf = (size: 'n' | 'd', { data }: Spec, preparation: Preparation | null): string =>
  formatCount(isRead(data) ? (preparation?.[size] ?? 0) : data[size]);
const tOf = (preparation: Preparation | null): string =>
  preparation === null ? '*T*' : `*T* = ${formatNumber(agreementShare * preparation.horizon)}`;
const spikeOf = ({ data }: Spec): string =>
  data.distribution === 'spiked'
    ? `Here one direction holds ${formatNumber(100 * data.spike)}\u202f% of the variance: ‖*Σ*‖ = ${formatNumber(greatestOf(columnVariances(data)))}, where the theorems ask for a norm of order 1, however large *d* is.`
    : '';

/** The paper's story in six stops. */
export const tourStops: readonly TourStop[] = [
  {
    title: 'Two models, trained side by side',
    text: ({ spec, preparation }) => [
      `A network with one hidden layer, *f*(*x*) = *v*ᵀ*φ*(*Wx*/√*d*)/√*m*, learns ${sizeOf('n', spec, preparation)} labelled points by gradient descent. Beside it, on the same points and at the same rate, learns a linear model.`,
      'Both begin at 0 everywhere. The blue line is the network’s loss, the broad orange one the linear model’s; dashes are new points.',
    ],
    task: '*Predict:* how long will blue stay on orange? It pauses by itself at *T*, the dotted line.',
    preset: 'two-layers',
    at: 'curve',
    speed: 10,
    view: 'loss',
  },
  {
    title: 'Are they one, early on?',
    text: ({ preparation }) => [
      'Each dot is a point, a small one of training or a larger one that is new to both models: the network’s output against the linear model’s. On the diagonal they agree.',
      `The theorem promises this up to *T* = *c* · *d* log *d*/*η* steps, with a constant *c* that it leaves open; for *c* = ½, ${tOf(preparation)} steps here.`,
    ],
    task: '*Do:* drag the slider beneath the views to the left and to the right. Do the dots leave the middle along the diagonal?',
    preset: 'two-layers',
    at: 'T',
    speed: 10,
    view: 'scatter',
  },
  {
    title: 'Why: in high dimension the kernel is nearly linear',
    text: ({ spec, preparation }) => [
      'How a step changes the outputs is decided by the network’s kernel *Θ*, one number for each pair of points. In high dimension inner products are small, and there *Θ* is nearly *K*, the kernel of the linear model.',
      `The pictures show both kernels on the first points, here in ${sizeOf('d', spec, preparation)} dimensions. As long as the weights move little, *Θ* stays what it was.`,
    ],
    task: '*Do:* find a pair of points that is bright in one picture. Is it in the other, too?',
    preset: 'two-layers',
    at: 'T',
    speed: 10,
    view: 'kernels',
  },
  {
    title: 'When it ends',
    text: () => [
      'On the training points the linear model cannot come below the thin line, its optimum. The network is not bound by it.',
      'The numbers above the views are both losses, on training points and on new ones.',
    ],
    task: '*Predict:* does a line go below the thin one, and is it so on new points, too? Then press Play.',
    preset: 'two-layers',
    at: 'T',
    speed: 25,
    view: 'loss',
  },
  {
    title: 'What the norm feature is for',
    text: () => [
      'With the ReLU the mean of *φ* is not 0, and the network’s kernel sees how long an input is. So the linear model has one more feature, *q*(*x*), made of ‖*x*‖/√*d*.',
      'The pictures show both functions on a plane through 0. On the circle ‖*x*‖ is √*d*, near which the data lie.',
    ],
    task: '*Do:* compare the two functions on the circle, and far away from it. Where do they differ?',
    preset: 'norm-feature',
    at: 'curve',
    speed: 25,
    view: 'fields',
  },
  {
    title: 'Outside the assumptions',
    text: ({ spec }) => [
      spikeOf(spec),
      ...(spec.claims === 'none'
        ? [
            'Where a browser computes, the board beneath compares what is measured with what is claimed, and everything can be changed.',
          ]
        : [
            'The board compares what is measured with what is claimed, and says which conditions are not met. It fills as the training goes on.',
            'After the tour, change anything you like; the link holds your experiment.',
          ]),
    ],
    task: '*Predict:* will the dots keep to the diagonal? It pauses at *T*; then press Play.',
    preset: 'spiked',
    claims: [1, 4, 5, 6],
    at: 'curve',
    speed: 25,
    view: 'claims',
  },
];
