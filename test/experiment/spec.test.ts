import { describe, expect, test } from 'vitest';
import { presets } from '../../src/experiment/presets.ts';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import { reproduction, reproductionSizes } from '../../src/experiment/reproduction.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { greatestMultiple, ratesOf } from '../../src/experiment/spec-facts.ts';
import { trainedLayers } from '../../src/experiment/trained-layers.ts';

const good = {
  data: { distribution: 'gaussian', d: 5, n: 20, nTest: 10 },
  network: { width: 8, activation: 'erf' },
  training: { layers: 'both', eta: 1, steps: 10 },
};

/** The good spec with one field, named by its path, set to a value. */
function withField(path: string, value: unknown): unknown {
  const spec = structuredClone(good) as Record<string, unknown>;
  const keys = path.split('.');
  let holder = spec;
  for (const key of keys.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[keys.at(-1)!] = value;
  return spec;
}

function problemsOf(input: unknown): readonly string[] {
  try {
    parseSpec(input);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  return [];
}

test('defaults are filled in', () => {
  const spec = parseSpec(good);
  expect(spec.name).toBe('experiment');
  expect(spec.seed).toBe(0);
  expect(spec.target).toEqual({ kind: 'sign-quadratic', lambda: 0.5 });
  expect(spec.data).toMatchObject({ spectrum: { kind: 'isotropic' } });
  expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});

test('what was filled in once is the same text when it is read again', () => {
  for (const input of [good, ...presets.map(({ spec }) => spec)]) {
    const spec = parseSpec(input);
    expect(JSON.stringify(parseSpec(JSON.parse(JSON.stringify(spec))))).toBe(JSON.stringify(spec));
  }
});

describe('a bad spec names the field, the value and what is allowed', () => {
  test.for([
    ['data.n', 0, 'data.n is 0; it must be at least 1.'],
    ['data.n', 2.5, 'data.n is 2.5; it must be an integer.'],
    ['data.n', '20', 'data.n is "20"; it must be a number.'],
    ['data.d', undefined, 'data.d is missing; it must be a number.'],
    ['network.width', 7, 'network.width is 7; it must be even.'],
    ['network.width', 0, 'network.width is 0; it must be at least 2.'],
    ['training.eta', 0, 'training.eta is 0; it must be greater than 0.'],
    ['training.eta', -1, 'training.eta is -1; it must be greater than 0.'],
    ['training.eta', 1e308, 'training.eta is 1e+308; it must be at most 1e+15.'],
    ['training.eta', 1e-300, 'training.eta is 1e-300; it must be at least 1e-15.'],
    ['name', '', 'name is ""; it must have at least one character.'],
    ['name', 7, 'name is 7; it must be a text, in quotes.'],
    ['name', 'x'.repeat(1001), `name is "${'x'.repeat(80)}…"; it must have at most 1,000 characters.`],
    [
      'target',
      { kind: 'hermite', coefficients: [1] },
      'target.coefficients is [1]; it must have at least 3 entries.',
    ],
    [
      'target',
      { kind: 'sign-quadratic', lambda: 1e300 },
      'target.lambda is 1e+300; it must be at most 1e+15.',
    ],
    ['training.eta', NaN, 'training.eta is NaN; it must be a number.'],
    ['training.eta', Infinity, 'training.eta is Infinity; it must be a number.'],
    ['training.steps', 0, 'training.steps is 0; it must be at least 1.'],
    [
      'network.activation',
      'erff',
      'network.activation is "erff"; allowed: "erf", "tanh", "sigmoid", "softplus", "swish", "gelu", "sin", "identity", "relu", "leaky-relu", or a formula in x such as "x*sigmoid(x)" (did you mean "erf"?).',
    ],
    [
      'data.distribution',
      'gausian',
      'data.distribution is "gausian"; allowed: "gaussian", "hypercube", "uniform", "sphere", "spiked", "student-t", "uncentred", "npy", "files".',
    ],
    ['training.layers', 'third', 'training.layers is "third"; allowed: "first", "second", "both".'],
    [
      'network.depth',
      3,
      'network.depth is not a field of network; it is one of networks of network.kind "deep" or "convolutional".',
    ],
    ['trainning', {}, 'trainning is not a field of the spec; check its spelling.'],
    [
      'training.watched',
      'five',
      'training.watched is "five"; it must be how many points to watch, or a list of their indices.',
    ],
    ['training.modes', [0], 'training.modes.0 is 0; it must be at least 1.'],
    [
      'training.modes',
      'all',
      'training.modes is "all"; it must be how many modes to measure, or a list of their numbers, which begin with 1.',
    ],
    [
      'training.modes',
      [1, 8],
      'training.modes has 8, but the linear model has data.d + 2 = 7 features, and its kernel no more modes.',
    ],
    ['training.departure', 0, 'training.departure is 0; it must be greater than 0.'],
    [
      'training.records',
      'logarithmic',
      'training.records is "logarithmic"; it must be "log", "linear", {"spacing": …, "count": …} or {"steps": […]}.',
    ],
    [
      'target',
      { kind: 'labels' },
      'target.kind is "labels" but the data is synthetic ("gaussian") and has none; allowed with data.distribution "npy" or "files" only.',
    ],
    [
      'target',
      { kind: 'hermite', coefficients: [0, 0, 0] },
      'target.coefficients are all 0, which makes the target 0; give at least one that is not.',
    ],
    [
      'data.spectrum',
      { kind: 'values', values: [1, 2] },
      'data.spectrum.values has 2 entries; it needs one per input, data.d = 5.',
    ],
    [
      'network.slope',
      0.1,
      'network.slope is 0.1, but only "leaky-relu" has a slope; network.activation is "erf".',
    ],
    [
      'network.activation',
      'leaky-relu',
      'network.slope is missing; "leaky-relu" needs its slope on z < 0, for example 0.1.',
    ],
  ] as const)('%s = %s', ([path, value, message]) => {
    expect(problemsOf(withField(path, value))).toEqual([message]);
  });

  test.for([
    ['training.watched', [3, 10], 'training.watched has 10, but there are 10 points to watch, from 0 to 9.'],
    [
      'training.records',
      { steps: [5, 11] },
      'training.records.steps has 11, but the run ends at training.steps = 10.',
    ],
    ['network.slope', 1e39, 'network.slope is 1e+39; it must be at most 100.'],
  ] as const)('what would be ignored or overflow is refused: %s = %s', ([path, value, message]) => {
    expect(problemsOf(withField(path, value))).toEqual([message]);
  });

  test('what a run would have to hold of its records is bounded, and said before it starts', () => {
    const asking = (training: object, data: object = {}) => ({
      ...good,
      data: { distribution: 'gaussian', d: 5, n: 10, nTest: 20_000, ...data },
      training: { eta: 1, ...training },
    });
    const linear = (count: number) => ({ spacing: 'linear', count });
    for (const [steps, watched] of [
      [100_000, 5],
      [10_000, 200],
    ]) {
      expect(problemsOf(asking({ steps, watched, records: linear(steps) }))).toEqual([]);
    }
    // Few points there are, few are watched.
    expect(problemsOf(asking({ steps: 5000, watched: 2000, records: linear(5000) }, { nTest: 20 }))).toEqual(
      [],
    );
    expect(problemsOf(asking({ steps: 5000, watched: 2000, records: linear(5000) }))).toEqual([
      '5,001 records of 2,000 watched points are 20,104,020 numbers; a run holds at most 15,000,000. With so many points, 3,731 records fit; with so many records, training.watched = 1,489. Outputs on all points at the last step are in arrays/ (--arrays).',
    ]);
    expect(problemsOf(asking({ steps: 1e9, records: linear(1e9) }))[0]).toMatch(
      /^training\.records asks for 1,000,000,001 records; a run holds at most 200,000\. Record less often/,
    );
    // Logarithmic spacing records most early steps once.
    expect(problemsOf(asking({ steps: 1000, records: { spacing: 'log', count: 250_000 } }))).toEqual([]);
  });

  test('labels are learned where they are given, and refused where they would be ignored', () => {
    const own = { ...good, data: { distribution: 'npy', x: 'X.npy', y: 'y.npy' } };
    expect(parseSpec(own).target).toEqual({ kind: 'labels' });
    expect(parseSpec({ ...own, data: { distribution: 'npy', x: 'X.npy' } }).target.kind).toBe(
      'sign-quadratic',
    );
    expect(problemsOf({ ...own, target: { kind: 'sign-linear' } })).toEqual([
      'data.y is given, but target.kind is "sign-linear", which makes targets of its own; remove one of the two.',
    ]);
  });

  test.for([null, [], 'spec', 3])('the whole spec is %s', (input) => {
    expect(problemsOf(input)[0]).toMatch(/^the spec is .*; it must be an object\.$/);
  });

  test('every wrong field is named at once', () => {
    expect(problemsOf({ ...good, seed: -1, network: { width: 3, activation: 'y' } })).toHaveLength(3);
  });
});

describe('what is large, deep or no data at all is refused in few words', () => {
  const wrong = (count: number) => Array.from({ length: count }, () => -1);
  const values = { kind: 'values', values: wrong(300_000) };
  const circular: Record<string, unknown> = { ...good };
  circular['name'] = circular;
  let shared: unknown = 1;
  for (let level = 0; level < 15; level++) shared = Array.from({ length: 8 }, () => shared);
  const inherited = JSON.parse('{}') as Record<string, unknown>;
  Object.setPrototypeOf(inherited, good);

  test.for([
    [
      'a list of wrong values',
      withField('data.spectrum', values),
      /^data\.spectrum\.values\.0 is -1; it must/,
    ],
    [
      'points to watch',
      withField('training.watched', wrong(300_000)),
      /^training\.watched\.0 is -1; it must be at least 0\.$/m,
    ],
    ['claims', { ...good, claims: wrong(300_000) }, /^claims is \[-1/],
    [
      'a list longer than any',
      { ...good, claims: wrong(1_000_001) },
      /^The spec holds more than 1,000,000 values/,
    ],
    ['a long name', { ...good, seed: 'x'.repeat(1e6) }, /^seed is "x{80}…"; it must be a number\.$/],
    ['a long key', { ...good, ['k'.repeat(1e6)]: 1 }, /^"k{80}…" is not a field of the spec/],
    ['what a terminal obeys', { ...good, ['\u001b[2J\u009b']: 1 }, /^"\\u001b\[2J\\u009b" is not a field/],
    [
      'many unknown fields',
      { ...good, ...Object.fromEntries(wrong(5000).map((_, k) => [`f${k}`, k])) },
      /f0 is not/,
    ],
    ['a circle', circular, /more than 16 deep/],
    ['lists of the same lists', { ...good, name: shared }, /more than 1,000,000 values/],
    ['fields of a prototype', inherited, /^the spec has data from a prototype/],
    ['a field called __proto__', JSON.parse('{"__proto__": {}}'), /__proto__ is not a field of the spec/],
    ['a big integer', withField('training.eta', 1n), /^training\.eta is 1n; it must be a number\.$/],
    [
      'a function',
      withField('training.eta', () => 1),
      /^training\.eta is a function; it must be a number\.$/,
    ],
  ] as const)('%s', ([, input, message]) => {
    const problems = problemsOf(input);
    expect(problems.length).toBeLessThanOrEqual(20);
    expect(problems.join('\n')).toMatch(message);
    expect(problems.join('\n').length).toBeLessThan(3000);
  });

  test('the first of many problems are told, and how many there are', () => {
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, k) => [`field${k}`, k]));
    const error = (() => {
      try {
        parseSpec({ ...good, ...fields });
      } catch (thrown) {
        return thrown as SpecError;
      }
    })()!;
    expect(error.message).toMatch(/field19 is not a field.*\nAnd 30 more\.$/);
    expect(error.summary).toBe('field0 is not a field of the spec; check its spelling. (And 49 more.)');
  });
});

