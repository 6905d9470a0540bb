import * as z from 'zod/mini';
import { claimNumbers } from '../theory/claim.ts';
import { activation, slope } from './activation-field.ts';
import { listOf } from './list-of.ts';
import { network } from './network-fields.ts';

const count = z.int().check(z.minimum(1));
/** What float32 still holds when it is multiplied by a point's entries, squared, and summed over points. */
const real = z.number().check(z.minimum(-1e15), z.maximum(1e15));
/** Of learning rates. Beyond these limits float32 holds neither the steps nor what they do to the outputs. */
export const [leastRate, mostRate] = [1e-15, 1e15];
const rate = z.number().check(z.positive({ abort: true }), z.minimum(leastRate), z.maximum(mostRate));

/** Eigenvalues of Σ before they are rescaled to Tr Σ = d. */
const spectrum = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('isotropic') }),
  /** λ_k ∝ k^−exponent */
  z.strictObject({ kind: z.literal('power-law'), exponent: z.number().check(z.minimum(0), z.maximum(10)) }),
  /** One value per input dimension. */
  z.strictObject({
    kind: z.literal('values'),
    values: listOf(z.number().check(z.minimum(1e-12), z.maximum(1e12))).check(z.minLength(1)),
  }),
]);

const sizes = {
  d: count.check(z.describe('inputs')),
  n: count.check(z.describe('training points')),
  nTest: z._default(z.int().check(z.minimum(0)), 1000).check(z.describe('test points; 0: none')),
};
const path = z.string().check(z.minLength(1));
/** One file, or several whose rows follow one another, as the batches of CIFAR-10. */
const paths = z.union([path, listOf(path).check(z.minLength(1), z.maxLength(100))], {
  error: 'it must be the path of a file, or a list of paths whose rows follow one another',
});

/** The number of a class, its name in Fashion-MNIST or CIFAR-10, or the word that stands for it in a table. */
const oneClass = z.union([z.number(), z.string()], {
  error: 'it must be the number of a class, or its name',
});

/** A column of a table. */
const column = z.union([count, path], {
  error: 'it must be the name of a column, or its number, from 1',
});

const data = z.discriminatedUnion('distribution', [
  z.strictObject({
    distribution: z.literal('gaussian'),
    ...sizes,
    spectrum: z
      ._default(spectrum, { kind: 'isotropic' })
      .check(z.describe('eigenvalues of Σ, which are rescaled to Tr Σ = d')),
  }),
  z.strictObject({ distribution: z.literal('hypercube'), ...sizes }),
  z.strictObject({ distribution: z.literal('uniform'), ...sizes }),
  z.strictObject({ distribution: z.literal('sphere'), ...sizes }),
  z.strictObject({
    distribution: z.literal('spiked'),
    ...sizes,
    spike: z
      ._default(z.number().check(z.gt(0), z.lt(1)), 0.5)
      .check(z.describe('share of Tr Σ = d in the first direction')),
  }),
  /** Multivariate Student-t with 3 degrees of freedom, rescaled to Σ = I. */
  z.strictObject({ distribution: z.literal('student-t'), ...sizes }),
  z.strictObject({
    distribution: z.literal('uncentred'),
    ...sizes,
    shift: z
      ._default(z.number().check(z.minimum(-1e3), z.maximum(1e3)), 0.5)
      .check(z.describe('mean of every input: N(shift · 1, I)')),
  }),
  /** The user's own arrays: X is n × d, y has n entries; centred and rescaled to Tr Σ̂ = d. */
  z.strictObject({
    distribution: z.literal('npy'),
    x: path.check(z.describe('file of the training inputs, n × d; like all of these relative to the spec')),
    y: z.optional(path.check(z.describe('of the training labels, n'))),
    xTest: z.optional(path.check(z.describe('of the test inputs'))),
    yTest: z.optional(path.check(z.describe('of the test labels'))),
  }),
  /** Images, or rows of any kind, in files of a format that is found by their content. */
  z.strictObject({
    distribution: z.literal('files'),
    x: paths.check(z.describe('files of the training inputs: images, a table, an array')),
    y: z.optional(paths.check(z.describe('of the training labels, where they are not in those'))),
    xTest: z.optional(paths.check(z.describe('of the test inputs'))),
    yTest: z.optional(paths.check(z.describe('of the test labels'))),
    label: z.optional(
      column.check(
        z.describe(
          'the column of a table (CSV) that is learned, by its name or its number from 1; the others are inputs',
        ),
      ),
    ),
    ignore: z.optional(
      listOf(column).check(z.minLength(1), z.describe('columns of a table that are left out')),
    ),
    header: z.optional(
      z
        .boolean()
        .check(
          z.describe(
            'whether the first line of a table names its columns; where it is left out, the lines tell',
          ),
        ),
    ),
    classes: z.optional(
      z
        .tuple([oneClass, oneClass])
        .check(z.describe('two classes, learned as +1 and −1; the rows of all others are left out')),
    ),
    n: z.optional(
      count.check(
        z.describe('rows to take, the first ones in the order of the files; all where it is left out'),
      ),
    ),
    nTest: z.optional(count.check(z.describe('rows of the test set to take'))),
    shape: z.optional(
      listOf(count).check(
        z.minLength(2),
        z.maxLength(3),
        z.describe('height, width and channels of an image, where the file does not tell'),
      ),
    ),
    average: z._default(count, 1).check(z.describe('side of the blocks that images are averaged over')),
    prepare: z
      ._default(z.enum(['centred', 'sphere', 'whitened', 'raw']), 'centred')
      .check(z.describe('what is done to inputs before they are learned from')),
    components: z.optional(
      count.check(z.describe('principal directions that whitening keeps: 100, or all where there are fewer')),
    ),
  }),
]);

