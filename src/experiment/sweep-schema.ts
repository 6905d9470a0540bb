import { type JsonSchema, draft, specSchema } from './spec-schema.ts';
import { holdsList, numericFields, numericLists, pathTo } from './sweep-fields.ts';
import { mostPoints } from './sweep-range.ts';

const formula = { $ref: '#/definitions/formula' };
const range = { $ref: '#/definitions/range' };
const listOf = (items: JsonSchema): JsonSchema => ({
  type: 'array',
  items,
  minItems: 1,
  maxItems: mostPoints,
  uniqueItems: true,
});

/** A number, in whose place a formula, a range or a list of both may stand. */
const swept = (number: JsonSchema): JsonSchema[] => [
  number,
  formula,
  range,
  listOf({ anyOf: [number, formula] }),
];

const numberOrFormula: JsonSchema = { anyOf: [{ type: 'number' }, { type: 'string' }] };

/**
 * What a sweep may say: a spec in which values may be lists, numbers also ranges or formulas, and which may have free
 * variables. Where a spec chooses one of several kinds, here the fields of all of them may stand: kinds may be swept.
 */
export function sweepSchema(): JsonSchema {
  const made = inSweep(specSchema(), '');
  return {
    ...made,
    $schema: draft,
    title: 'A sweep of First Light',
    properties: {
      ...made.properties,
      variables: {
        description: 'free variables, which formulas may name',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
        additionalProperties: { anyOf: swept({ type: 'number' }) },
      },
    },
    definitions: {
      formula: { type: 'string', description: 'a formula over other fields and the variables: ceil(d^1.25)' },
      range: {
        description: 'a range, by a factor or by a summand',
        type: 'object',
        properties: {
          from: numberOrFormula,
          to: numberOrFormula,
          times: numberOrFormula,
          plus: numberOrFormula,
        },
        required: ['from', 'to'],
        oneOf: [{ required: ['times'] }, { required: ['plus'] }],
        additionalProperties: false,
      },
    },
  };
}

/** The schema of a field as it is in a sweep. */
function inSweep(given: JsonSchema, path: string): JsonSchema {
  const { oneOf, anyOf = oneOf, ...rest } = given;
  if (anyOf) {
    const variants = anyOf.map(schemaOf);
    const objects = variants.filter(({ properties }) => properties !== undefined);
    const others = variants.filter(({ properties }) => properties === undefined);
    const all = [...others, ...(objects.length > 0 ? [merged(objects)] : [])].map((one) =>
      inSweep(one, path),
    );
    return all.length === 1 ? { ...rest, ...all[0] } : { ...rest, anyOf: all };
  }
  if (given.properties) {
    const fields = Object.entries(given.properties);
    return {
      ...given,
      properties: Object.fromEntries(
        fields.map(([key, field]) => [key, inSweep(schemaOf(field), pathTo(path, key))]),
      ),
    };
  }
  if (given.type === 'array') {
    if (!numericLists.has(path)) return given;
    return { ...given, items: { anyOf: [schemaOf(given.items), formula] } };
  }
  const { default: usual, description, ...value } = given;
  const words = { ...(usual !== undefined && { default: usual }), ...(description && { description }) };
  // Where lists are values, a formula may stand for a number, but nothing that makes points.
  if (holdsList(path, {})) return numericFields.has(path) ? { ...words, anyOf: [value, formula] } : given;
  if (path === '$schema') return given;
  return { ...words, anyOf: numericFields.has(path) ? swept(value) : [value, listOf(value)] };
}

/** The fields of several kinds in one object, of which those are required that all of them require. */
function merged(objects: readonly JsonSchema[]): JsonSchema {
  const keys = [...new Set(objects.flatMap(({ properties }) => Object.keys(properties!)))];
  return {
    type: 'object',
    properties: Object.fromEntries(
      keys.map((key) => {
        const found = objects.flatMap(({ properties }) =>
          properties![key] ? [schemaOf(properties![key])] : [],
        );
        return [key, oneOf(found)];
      }),
    ),
    required: keys.filter((key) => objects.every(({ required }) => required?.includes(key))),
    additionalProperties: false,
  };
}

/** What one of these allows. */
function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const different = [...new Map(schemas.map((one) => [JSON.stringify(one), one])).values()];
  if (different.length === 1) return different[0];
  const names = different.map((one) => one.const);
  if (names.every((name) => typeof name === 'string')) return { type: 'string', enum: names };
  return { anyOf: different };
}

/** Schemas that are true or false stand nowhere in a spec's. */
const schemaOf = (given: JsonSchema['items']): JsonSchema => given as JsonSchema;