describe('rates', () => {
  const rates = (training: object) => ratesOf(parseSpec({ ...good, training: { steps: 1, ...training } }));
  test('a layer at rest has rate 0', () => {
    expect(rates({ layers: 'first', eta: 2 })).toEqual([2, 0]);
    expect(rates({ layers: 'second', eta: 2 })).toEqual([0, 2]);
    expect(rates({ layers: 'both', eta: 2 })).toEqual([2, 2]);
    expect(rates({ layers: 'both', eta: 2, eta2: 3 })).toEqual([2, 3]);
  });
  test.for([
    [{ layers: 'both' }, /training.eta1 is missing/],
    [{ layers: 'first', eta1: 1, eta2: 1 }, /training.eta2 is 1, but training.layers is "first"/],
    [{ layers: 'both', eta: 1, eta1: 1, eta2: 1 }, /training.eta is 1, but/],
  ] as const)('%o is refused', ([training, message]) => {
    expect(problemsOf({ ...good, training: { steps: 1, ...training } })[0]).toMatch(message);
  });
});

test('which layers train, in words, and how many times training.eta the greatest rate is', () => {
  const deep = (rates?: number[]) =>
    parseSpec({
      data: { distribution: 'gaussian', d: 4, n: 9 },
      network: { kind: 'deep', widths: [12, 8], activation: 'erf' },
      training: { eta: 0.2, steps: 1, ...(rates && { rates }) },
    });
  const words: [number[] | undefined, string, number][] = [
    [undefined, 'all layers', 1],
    [[0.5, 2, 1], 'all layers', 2],
    [[0, 0, 1], 'the readout alone', 1],
    [[0, 3, 0], 'layer 2 of 3 alone', 3],
    [[0.5, 0, 0.25], 'layers 1, 3 of 3', 0.5],
  ];
  for (const [rates, trained, multiple] of words) {
    expect([trainedLayers(deep(rates)), greatestMultiple(deep(rates))]).toEqual([trained, multiple]);
  }
});

