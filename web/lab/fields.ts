import { depthOf, isTwoLayer, widthOf } from '../../src/experiment/network-facts.ts';
import { activationOf } from '../../src/experiment/spec-facts.ts';
import type { Spec } from '../../src/experiment/spec.ts';
import { activationNames } from '../../src/math/activation-names.ts';
import { mathematicsOf } from '../../src/math/activations.ts';
import {
  type DistributionName,
  type Draft,
  type TargetKind,
  chooseActivation,
  chooseDepth,
  chooseDistribution,
  chooseLayers,
  chooseOwnRates,
  chooseSteps,
  chooseTarget,
  hasOwnRates,
} from './edit.ts';

interface FieldCommon {
  /** The field of the spec, as parseSpec names it in its sentences. */
  path: string;
  label: string;
  shown?: (draft: Draft) => boolean;
}

/** A number, with a slider over the range that makes sense here; the number itself may go beyond. */
export interface NumberField extends FieldCommon {
  kind: 'number';
  /** Letter of the formulas. */
  symbol?: string;
  hint: string;
  range: readonly [number, number];
  scale: 'log' | 'linear';
  /** Whole multiples of this. */
  multiple?: number;
  /** Two of these stand side by side. */
  half?: boolean;
  read: (draft: Draft) => number | undefined;
  write: (draft: Draft, value: number) => void;
}

export interface ChoiceField extends FieldCommon {
  kind: 'choice';
  options: readonly { value: string; label: string; hint: string; group?: string }[];
  /** As buttons side by side. */
  row?: boolean;
  read: (draft: Draft) => string;
  write: (draft: Draft, value: string) => void;
}

export interface CheckField extends FieldCommon {
  kind: 'check';
  hint: string;
  read: (draft: Draft) => boolean;
  write: (draft: Draft, value: boolean) => void;
}

/** A text that is read as it is left. */
export interface TextField extends FieldCommon {
  kind: 'text';
  hint: string;
  read: (draft: Draft) => string;
  write: (draft: Draft, value: string) => void;
}

export type Field = NumberField | ChoiceField | CheckField | TextField;

/** What the choice "a formula" begins with. */
const firstFormula = 'x*sigmoid(1.702*x)';

const isFormula = ({ network }: Draft): boolean => activationOf(network).name === 'formula';

/** Whether one number says how wide the hidden layers are. */
const hasOneWidth = (
  network: Draft['network'],
): network is Extract<Draft['network'], { width?: number | undefined }> =>
  isTwoLayer(network) || (network.kind === 'deep' && network.width !== undefined);

type DataField = 'd' | 'n' | 'spike' | 'shift';

/** A number in `data`, shown where that has it. */
const dataNumber = (
  name: DataField,
  rest: Omit<NumberField, 'kind' | 'path' | 'read' | 'write' | 'shown'>,
): NumberField => ({
  kind: 'number',
  path: `data.${name}`,
  ...rest,
  // Of a convolutional network d follows from its shape.
  shown: ({ data, network }) => name in data && !(name === 'd' && network.kind === 'convolutional'),
  read: ({ data }) => (data as Partial<Record<DataField, number>>)[name],
  write: ({ data }, value) => void ((data as Partial<Record<DataField, number>>)[name] = value),
});

const rate = (
  name: 'eta' | 'eta1' | 'eta2',
  symbol: string,
  label: string,
  hint: string,
  shown: (draft: Draft) => boolean,
): NumberField => ({
  kind: 'number',
  path: `training.${name}`,
  label,
  symbol,
  hint,
  range: [0.01, 100],
  scale: 'log',
  shown,
  read: ({ training }) => training[name],
  write: ({ training }, value) => void (training[name] = value),
});

const coefficient = (degree: 1 | 2 | 3, word: string): NumberField => ({
  kind: 'number',
  path: `target.coefficients.${degree - 1}`,
  label: `${word} part`,
  symbol: `a_{${degree}}`,
  hint: `weight of degree ${degree}`,
  range: [-1, 1],
  scale: 'linear',
  shown: ({ target }) => target.kind === 'hermite',
  read: ({ target }) => (target.kind === 'hermite' ? target.coefficients[degree - 1] : undefined),
  write: ({ target }, value) => {
    if (target.kind === 'hermite') target.coefficients[degree - 1] = value;
  },
});

const outside = 'Outside the assumptions';

