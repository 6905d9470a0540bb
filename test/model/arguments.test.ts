import { expect, test } from 'vitest';
import { ClosedForm, type FeatureMoments, featureMoments } from '../../src/model/closed-form.ts';
import { dense } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { fitPowerLaw } from '../../src/math/power-law.ts';
import { ballRadius, horizon } from '../../src/theory/horizon.ts';
import { type Refusal, wrong } from '../refusals.ts';

const constants = gaussianConstants({ name: 'erf' }, 1);
const features = linearFeatures(constants, 4, [1, 1]);
const X = dense(3, 4, [1, 2, 3, 4, -1, 0, 2, 1, 0, 1, 0, 2]);
const y = [1, -1, 1];
const moments = featureMoments(features, X, y);
const solution = new ClosedForm(moments);

const closedForm = (change: Partial<FeatureMoments>) => () => new ClosedForm({ ...moments, ...change });
const law = (x: unknown, value: unknown) => () => fitPowerLaw([{ x: 1, y: 1 }, wrong({ x, y: value })]);

const cases: Refusal[] = [
  [
    'gaussianConstants, negative',
    () => gaussianConstants({ name: 'erf' }, -1),
    RangeError,
    'Tr[Σ²]/d is -1; it must be a finite number, at least 0',
  ],
  ['gaussianConstants, NaN', () => gaussianConstants({ name: 'erf' }, NaN), RangeError, 'Tr[Σ²]/d is NaN'],
  [
    'linearFeatures, d',
    () => linearFeatures(constants, 4.5, [1, 1]),
    RangeError,
    'The number of inputs d is 4.5; it must be a whole number',
  ],
  ['linearFeatures, no inputs', () => linearFeatures(constants, 0, [1, 1]), RangeError, 'd is 0'],
  [
    'linearFeatures, rates',
    () => linearFeatures(constants, 4, [0, 0]),
    RangeError,
    'The rates are η₁ = 0 and η₂ = 0',
  ],
  [
    'linearFeatures, infinite',
    () => linearFeatures(constants, 4, [Infinity, 1]),
    RangeError,
    'η₁ = Infinity',
  ],
  [
    'linearFeatures, constants',
    () => linearFeatures({ ...constants, nu: NaN }, 4, [1, 1]),
    RangeError,
    'The constant nu is NaN',
  ],
  [
    'featureMatrix',
    () => featureMatrix(features, dense(3, 5)),
    RangeError,
    'X is 3 × 5 with 15 entries; the features are of rows of 4 inputs',
  ],
  [
    'featureMoments, X',
    () => featureMoments(features, dense(3, 8), y),
    RangeError,
    'X is 3 × 8 with 24 entries',
  ],
  [
    'featureMoments, entries',
    () => featureMoments(features, { ...X, rows: 4 }, [...y, 1]),
    RangeError,
    'X is 4 × 4 with 12 entries',
  ],
  ['featureMoments, no rows', () => featureMoments(features, dense(0, 4), []), RangeError, 'X is 0 × 4'],
  [
    'featureMoments, list',
    () => featureMoments(features, { ...X, data: wrong([...X.data]) }, y),
    TypeError,
    'Float32Array or a Float64Array',
  ],
  [
    'featureMoments, y',
    () => featureMoments(features, X, [1, -1]),
    RangeError,
    'The number of targets is 2; it must be that of the rows of X, 3.',
  ],
  [
    'ClosedForm, Gram',
    closedForm({ gram: dense(6, 5) }),
    RangeError,
    'The number of columns of the Gram matrix is 5; it must be that of its rows, 6.',
  ],
  [
    'ClosedForm, entries',
    closedForm({ gram: { ...moments.gram, data: new Float64Array(35) } }),
    RangeError,
    'is 35; it must be that of its rows and columns, 36',
  ],
  ['ClosedForm, cross', closedForm({ cross: new Float64Array(4) }), RangeError, 'The length of Ψᵀy/n is 4'],
  [
    'ClosedForm, not finite',
    closedForm({ targetSquare: NaN }),
    RangeError,
    'The feature moments contain NaN',
  ],
  ['ClosedForm, error', closedForm({ gramError: NaN }), RangeError, 'The error of the Gram matrix'],
  [
    'beta, rate',
    () => solution.beta(-1, 1),
    RangeError,
    'The rate η must be a finite number, at least 0; it is -1.',
  ],
  ['beta, text', () => solution.beta(wrong('1'), 1), TypeError, 'it is "1"'],
  ['beta, time', () => solution.beta(1, 0.5), RangeError, 'The time is 0.5'],
  ['loss, rate', () => solution.loss(NaN, 1), RangeError, 'it is NaN'],
  ['loss, time', () => solution.loss(1, -1), RangeError, 'The time is -1'],
  [
    'along',
    () => solution.along([1, 2, 3]),
    RangeError,
    'The number of moments is 3; it must be that of the features, 6.',
  ],
  ['fitPowerLaw, text', law('2', 2), TypeError, 'one has a string and a number'],
  ['fitPowerLaw, missing', law(2, undefined), TypeError, 'one has a number and a undefined'],
  ['fitPowerLaw, infinite', law(2, Infinity), RangeError, 'is (2, Infinity); leave out what is infinite'],
  [
    'horizon, d',
    () => horizon(0, 1),
    RangeError,
    'The number of inputs d must be a whole number, at least 1; it is 0.',
  ],
  ['horizon, rate', () => horizon(4, 0), RangeError, 'The rate η'],
  ['horizon, text', () => horizon(wrong('4'), 1), TypeError, 'it is "4"'],
  ['ballRadius', () => ballRadius(-2), RangeError, 'it is -2'],
];

test.for(cases)('%s: what does not fit is refused', ([, entry, kind, words]) => {
  expect(entry).toThrow(kind);
  expect(entry).toThrow(words);
});
