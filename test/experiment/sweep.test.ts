import { describe, expect, test } from 'vitest';
import { claimsSizes } from '../../src/experiment/claims-group.ts';
import { claimsSuite } from '../../src/experiment/claims-suite.ts';
import { FormulaError, parseFormula } from '../../src/experiment/formula.ts';
import { shippedSweeps } from '../../src/experiment/shipped-sweeps.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { UniqueNames, parseSweep } from '../../src/experiment/sweep.ts';

const good = {
  data: { distribution: 'gaussian', d: 5, n: 20, nTest: 0 },
  network: { width: 8 },
  training: { eta: 1, steps: 10 },
};

/** The good spec with fields of its parts replaced. */
const sweepWith = (
  data: object,
  {
    network = {},
    training = {},
    ...rest
  }: Record<string, unknown> & { network?: object; training?: object } = {},
): Record<string, unknown> => ({
  data: { ...good.data, ...data },
  network: { ...good.network, ...network },
  training: { ...good.training, ...training },
  ...rest,
});

const valuesOf = (input: unknown, name: string) => parseSweep(input).points.map(({ values }) => values[name]);

function problemsOf(input: unknown): readonly string[] {
  try {
    parseSweep(input);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  return [];
}

describe('formulas', () => {
  test.for([
    ['2^3^2', 512],
    ['2*3^2', 18],
    ['7 - 2 - 1', 4],
    ['2^-1', 0.5],
    ['-(2^2)', -4],
    ['ceil(d^1.25)', 56],
    ['2*ceil(d^1.3/2)', 66],
    ['max(d, 30, 2) - min(d, 3)', 27],
    ['log(exp(2)) + sqrt(d)', 7],
    ['floor(2.7) + round(2.5)', 5],
    ['1e-3*d', 0.025],
  ] as const)('%s = %s at d = 25', ([text, value]) => {
    expect(parseFormula(text).evaluate(new Map([['d', 25]]))).toBeCloseTo(value, 12);
  });

  test.for([
    ['ceil(1.1*d)', 28, 25],
    ['ceil(1.1*d)', 110, 100],
    ['1.1*d', 110, 100],
    ['ceil(log(d)/log(5))', 3, 125],
    ['ceil(log(d)/log(10))', 3, 1000],
    ['floor(log(d)/log(10))', 3, 1000],
    ['floor(d*0.29*100)', 2900, 100],
    ['round(1.15*d)', 12, 10],
    ['ceil(0.1 + 0.2 - 0.3)', 0, 1],
    ['0.1*3', 0.3, 1],
    ['1/3', 1 / 3, 1],
    ['ceil(d + 0.001)', 1001, 1000],
    ['ceil(10^13 + 0.5)', 1e13 + 1, 1],
    ['2^53 - 1', 2 ** 53 - 1, 1],
    ['floor(2^53 - 1)', 2 ** 53 - 1, 1],
  ] as const)('%s is what is meant, %s, at d = %s', ([text, value, d]) => {
    expect(parseFormula(text).evaluate(new Map([['d', d]]))).toBe(value);
  });

  test.for([
    ['', 'one expression'],
    ['d^', 'Expected expression after ^'],
    ['ceil(d', 'Expected'],
    ['2d', 'cannot start with a number'],
    ['d d', 'one expression'],
    ['d = 3', 'Unexpected "="'],
    ['d ? 1 : 2', 'one expression'],
    ['d.x', 'one expression'],
    ['"5"', '"5" is no number'],
    ['d % 2', '% has no meaning'],
    ['!d', '! has no meaning'],
    ['sin(d)', 'calls sin; the functions are ceil, floor'],
    ['constructor(d)', 'calls constructor; the functions'],
    ['ceil', 'ceil lacks its brackets'],
    ['ceil(1, 2)', 'ceil has 2 arguments; it takes one'],
    ['min()', 'min has 0 arguments'],
    ['-d^2', 'write 0 - a^b or (0 - a)^b'],
    ['('.repeat(10_000) + '1' + ')'.repeat(10_000), 'too long for a formula (20,001 characters'],
    ['['.repeat(900), 'more than 64 brackets within brackets'],
    ['1' + '+1'.repeat(10_000), 'too long for a formula'],
    [`min(${'1,'.repeat(1_000_000)}1)`, 'too long for a formula'],
  ] as const)('%j is refused', ([text, message]) => {
    expect(() => parseFormula(text)).toThrow(FormulaError);
    expect(() => parseFormula(text)).toThrow(message);
  });
});

test('powers that round to one width at a small d stay points of their own', () => {
  const { points } = parseSweep({
    data: { distribution: 'gaussian', d: [2, 16], n: 20 },
    network: { width: '2*round(d^p/2)' },
    training: { eta: 0.1, steps: 1 },
    variables: { p: [1, 1.1] },
  });
  expect(points.map(({ values }) => [values['d'], values['p'], values['width']])).toEqual([
    [2, 1, 2],
    [2, 1.1, 2],
    [16, 1, 16],
    [16, 1.1, 22],
  ]);
  const { points: meeting } = parseSweep({
    data: { distribution: 'gaussian', d: [5, 10], n: [100, '20*d'] },
    network: { width: 4 },
    training: { eta: 0.1, steps: 1 },
  });
  expect(meeting.map(({ values, entries }) => [values['n'], entries['n']])).toEqual([
    [100, 100],
    [100, '20*d'],
    [100, 100],
    [200, '20*d'],
  ]);
});

test('the longest formulas that are read are computed', () => {
  const value = (text: string) => parseFormula(text).evaluate(new Map());
  expect(value(`1${'+1'.repeat(499)}`)).toBe(500);
  expect(value(`${'-'.repeat(998)}1`)).toBe(1);
  expect(value(`${'('.repeat(64)}1${')'.repeat(64)}`)).toBe(1);
  expect(value(`1${'^1'.repeat(499)}`)).toBe(1);
});

describe('large sweeps', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, k) => k + 1);
  const chain = (last: unknown, length = 10_000): Record<string, unknown> =>
    Object.fromEntries(numbers(length).map((k) => [`v${k}`, k === length ? last : `v${k + 1} + 1`]));

  test('a chain of 10,000 variables is followed', () => {
    const input = sweepWith({}, { training: { eta: 'v1' }, variables: chain(1) });
    expect(valuesOf(input, 'eta')).toEqual([10_000]);
  });

  test('folder names that would be the same are numbered', () => {
    const names = new UniqueNames();
    const given = numbers(900).map((k) => names.of(k % 2 ? 'eta-d-5' : 'ETA-d-5'));
    expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(given.length);
    expect(given.slice(0, 3)).toEqual(['eta-d-5', 'ETA-d-5-2', 'eta-d-5-3']);
  });

  test('many lists of one value are one point', () => {
    const variables = Object.fromEntries(numbers(3000).map((k) => [`v${k}`, [k]]));
    expect(parseSweep(sweepWith({}, { variables })).points).toHaveLength(1);
  });

  test.for([
    [
      'a long list',
      sweepWith({ d: numbers(100_000) }),
      /^data\.d is a list of 100,000 values; a sweep has at most 10,000/,
    ],
    [
      'many words',
      sweepWith({}, { network: { activation: numbers(200_000).map((k) => `w${k}`) } }),
      /^network\.activation is a list of 200,000 values/,
    ],
    [
      'a long circle',
      sweepWith({}, { variables: chain('v1', 3000) }),
      /… \(3000 in all\): these formulas go in a circle/,
    ],
    [
      'an unknown name',
      sweepWith({}, { variables: chain('x', 3000) }),
      /a formula may use d, n, .* and 2,\d+ more\.$/,
    ],
    [
      'many lists',
      sweepWith({}, { variables: Object.fromEntries(numbers(3000).map((k) => [`v${k}`, [1, 2]])) }),
      /This sweep has Infinity points \(variables\.v1: 2,.* and 2,992 more\)/,
    ],
    [
      'long lists in many points',
      sweepWith({ spectrum: { kind: 'values', values: numbers(20_000) } }, { seed: numbers(1000) }),
      /whose specs hold 20,\d+,000 values in all; at most 10,000,000/,
    ],
    [
      'a long formula',
      sweepWith({}, { training: { eta: '1+'.repeat(10_000) } }),
      /^training\.eta is "1\+.*…", which is too long/,
    ],
  ] as const)('%s is refused in few words', ([, input, message]) => {
    const problems = problemsOf(input).join('\n');
    expect(problems).toMatch(message);
    expect(problems.length).toBeLessThan(2000);
  });
});