/** The controls of the lab, in their order on the page. */
export const fieldGroups: readonly { legend: string; fields: readonly Field[] }[] = [
  {
    legend: 'Data',
    fields: [
      {
        kind: 'choice',
        path: 'data.distribution',
        label: 'Distribution',
        options: [
          { value: 'gaussian', label: 'Gaussian', hint: 'x ~ N(0, Σ)' },
          { value: 'hypercube', label: 'Hypercube', hint: 'inputs ±1' },
          { value: 'uniform', label: 'Uniform', hint: 'inputs in [−√3, √3]' },
          { value: 'sphere', label: 'Sphere', hint: 'of norm √d' },
          { value: 'spiked', label: 'Spiked', hint: 'a ruling direction', group: outside },
          { value: 'student-t', label: 'Heavy tails', hint: 'Student-t', group: outside },
          { value: 'uncentred', label: 'Uncentred', hint: 'of mean not 0', group: outside },
          { value: 'npy', label: 'Your arrays', hint: 'from .npy files' },
          { value: 'files', label: 'Your images', hint: 'as the spec prepares them' },
        ],
        read: ({ data }) => data.distribution,
        write: (draft, value) => chooseDistribution(draft, value as DistributionName),
      },
      {
        kind: 'number',
        path: 'data.spectrum',
        label: 'Spectral decay',
        hint: 'λ_{k} ∝ k^{−a}; 0: flat',
        range: [0, 2],
        scale: 'linear',
        shown: ({ data }) => data.distribution === 'gaussian',
        read: ({ data }) => {
          if (data.distribution !== 'gaussian' || data.spectrum.kind === 'values') return undefined;
          return data.spectrum.kind === 'isotropic' ? 0 : data.spectrum.exponent;
        },
        write: ({ data }, exponent) => {
          if (data.distribution !== 'gaussian') return;
          data.spectrum = exponent === 0 ? { kind: 'isotropic' } : { kind: 'power-law', exponent };
        },
      },
      dataNumber('spike', {
        label: 'Spike',
        hint: 'its share of the variance',
        range: [0.02, 0.98],
        scale: 'linear',
      }),
      dataNumber('shift', { label: 'Shift', hint: 'mean of every input', range: [0, 2], scale: 'linear' }),
      dataNumber('d', {
        label: 'Inputs',
        symbol: 'd',
        hint: 'dimension of *x*',
        range: [2, 200],
        scale: 'log',
        multiple: 1,
        half: true,
      }),
      dataNumber('n', {
        label: 'Points',
        symbol: 'n',
        hint: 'points to train on',
        range: [10, 5000],
        scale: 'log',
        multiple: 1,
        half: true,
      }),
    ],
  },
  {
    legend: 'Target',
    fields: [
      {
        kind: 'choice',
        path: 'target.kind',
        label: 'To be learned',
        options: [
          { value: 'sign-quadratic', label: 'Sign, bent', hint: 'sign(bᵀx + λ(…))' },
          { value: 'sign-linear', label: 'Sign, linear', hint: 'sign(bᵀx)' },
          { value: 'hermite', label: 'Hermite', hint: 'degrees 1, 2, 3' },
          { value: 'teacher', label: 'A network', hint: 'two layers, random' },
          { value: 'labels', label: 'Your labels', hint: 'from your files' },
        ],
        read: ({ target }) => target.kind,
        write: (draft, value) => chooseTarget(draft, value as TargetKind),
      },
      {
        kind: 'number',
        path: 'target.lambda',
        label: 'Bend',
        symbol: 'λ',
        hint: 'what no linear model fits',
        range: [0, 2],
        scale: 'linear',
        shown: ({ target }) => target.kind === 'sign-quadratic',
        read: ({ target }) => (target.kind === 'sign-quadratic' ? target.lambda : undefined),
        write: ({ target }, value) => {
          if (target.kind === 'sign-quadratic') target.lambda = value;
        },
      },
      coefficient(1, 'Linear'),
      coefficient(2, 'Quadratic'),
      coefficient(3, 'Cubic'),
      {
        kind: 'number',
        path: 'target.width',
        label: 'Its hidden units',
        hint: 'an even number',
        range: [2, 128],
        scale: 'log',
        multiple: 2,
        shown: ({ target }) => target.kind === 'teacher',
        read: ({ target }) => (target.kind === 'teacher' ? target.width : undefined),
        write: ({ target }, value) => {
          if (target.kind === 'teacher') target.width = value;
        },
      },
    ],
  },
  {
    legend: 'Network',
    fields: [
      {
        kind: 'choice',
        path: 'network.activation',
        label: 'Activation',
        options: [
          ...activationNames.map((name) => {
            const { label, hint } = mathematicsOf(activationOf({ activation: name, slope: 0.1 }));
            return { value: name, label, hint };
          }),
          { value: firstFormula, label: 'a formula', hint: 'in x' },
        ],
        read: (draft) => (isFormula(draft) ? firstFormula : draft.network.activation),
        write: chooseActivation,
      },
      {
        kind: 'text',
        path: 'network.activation',
        label: 'φ(x)',
        hint: '+ − * / ^, exp, tanh, max, …',
        shown: isFormula,
        read: ({ network }) => network.activation,
        write: ({ network }, value) => void (network.activation = value),
      },
      {
        kind: 'number',
        path: 'network.slope',
        label: 'Slope',
        symbol: 'a',
        hint: 'where z < 0',
        range: [-1, 1],
        scale: 'linear',
        shown: ({ network }) => network.activation === 'leaky-relu',
        read: ({ network }) => network.slope,
        write: ({ network }, value) => void (network.slope = value),
      },
      {
        kind: 'number',
        path: 'network.depth',
        label: 'Hidden layers',
        symbol: 'L',
        hint: '',
        range: [1, 6],
        scale: 'linear',
        multiple: 1,
        read: ({ network }) => depthOf(network),
        write: chooseDepth,
      },
      {
        kind: 'number',
        path: 'network.width',
        label: 'Hidden units',
        symbol: 'm',
        hint: 'of a layer, an even number',
        range: [2, 1024],
        scale: 'log',
        multiple: 2,
        // Layers of widths of their own, and channels, are in the spec.
        shown: ({ network }) => hasOneWidth(network),
        read: ({ network }) => widthOf(network),
        write: ({ network }, value) => {
          if (hasOneWidth(network)) network.width = value;
        },
      },
    ],
  },
  {
    legend: 'Training',
    fields: [
      {
        kind: 'choice',
        path: 'training.layers',
        label: 'Layers trained',
        row: true,
        options: [
          { value: 'first', label: 'First', hint: 'W alone' },
          { value: 'second', label: 'Second', hint: 'v alone' },
          { value: 'both', label: 'Both', hint: 'W and v' },
        ],
        shown: ({ network }) => isTwoLayer(network),
        read: ({ training }) => training.layers,
        write: (draft, value) => chooseLayers(draft, value as Spec['training']['layers']),
      },
      rate('eta', 'η', 'Rate', 'of gradient descent', (draft) => !hasOwnRates(draft)),
      rate(
        'eta1',
        'η_{1}',
        'Rate',
        'first layer',
        (draft) => hasOwnRates(draft) && draft.training.layers !== 'second',
      ),
      rate(
        'eta2',
        'η_{2}',
        'Rate',
        'second layer',
        (draft) => hasOwnRates(draft) && draft.training.layers !== 'first',
      ),
      {
        kind: 'number',
        path: 'training.steps',
        label: 'Steps',
        hint: 'of gradient descent, with every sample',
        range: [10, 5000],
        scale: 'log',
        multiple: 1,
        half: true,
        read: ({ training }) => training.steps,
        write: chooseSteps,
      },
      {
        kind: 'number',
        path: 'seed',
        label: 'Seed',
        hint: 'another draw of everything',
        range: [0, 50],
        scale: 'linear',
        multiple: 1,
        half: true,
        read: ({ seed }) => seed,
        write: (draft, value) => void (draft.seed = value),
      },
      {
        kind: 'check',
        path: 'training.rates',
        label: 'A rate for each layer',
        hint: '',
        shown: ({ network, training }) => isTwoLayer(network) && training.layers === 'both',
        read: hasOwnRates,
        write: chooseOwnRates,
      },
      {
        kind: 'check',
        path: 'training.linearized',
        label: 'Linearized network too',
        hint: 'a third curve',
        read: ({ training }) => training.linearized,
        write: ({ training }, value) => void (training.linearized = value),
      },
      {
        kind: 'check',
        path: 'training.alignment',
        label: 'Alignment of the kernel',
        hint: 'slower',
        read: ({ training }) => training.alignment,
        write: ({ training }, value) => void (training.alignment = value),
      },
      {
        kind: 'check',
        path: 'claims',
        label: 'Measure every claim',
        hint: 'slower',
        read: ({ claims }) => claims === 'all',
        write: (draft, value) => void (draft.claims = value ? 'all' : 'none'),
      },
    ],
  },
];
