import { expect, test } from 'vitest';
import { CommandError } from '../../src/node/command-error.ts';
import { applySettings, parseSetting } from '../../src/node/set-option.ts';

test.each([
  ['data.n=500', ['data', 'n'], 500],
  ['name=7', ['name'], 7],
  ['name="7"', ['name'], '7'],
  ['network.activation=relu', ['network', 'activation'], 'relu'],
  ['training.records={"steps":[0,5]}', ['training', 'records'], { steps: [0, 5] }],
  ['training.eta=1e-2', ['training', 'eta'], 0.01],
  ['name=a=b', ['name'], 'a=b'],
  ['name=', ['name'], ''],
  ['training.eta=.5', ['training', 'eta'], 0.5],
  ['training.eta=-.5E-3', ['training', 'eta'], -0.0005],
  ['training.eta=5.', ['training', 'eta'], 5],
  ['training.eta=+2', ['training', 'eta'], 2],
  ['name=007', ['name'], '007'],
  ['name=.', ['name'], '.'],
])('reads %s', (text, path, value) => {
  expect(parseSetting(text)).toEqual({ path, value });
});

test.each(['data.n', '=5', 'data..n=5', ' =1'])('refuses %j', (text) => {
  expect(() => parseSetting(text)).toThrow(CommandError);
  expect(() => parseSetting(text)).toThrow('FIELD=VALUE');
});

test.each([
  [`${'a.'.repeat(20_000)}b=1`, /^--set a\.a\..*… names a field 20,001 levels deep/],
  ['x'.repeat(1e5), /^--set x{100}… is not of the form/],
  [
    'training={"eta":1,"eta":2}',
    /^--set training is given what is not clear: line 1, column 10: eta is given for/,
  ],
  [`name=${'['.repeat(1e5)}`, /^--set name is given what is nested more than 100 deep/],
])('refuses %.40s in few words', (text, message) => {
  expect(() => parseSetting(text)).toThrow(CommandError);
  expect(() => parseSetting(text)).toThrow(message);
});

test('of a list only what is there is set, and the next', () => {
  const set = (text: string) => applySettings({ watched: [5, 6] }, [parseSetting(text)]);
  expect(set('watched.1=9')).toEqual({ watched: [5, 9] });
  expect(set('watched.2=7')).toEqual({ watched: [5, 6, 7] });
  for (const key of ['foo', '3', '-1', '01', '1e0', '__proto__', 'length']) {
    expect(() => set(`watched.${key}=1`)).toThrow(
      `--set watched.${key} cannot be set: watched is a list of 2, numbered from 0; "${key}" is none, and the next is 2.`,
    );
  }
});

test('sets nested fields in order, makes what is missing and leaves the given spec alone', () => {
  const spec = { data: { n: 1, d: 2 }, list: [1, 2, 3] };
  const settings = ['data.n=5', 'data.n=6', 'training.records.count=9', 'list.1=8'].map(parseSetting);
  expect(applySettings(spec, settings)).toEqual({
    data: { n: 6, d: 2 },
    list: [1, 8, 3],
    training: { records: { count: 9 } },
  });
  expect(spec).toEqual({ data: { n: 1, d: 2 }, list: [1, 2, 3] });
});

test('a path through a value is refused with that value', () => {
  expect(() => applySettings({ data: { n: 1 } }, [parseSetting('data.n.x=1')])).toThrow('data.n is 1');
});

test('a field named like an object’s own machinery is a field like any other', () => {
  const changed = applySettings({}, [parseSetting('__proto__.polluted=1')]) as object;
  expect(Object.keys(changed)).toEqual(['__proto__']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
