import type { SpecInput } from '../../src/experiment/spec.ts';
import { labPresets } from './presets.ts';
import type { Speed } from './recording.ts';

export interface TourStop {
  title: string;
  /** Markup of figures/notation.ts; one paragraph each. */
  text: readonly string[];
  spec: SpecInput;
  speed: Speed;
  /** The view it points at. */
  view: string;
}

const presetSpec = (id: string): SpecInput => labPresets.find((preset) => preset.id === id)!.spec;

/** The paper's story in six stops. */
export const tourStops: readonly TourStop[] = [
  {
    title: 'Two models, trained side by side',
    text: [
      'A network with one hidden layer, *f*(*x*) = *v*ᵀ*φ*(*Wx*/√*d*)/√*m*, learns 600 labelled points by gradient descent. Beside it, on the same points and at the same rate, learns a linear model.',
      'Both begin at 0 everywhere. The blue line is the network’s loss, the broad orange one the linear model’s.',
    ],
    spec: presetSpec('two-layers'),
    speed: 10,
    view: 'loss',
  },
  {
    title: 'Early on, they are one',
    text: [
      'Each dot is a point that neither model was trained on: the network’s output against the linear model’s. In the first steps the dots spread, but along the diagonal: both say the same.',
      'The theorem promises this up to *T*, a number of steps that grows like *d* log *d*/*η*.',
    ],
    spec: {
      ...presetSpec('first-layer'),
      name: 'early',
      training: { layers: 'first', eta: 3, steps: 30, records: 'linear' },
    },
    speed: 3,
    view: 'scatter',
  },
  {
    title: 'Why: the kernel is nearly linear',
    text: [
      'How a step changes the outputs is decided by the network’s kernel Θ, one number for each pair of points. In high dimension, inner products are small, and there Θ is nearly *K*, the kernel of the linear model.',
      'The pictures show both kernels on the first points. As long as the weights move little, they stay alike.',
    ],
    spec: presetSpec('first-layer'),
    speed: 10,
    view: 'kernels',
  },
  {
    title: 'When it ends',
    text: [
      'The linear model comes to its optimum, the thin line, and can do no better. The network goes on below it: it begins to learn what no linear model can.',
      'Simple first, complex later. Drag the slider beneath the views to go back and see them part.',
    ],
    spec: presetSpec('two-layers'),
    speed: 25,
    view: 'loss',
  },
  {
    title: 'What the norm feature is for',
    text: [
      'With the ReLU, the mean of *φ* is not 0, and the network’s kernel sees how long an input is. So the linear model has one more feature, *q*(*x*), made of ‖*x*‖/√*d*.',
      'The pictures show both functions on a plane through 0. The circle is where the data lies; near it, the linear model follows the network even in its length.',
    ],
    spec: presetSpec('norm-feature'),
    speed: 25,
    view: 'fields',
  },
  {
    title: 'Where the claims fail',
    text: [
      'Here one direction holds most of the variance, which the theorems exclude. Network and linear model part at once.',
      'The board compares what was measured with what is claimed, and says which conditions are not met. Change anything you like; the link holds your experiment.',
    ],
    spec: {
      ...presetSpec('spiked'),
      training: { layers: 'first', eta: 2, steps: 60 },
      claims: [1, 4, 5, 6],
    },
    speed: null,
    view: 'claims',
  },
];