export const target = z.discriminatedUnion('kind', [
  /** sign(bᵀx) */
  z.strictObject({ kind: z.literal('sign-linear') }),
  /** sign(bᵀx + λ((cᵀx)² − 1)) */
  z.strictObject({ kind: z.literal('sign-quadratic'), lambda: z._default(real, 0.5) }),
  /** Σ_k a_k h_k(bᵀx), k = 1, 2, 3, h_k the normalized Hermite polynomials and Σ a_k² scaled to 1. */
  z.strictObject({
    kind: z.literal('hermite'),
    coefficients: z._default(z.tuple([real, real, real]), [1, 1, 1]),
  }),
  /** Another two-layer network with random parameters. */
  z.strictObject({
    kind: z.literal('teacher'),
    width: z._default(z.int().check(z.minimum(2), z.multipleOf(2)), 16),
    activation: z._default(activation, 'tanh'),
    slope,
  }),
  /** The labels that came with the data. */
  z.strictObject({ kind: z.literal('labels') }),
]);

const recordTimes = z.union(
  [
    z.enum(['log', 'linear']),
    z.strictObject({ spacing: z.enum(['log', 'linear']), count }),
    z.strictObject({ steps: listOf(z.int().check(z.minimum(0))).check(z.minLength(1)) }),
  ],
  { error: 'it must be "log", "linear", {"spacing": …, "count": …} or {"steps": […]}' },
);

const training = z.strictObject({
  layers: z
    ._default(z.enum(['first', 'second', 'both']), 'both')
    .check(z.describe('which layers of a two-layer network train')),
  eta: z.optional(rate.check(z.describe('learning rate of every layer that trains'))),
  eta1: z.optional(rate.check(z.describe('a rate of its own for the first layer, of two-layer networks'))),
  eta2: z.optional(rate.check(z.describe('a rate of its own for the second layer, of two-layer networks'))),
  rates: z.optional(
    listOf(z.number().check(z.minimum(0), z.maximum(1e6))).check(
      z.minLength(1),
      z.describe("multiples of eta for each layer, the readout's last; 0 for one that rests"),
    ),
  ),
  steps: count.check(z.describe('of gradient descent, on all points at once')),
  records: z
    ._default(recordTimes, 'log')
    .check(z.describe('at which steps to record: evenly in log t or in t, so many, or these')),
  linearized: z
    ._default(z.boolean(), false)
    .check(z.describe('train the linearized network (kernel gradient descent with Θ(0)) as a third curve')),
  linear: z.optional(
    listOf(z.enum(['theory', 'adapted', 'fitted'])).check(
      z.minLength(1),
      z.describe("linear models that train beside a deep network: the theory's, and refinements of it"),
    ),
  ),
  watched: z
    ._default(
      z.union([z.int().check(z.minimum(0)), listOf(z.int().check(z.minimum(0)))], {
        error: 'it must be how many points to watch, or a list of their indices',
      }),
      5,
    )
    .check(z.describe('how many test points have their outputs recorded, or a list of their indices')),
  modes: z
    ._default(
      z.union([z.int().check(z.minimum(0)), listOf(count).check(z.minLength(1))], {
        error: 'it must be how many modes to measure, or a list of their numbers, which begin with 1',
      }),
      0,
    )
    .check(
      z.describe(
        'eigendirections of K to measure errors along, largest eigenvalue first, or a list of their numbers',
      ),
    ),
  alignment: z
    ._default(z.boolean(), false)
    .check(z.describe('measure the alignment of Θ(t) with y and with Θ(0) at every recorded step')),
  departure: z
    ._default(z.number().check(z.gt(0), z.maximum(1)), 0.05)
    .check(z.describe('share of ‖f_lin‖²/n from which on two models are said to have parted')),
});

const fields = z.strictObject({
  $schema: z.optional(z.string().check(z.describe('where editors find this schema'))),
  name: z
    ._default(z.string().check(z.minLength(1), z.maxLength(1000)), 'experiment')
    .check(z.describe('what its folder and its report are called')),
  seed: z._default(z.int().check(z.minimum(0)), 0).check(z.describe('of all that is random in it')),
  data,
  target: z.optional(
    target.check(
      z.describe('what is learned: the labels that came with the data, else sign-quadratic with λ = ½'),
    ),
  ),
  network,
  training,
  kernel: z
    ._default(z.enum(['none', 'first', 'second', 'both']), 'none')
    .check(z.describe('the kernel at W(0) on the training set to write with the arrays (n × n)')),
  claims: z
    ._default(
      z.union(
        [
          z.enum(['none', 'all']),
          listOf(z.literal(claimNumbers)).check(z.minLength(1, 'it must name at least one claim')),
        ],
        { error: 'it must be "none", "all" or a list of claims, 1 to 17' },
      ),
      'none',
    )
    .check(z.describe('claims of the theory to measure, by number; "all" that apply')),
});

type Fields = z.output<typeof fields>;

/** What is for editors is no part of the experiment. */
function withoutSchema(given: Fields): Omit<Fields, '$schema'> {
  const experiment = { ...given };
  delete experiment.$schema;
  return experiment;
}

/** What a spec may say. */
export const schema = z.pipe(fields, z.transform(withoutSchema));