describe('expansion', () => {
  test('a spec without lists is a sweep of one point', () => {
    const { axes, variable, points } = parseSweep(good);
    expect({ axes, variable }).toEqual({ axes: [], variable: null });
    expect(points).toEqual([
      { id: 'run', label: 'experiment', values: {}, entries: {}, spec: parseSpec(good) },
    ]);
  });

  test('every combination, in the order of the file, the seed fastest', () => {
    const { axes, variable, points } = parseSweep({
      seed: [0, 1],
      ...sweepWith({ d: [5, 10] }, { network: { activation: ['erf', 'relu'] } }),
    });
    expect(axes).toEqual(['d', 'activation', 'seed']);
    expect(variable).toEqual({ name: 'd', axis: 'd' });
    expect(points.map(({ id }) => id)).toEqual([
      'd-5_activation-erf_seed-0',
      'd-5_activation-erf_seed-1',
      'd-5_activation-relu_seed-0',
      'd-5_activation-relu_seed-1',
      'd-10_activation-erf_seed-0',
      'd-10_activation-erf_seed-1',
      'd-10_activation-relu_seed-0',
      'd-10_activation-relu_seed-1',
    ]);
    expect(points[3].label).toBe('d = 5, activation = relu, seed 1');
    expect(points[3].values).toEqual({ d: 5, activation: 'relu', seed: 1 });
    expect(points[3].spec).toEqual(
      parseSpec({ seed: 1, ...sweepWith({ d: 5 }, { network: { activation: 'relu' } }) }),
    );
  });

  test.for([
    [{ from: 10, to: 80, times: 2 }, [10, 20, 40, 80]],
    [{ from: 80, to: 10, times: 0.5 }, [80, 40, 20, 10]],
    [{ from: 25, to: 200, times: 'sqrt(2)' }, [25, 35, 50, 71, 100, 141, 200]],
    [{ from: 1, to: 8, plus: 3 }, [1, 4, 7]],
    [{ from: 7, to: 1, plus: -3 }, [7, 4, 1]],
    [{ from: 1, to: 2, times: 1.2 }, [1, 2]],
    [{ from: 5, to: 5, plus: 0 }, [5]],
  ] as const)('the range %j', ([range, values]) => {
    expect(valuesOf(sweepWith({ d: range }), 'd')).toEqual(values);
  });

  test('a geometric range of widths keeps to even numbers', () => {
    const input = sweepWith({}, { network: { width: { from: 16, to: 64, times: 'sqrt(2)' } } });
    expect(valuesOf(input, 'width')).toEqual([16, 22, 32, 46, 64]);
  });

  test('an arithmetic range gathers no rounding', () => {
    const input = sweepWith({}, { training: { eta: { from: 0.1, to: 0.5, plus: 0.1 } } });
    expect(valuesOf(input, 'eta')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  test('formulas follow what is swept, whatever their order', () => {
    const { points } = parseSweep(
      sweepWith(
        { n: 'ceil(d^1.25)', d: [16, 25] },
        { network: { width: '2*ceil(n/2)' }, training: { eta: 'd/10', steps: 'ceil(10*log(m)/eta)' } },
      ),
    );
    expect(points[1].values).toEqual({ d: 25, n: 56, width: 56, eta: 2.5, steps: 17 });
    expect(points[1].spec).toMatchObject({
      data: { d: 25, n: 56 },
      network: { width: 56 },
      training: { eta: 2.5, steps: 17 },
    });
  });

  test('slopes are in the field that follows from a free variable', () => {
    const sweep = parseSweep(
      sweepWith(
        { d: 16 },
        { variables: { p: { from: 0.5, to: 1, plus: 0.25 } }, network: { width: '2*ceil(d^p/2)' } },
      ),
    );
    expect(sweep.variable).toEqual({ name: 'width', axis: 'p' });
    expect(sweep.points.map(({ id, values }) => [id, values])).toEqual([
      ['p-0.5', { p: 0.5, width: 4 }],
      ['p-0.75', { p: 0.75, width: 8 }],
      ['p-1', { p: 1, width: 16 }],
    ]);
  });

  test('a list may hold formulas, and a variable may be a constant', () => {
    const { points } = parseSweep(
      sweepWith({ d: 20 }, { variables: { c: 2 }, training: { eta: ['d/10', 'c*d/10'] } }),
    );
    expect(points.map(({ values }) => values)).toEqual([{ eta: 2 }, { eta: 4 }]);
    expect(new Set(points.map(({ id }) => id)).size).toBe(2);
  });

  test('folder names are plain and unique, whatever is swept', () => {
    const { points } = parseSweep(sweepWith({}, { target: { kind: ['sign-linear', 'hermite'] } }));
    expect(points.map(({ id }) => id)).toEqual(['target.kind-sign-linear', 'target.kind-hermite']);
    const rates = parseSweep(sweepWith({}, { training: { eta: ['d/5', 'd-5+2', 1e-7] } })).points;
    expect(rates.map(({ id }) => id)).toEqual(['eta-d-5', 'eta-d-5-2', 'eta-1e-7']);
    const clash = parseSweep(sweepWith({}, { training: { eta: ['d/5', 'd*5'] } })).points;
    expect(clash.map(({ id }) => id)).toEqual(['eta-d-5', 'eta-d-5-2']);
  });

  test('lists that belong to one point stay with it', () => {
    const values = [1, 2, 3, 4, 5];
    const { points } = parseSweep({
      ...sweepWith({ spectrum: { kind: 'values', values } }),
      training: { eta: 1, steps: 10, records: { steps: [1, 5] }, watched: [3, 4] },
      target: { kind: 'hermite', coefficients: [1, 0, 1] },
      claims: [1],
    });
    expect(points).toHaveLength(1);
    expect(points[0].spec).toMatchObject({ claims: [1], training: { watched: [3, 4] } });
  });
});

describe('a bad sweep names the field, what stands there, the point, and what to write', () => {
  test.for([
    [{ d: { from: 1, to: 9, times: 1 } }, /never ends: 1 multiplied by 1 .* Take "times" above 1\./],
    [{ d: { from: 9, to: 1, times: 2 } }, /never ends: .* does not reach 1\. Take "times" below 1\./],
    [{ d: { from: 0, to: 9, times: 2 } }, /never ends: .* "from" is 0\. Take one above 0, or "plus"/],
    [{ d: { from: 1, to: 9, times: -2 } }, /never ends: .* "times" is -2/],
    [{ d: { from: 1, to: 9, plus: 0 } }, /never ends: adding 0 to 1 .* Take "plus" above 0\./],
    [{ d: { from: 9, to: 1, plus: 1 } }, /never ends: .* Take "plus" below 0\./],
    [{ d: { from: 1, to: 9, plus: 1e-9 } }, /more than 10,000 values\. Take larger strides\./],
    [{ d: { from: 1, to: Infinity, plus: 1 } }, /"to" is null; it must be a number|"to" is/],
    [{ d: { from: 1, to: 9 } }, /needs either "times" or "plus"; a range is/],
    [{ d: { from: 1, to: 9, times: 2, plus: 1 } }, /needs either "times" or "plus"/],
    [{ d: { from: 1, times: 2 } }, /lacks "to"/],
    [{ d: { from: 1, to: 9, times: 2, step: 1 } }, /step has no meaning/],
    [{ d: { from: 'n', to: 9, times: 2 } }, /"from" is "n"; it must be a number, or a formula of numbers/],
    [{ d: [] }, /^data\.d is an empty list/],
    [{ d: [5, 5] }, /^data\.d has 5 twice/],
    [
      { d: [4, '8/2', 8] },
      /^The points "d = 4" and "d = 8\/2" are the same experiment; each is run once\. Take one of the values away/,
    ],
    [{ d: [[5]] }, /^data\.d has \[5\] in its list/],
    [{ distribution: { from: 1, to: 2, plus: 1 } }, /^data\.distribution is .*; only numbers have ranges\./],
    [{ d: 'n', n: 'd' }, /^data\.d → data\.n → data\.d: these formulas go in a circle/],
    [{ n: 'ceil(q)' }, /^data\.n is "ceil\(q\)", but there is no q here; a formula may use d, nTest, .*m\.$/],
    [{ n: 'd^' }, /^data\.n is "d\^", which is no formula/],
    [{ n: '1/0' }, /^data\.n is "1\/0", which gives Infinity; it must be a number\.$/],
    [
      { d: [16, 25], n: 'd^1.25' },
      /^At d = 25: data\.n is "d\^1\.25", which gives 55\.9\d*; it must be an integer\. Wrap it in ceil/,
    ],
    [
      { d: [10, 20], n: 'd - 15' },
      /^At d = 10: data\.n is "d - 15", which gives -5; it must be at least 1\./,
    ],
    [{ d: [0, 10] }, /^At d = 0: data\.d is 0; it must be at least 1\.$/],
    [{ d: [5, 10], depth: 3 }, /^data\.depth is not a field of data/],
  ] as const)('data %j', ([data, message]) => {
    expect(problemsOf(sweepWith(data)).join('\n')).toMatch(message);
  });

  test.for([
    [{ network: { width: 'd + 2' } }, /which gives 7; it must be even\. Take twice a whole number/],
    [{ training: { eta: 'd - 5' } }, /^training\.eta is "d - 5", which gives 0; it must be greater than 0\./],
    [{ variables: { d: 3 } }, /^variables\.d has the name of a field/],
    [{ variables: { log: 3 } }, /^variables\.log has the name of a function/],
    [{ variables: { 'two words': 3 } }, /cannot be named in a formula/],
    [{ variables: [3] }, /^variables is \[3\]; it must be an object/],
    [{ variables: { p: true } }, /^variables\.p is true; its value must be a finite number/],
    [{ seed: { from: 0, to: 9999, plus: 1 }, network: { width: [2, 4] } }, /has 20,000 points \(/],
    [
      { network: { width: ['2*ceil(d/2)', 6] }, seed: [0, 1] },
      /^The points "width = 2\*ceil\(d\/2\), seed 0" and "width = 6, seed 0" .* \(so are 1 more with others\)/,
    ],
    [{ claims: [99] }, /^claims is \[99\]/],
  ] as const)('%j', ([more, message]) => {
    expect(problemsOf(sweepWith({}, more)).join('\n')).toMatch(message);
  });

  test('of many wrong points the first few are named', () => {
    const problems = problemsOf(sweepWith({ d: { from: 2, to: 60, plus: 1 }, n: 'sqrt(d)/3' }));
    expect(problems).toHaveLength(9);
    expect(problems[8]).toMatch(/^\d+ more of this kind\.$/);
  });

  test.for([null, [], 'spec', 3])('the whole sweep is %s', (input) => {
    expect(problemsOf(input)[0]).toMatch(/^the spec is .*; it must be an object\.$/);
  });
});

test('formulas stand in lists of sizes, too', () => {
  const { points } = parseSweep({
    data: { distribution: 'gaussian', d: [16, 24], n: 40, nTest: 0 },
    network: { kind: 'convolutional', shape: ['d/2', 2], channels: ['2*ceil(d/4)', 6], filter: 3 },
    training: { eta: 1, steps: 2 },
  });
  expect(points.map(({ spec }) => spec.network)).toMatchObject([
    { shape: [8, 2], channels: [8, 6] },
    { shape: [12, 2], channels: [12, 6] },
  ]);
  const refused = (shape: unknown[]) => () =>
    parseSweep({
      data: { distribution: 'gaussian', d: [16, 24], n: 40, nTest: 0 },
      network: { kind: 'convolutional', shape, channels: [4], filter: 3 },
      training: { eta: 1, steps: 2 },
    });
  expect(refused(['d/5', 2])).toThrow(/network\.shape/);
  expect(refused(['k', 2])).toThrow(/there is no "?k/);
});

test('every shipped sweep is valid, has a slope to fit and ends in minutes of a software adapter', () => {
  for (const { name, sweep } of shippedSweeps) {
    const { name: own, variable, points } = parseSweep(sweep);
    expect(own).toBe(name);
    expect(variable).not.toBeNull();
    expect(points.length).toBeLessThanOrEqual(30);
  }
});

test.for(claimsSizes)('every group of the claims is valid, each measured somewhere: %s', (size) => {
  const { groups } = claimsSuite(size);
  expect(new Set(groups.map(({ slug }) => slug)).size).toBe(groups.length);
  const measured = groups.flatMap(({ sweep }) => {
    const { claims } = parseSweep(sweep).points[0].spec;
    return claims as number[];
  });
  expect([...new Set(measured)].sort((a, b) => a - b)).toEqual(Array.from({ length: 17 }, (_, k) => k + 1));
});