describe('recorded steps', () => {
  const stepsOf = (steps: number, records: unknown) =>
    recordSteps(parseSpec({ ...good, training: { eta: 1, steps, records } }));
  test('always begin with 0, end with the last step, and ascend', () => {
    for (const steps of [1, 2, 7, 800, 100_000]) {
      for (const records of ['log', 'linear', { spacing: 'log', count: 1 }, { steps: [1, 1, 0] }]) {
        const recorded = stepsOf(steps, records);
        expect(recorded[0]).toBe(0);
        expect(recorded.at(-1)).toBe(steps);
        expect(recorded.every((step, k) => k === 0 || step > recorded[k - 1])).toBe(true);
      }
    }
  });
  test.for(['linear', 'log'])('a %s count that reaches the steps records every one', (spacing) => {
    const every = Array.from({ length: 41 }, (_, step) => step);
    for (const count of [40, 41, 1000, 1e11, Number.MAX_SAFE_INTEGER]) {
      expect(stepsOf(40, { spacing, count })).toEqual(every);
    }
  });
  test('log spacing is dense early and of constant ratio later', () => {
    const recorded = stepsOf(10_000, 'log');
    expect(recorded.slice(0, 4)).toEqual([0, 1, 2, 3]);
    const ratio = recorded.at(-1)! / recorded.at(-2)!;
    expect(recorded.at(-2)! / recorded.at(-3)!).toBeCloseTo(ratio, 2);
  });
});

test('every preset and every reproduction is a valid spec', () => {
  for (const { name, spec } of presets) expect(parseSpec(spec).name).toBe(name);
  for (const size of reproductionSizes) {
    const { runs, sweep } = reproduction(size, 0);
    expect(new Set([...runs, ...sweep.runs].map(({ id }) => id)).size).toBe(runs.length + sweep.runs.length);
  }
});
