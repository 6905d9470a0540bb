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
])('reads %s', (text, path, value) => {
  expect(parseSetting(text)).toEqual({ path, value });
});

test.each(['data.n', '=5', 'data..n=5', ' =1'])('refuses %j', (text) => {
  expect(() => parseSetting(text)).toThrow(CommandError);
  expect(() => parseSetting(text)).toThrow('FIELD=VALUE');
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
